import type { Json, JsonObject } from '../../src/schema/json.ts'
import { toPulumi, toTerraform } from '../../test/support/to-provider.ts'
import { APIS, DRIFTED, DRIFTED_API } from './scene.ts'

const PROVIDER = 'provider["registry.terraform.io/auth0/auth0"]'
const SERVER = 'auth0:index/resourceServer:ResourceServer'
const SCOPES = 'auth0:index/resourceServerScopes:ResourceServerScopes'
const ENCRYPTED: JsonObject = {
  '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270',
  ciphertext: 'v1:x',
}

/** The same APIs in the files of every other tool, as that tool writes them. */
export function formsOfApis() {
  return {
    tfstate: [state(), stateOfBoth()],
    tfplan: [plan()],
    pulumiStack: [stack(pulumiResources(ENCRYPTED)), stack(ownChecks())],
    pulumiPreview: [preview(pulumiResources('[secret]')), preview(ownChecks())],
    deployList: [
      { resourceServers: APIS.map(withoutNull), tenant: { friendly_name: 'x' } },
      { resourceServers: [{ ...DRIFTED_API, name: '##ENV## orders', scopes: [{ value: '##ENV##' }] }] },
    ],
    deployEntry: [withoutNull(DRIFTED_API), { ...DRIFTED_API, name: '##ENV## orders' }],
  } satisfies Readonly<Record<string, readonly Json[]>>
}

function withoutNull(api: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(api).filter(([, value]) => value !== null))
}

function state(): Json {
  return {
    version: 4,
    terraform_version: '1.11.4',
    resources: APIS.flatMap((api, index) => {
      const { server, scopes } = toTerraform(api)
      const resource = (type: string, attributes: JsonObject): JsonObject => ({
        mode: 'managed',
        type,
        name: `n${index}`,
        provider: PROVIDER,
        instances: [{ schema_version: 0, attributes, sensitive_attributes: [] }],
      })
      return [
        resource('auth0_resource_server', { ...server, id: `66a1${index.toString(16).padStart(20, '0')}` }),
        ...(scopes === null ? [] : [resource('auth0_resource_server_scopes', scopes)]),
      ]
    }),
  }
}

/** What `terraform show -json` prints. */
function stateOfBoth(): Json {
  const resources = APIS.map((api, index) => ({
    address: `auth0_resource_server.n${index}`,
    mode: 'managed',
    type: 'auth0_resource_server',
    name: `n${index}`,
    provider_name: 'registry.terraform.io/auth0/auth0',
    values: toTerraform(api).server,
  }))
  return {
    format_version: '1.0',
    values: { root_module: { resources, child_modules: [{ address: 'module.m', resources: [] }] } },
  }
}

function plan(): Json {
  const named = APIS.map((api, index) => ({
    names: { type: 'auth0_resource_server', name: `n${index}`, mode: 'managed' },
    address: `auth0_resource_server.n${index}`,
    server: toTerraform(api).server,
  }))
  return {
    format_version: '1.2',
    complete: true,
    variables: { domain: { value: 'acme.eu.auth0.com' } },
    resource_changes: named.map(({ names, address, server }) => ({
      ...names,
      address,
      change: {
        actions: ['create'],
        before: null,
        after: server,
        after_unknown: { id: true },
      },
    })),
    configuration: {
      provider_config: {
        auth0: {
          name: 'auth0',
          full_name: 'registry.terraform.io/auth0/auth0',
          expressions: { domain: { references: ['var.domain'] } },
        },
      },
      root_module: {
        resources: named.map(({ names, address, server }) => ({
          ...names,
          address,
          provider_config_key: 'auth0',
          expressions: Object.fromEntries(
            Object.keys(server).map((key) => [key, { constant_value: server[key] ?? null }]),
          ),
        })),
      },
    },
  }
}

const urn = (type: string, name: string): string => `urn:pulumi:dev::shop::${type}::${name}`

function pulumiResources(secret: Json): readonly JsonObject[] {
  return APIS.flatMap((api, index) => {
    const { server, scopes } = toPulumi(api)
    const resource = (type: string, inputs: JsonObject): JsonObject => ({
      urn: urn(type, `n${index}`),
      custom: true,
      type,
      inputs,
      outputs: inputs,
    })
    const hidden = Object.hasOwn(server, 'signingSecret') ? { ...server, signingSecret: secret } : server
    return [resource(SERVER, hidden), ...(scopes === null ? [] : [resource(SCOPES, scopes)])]
  })
}

function ownChecks(): readonly JsonObject[] {
  const check = (kind: string, name: string, inputs: JsonObject): JsonObject => {
    const type = `pulumi-nodejs:dynamic/tenantDrift:${kind}`
    return { urn: urn(type, name), custom: true, type, id: name, inputs, outputs: inputs }
  }
  const { identifier: _identifier, ...orders } = DRIFTED_API
  return [
    check('ResourceServerCheck', 'orders', { identifier: DRIFTED, ...orders, observed: { status: 'read' }, drift: {} }),
    check('TenantCheck', 'acme', {
      tenant: 'acme.eu.auth0.com',
      resource_servers: APIS.slice(1).map(({ signing_secret: _secret, ...api }) => api),
      managedElsewhere: ['urn:legacy:*'],
      observed: { status: 'read' },
      drift: {},
    }),
  ]
}

function stack(resources: readonly JsonObject[]): Json {
  return {
    version: 3,
    deployment: { manifest: { version: 'v3.270.0' }, secrets_providers: { type: 'passphrase' }, resources },
  }
}

function preview(resources: readonly JsonObject[]): Json {
  return {
    config: { 'auth0:domain': 'acme.eu.auth0.com' },
    steps: resources.map((resource) => ({ op: 'create', urn: resource.urn ?? '', newState: resource })),
    changeSummary: { create: resources.length },
  }
}
