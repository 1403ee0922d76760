import { own, type Json } from './json.ts'

/** What a resource of the provider is about: one API, all scopes of an API, or one scope of an API. */
export type ProviderKind = 'server' | 'scopes' | 'scope'

export const TERRAFORM_TYPES = {
  server: 'auth0_resource_server',
  scopes: 'auth0_resource_server_scopes',
  scope: 'auth0_resource_server_scope',
} as const satisfies Record<ProviderKind, string>

const KINDS: Readonly<Record<string, ProviderKind>> = {
  [TERRAFORM_TYPES.server]: 'server',
  [TERRAFORM_TYPES.scopes]: 'scopes',
  [TERRAFORM_TYPES.scope]: 'scope',
  'auth0:index/resourceServer:ResourceServer': 'server',
  'auth0:index/resourceServerScopes:ResourceServerScopes': 'scopes',
  'auth0:index/resourceServerScope:ResourceServerScope': 'scope',
  // As YAML programs write them, and old states keep them.
  'auth0:ResourceServer': 'server',
  'auth0:ResourceServerScopes': 'scopes',
  'auth0:ResourceServerScope': 'scope',
  'auth0:index:ResourceServer': 'server',
  'auth0:index:ResourceServerScopes': 'scopes',
  'auth0:index:ResourceServerScope': 'scope',
}

/** What a resource type (Terraform's) or type token (Pulumi's) is about; null where it is none of ours. */
export function providerKind(type: Json | undefined): ProviderKind | null {
  return typeof type === 'string' ? (own(KINDS, type) ?? null) : null
}

/** The wire's spelling of an attribute, in either style. */
export function wireSpelling(attribute: string): string {
  return attribute.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
