import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ResourceValidationArgs, StackValidationArgs } from '@pulumi/policy'
import proxies from '@pulumi/policy/proxy.js'
import { onTestFinished } from 'vitest'
import { livePolicies } from '../../../policies/live/live-policies.ts'
import { openRun } from '../../../policies/live/run.ts'
import type { Json, JsonObject } from '../../../src/schema/json.ts'
import type { Simulator } from '../../../src/simulator/front.ts'

// Not in the SDK's declarations: what throws where something unknown is touched.
const { unknownCheckingProxy, unknownStringValue } = proxies as unknown as {
  unknownCheckingProxy: <T>(inputs: T) => T
  unknownStringValue: string
}

export const UNKNOWN = unknownStringValue

/** A resource of a program, as the engine shows it to a pack. */
export interface Resource {
  readonly type: 'ResourceServer' | 'ResourceServerScopes' | 'ResourceServerScope'
  readonly name: string
  readonly inputs: JsonObject
  readonly ignoreChanges?: readonly string[]
  /** The id that the state has of it. */
  readonly id?: string
  /** Settings of its provider; absent: those of the default one. */
  readonly provider?: { readonly name: string; readonly settings: JsonObject }
}

export interface LiveRun {
  readonly env?: Readonly<Record<string, string>>
  readonly config?: Readonly<Record<string, JsonObject>>
  /** Files of the project, beside its Pulumi.yaml. */
  readonly files?: Readonly<Record<string, string>>
  /** Types of other resources of the program. */
  readonly beside?: readonly string[]
  /** Settings of the default provider. */
  readonly settings?: JsonObject
  /** Between the last resource and the end: what an update applies. */
  readonly applied?: () => void
}

export interface Violations {
  /** `level policy resource`, sorted. */
  readonly lines: readonly string[]
  readonly text: string
}

export const api = (name: string, inputs: JsonObject, provider?: Resource['provider']): Resource => ({
  type: 'ResourceServer',
  name,
  inputs,
  ...(provider === undefined ? {} : { provider }),
})

const STACK = 'urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev'
const urnOf = (type: string, name: string) => `urn:pulumi:dev::shop::${tokenOf(type)}::${name}`

function tokenOf(type: string): string {
  return `auth0:index/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`
}

/** What `pulumi stack export` prints of resources. */
export function exported(resources: readonly Resource[]): string {
  const all = resources.map(({ type, name, inputs, provider, id, ignoreChanges = [] }) => ({
    ...(ignoreChanges.length === 0 ? {} : { ignoreChanges }),
    ...(id === undefined ? {} : { id }),
    urn: urnOf(type, name),
    type: tokenOf(type),
    custom: true,
    inputs: inputs as Json,
    provider: `urn:pulumi:dev::shop::pulumi:providers:auth0::${provider?.name ?? 'default_3_49_0'}::some-id`,
  }))
  return JSON.stringify({ version: 3, deployment: { resources: all } })
}

/** Runs the pack over a program as the SDK does: resource by resource, then the stack; disabled policies left out. */
export async function runLive(
  tenant: Simulator,
  resources: readonly Resource[],
  run: LiveRun = {},
): Promise<Violations> {
  const folder = mkdtempSync(join(tmpdir(), 'tenant-drift-live-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'Pulumi.yaml'), 'name: shop\nruntime: nodejs\n')
  for (const [file, text] of Object.entries(run.files ?? {})) writeFileSync(join(folder, file), text)
  const env = run.env ?? { AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: tenant.token }
  const policies = livePolicies(() =>
    Promise.resolve(openRun({ env: { ...env, PATH: '' }, folders: [folder], now: () => Date.now() })),
  )
  const enabled = policies.filter(({ name }) => run.config?.[name]?.enforcementLevel !== 'disabled')
  const configOf = (name: string) => {
    const { enforcementLevel: _level, ...config } = run.config?.[name] ?? {}
    return () => config
  }
  const lines: string[] = []
  const texts: string[] = []

  const shown = [
    { type: 'pulumi:pulumi:Stack', name: 'shop-dev', urn: STACK, props: {}, provider: undefined },
    ...(run.beside ?? []).map((type) => ({
      type,
      name: 'other',
      urn: urnOf(type, 'other'),
      props: {},
      provider: undefined,
    })),
    ...resources.map(({ type, name, inputs, provider, ignoreChanges = [] }) => ({
      opts: { ignoreChanges },
      type: tokenOf(type),
      name,
      urn: urnOf(type, name),
      props: unknownCheckingProxy(inputs),
      provider: {
        urn: `urn:pulumi:dev::shop::pulumi:providers:auth0::${provider?.name ?? 'default_3_49_0'}`,
        name: provider?.name ?? 'default_3_49_0',
        type: 'pulumi:providers:auth0',
        props: unknownCheckingProxy(provider?.settings ?? run.settings ?? {}),
      },
    })),
  ]
  for (const resource of shown) {
    for (const policy of enabled) {
      if (typeof policy.validateResource !== 'function') continue
      const args = { ...resource, getConfig: configOf(policy.name) } as unknown as ResourceValidationArgs
      await policy.validateResource(args, () => undefined)
    }
  }
  run.applied?.()
  for (const policy of enabled) {
    const level = run.config?.[policy.name]?.enforcementLevel ?? policy.enforcementLevel ?? 'mandatory'
    const args = { resources: [], getConfig: configOf(policy.name) } as unknown as StackValidationArgs
    await policy.validateStack?.(args, (found: unknown) => {
      const { message, enforcementLevel, urn } = found as { message: string; enforcementLevel?: string; urn?: string }
      lines.push(
        `${enforcementLevel ?? JSON.stringify(level).replaceAll('"', '')} ${policy.name} ${(urn ?? STACK).split('::').at(-1)}`,
      )
      texts.push(message)
    })
  }
  return { lines: lines.sort(), text: texts.join('\n') }
}
