import type { GateCase, RunnerName } from '../case.ts'
import { putFiles, type Files } from '../files.ts'
import { madeUp } from '../planted.ts'
import { HOOKS, ORDERS, ordersFile, type Scene } from '../scene.ts'
import { ALL, controls, LOCAL, program, RULES } from './parts.ts'

const group = 'secrets'
const SECRET = '${orders_secret}'
const UNUSED = '${other_secret}'

const declares = (more: Readonly<Record<string, unknown>>): Files => ({
  'declared/orders.yaml': ordersFile({ token_lifetime: 7200, ...more }),
})
const document = (keys: Readonly<Record<string, unknown>>): Files => ({
  'declared/orders.yaml': JSON.stringify({ ...(JSON.parse(ordersFile({ token_lifetime: 7200 })) as object), ...keys }),
})

/** Places outside of secret fields where a change writes a variable. */
const PLACES: readonly (readonly [
  id: string,
  title: string,
  files: (variable: string) => Files,
  on?: readonly RunnerName[],
])[] = [
  ['name', 'name', (variable) => declares({ name: `Orders ${variable}` }), ALL],
  ['tenant', 'tenant', (variable) => document({ tenant: `${variable}.eu.auth0.com` }), ALL],
  ['extends', 'extends', (variable) => document({ extends: [`${variable}.yaml`] }), ALL],
  ['unknown', 'the value of an unknown key', (variable) => declares({ made_up: variable })],
  ['top', 'an unknown key at the top', (variable) => document({ note: variable })],
  ['key', 'a key', (variable) => declares({ [variable]: 1 })],
  ['scope', 'a scope’s value', (variable) => declares({ scopes: [{ value: variable }] })],
  [
    'described',
    'a scope’s description',
    (variable) => declares({ scopes: [{ value: 'read:a', description: variable }] }),
  ],
  [
    'identifier',
    'the identifier of another API',
    (variable) =>
      document({ resource_servers: [{ identifier: ORDERS, token_lifetime: 7200 }, { identifier: `urn:${variable}` }] }),
  ],
  ['elsewhere', 'managed_elsewhere', (variable) => document({ managed_elsewhere: [`urn:x:${variable}`] })],
  ['type', 'a field of another type', (variable) => declares({ token_lifetime: variable })],
  ['choice', 'a field with a few values', (variable) => declares({ signing_alg: variable })],
  [
    'pem',
    'an encryption key',
    (variable) =>
      declares({
        token_encryption: {
          format: 'compact-nested-jwe',
          encryption_key: { name: 'x', alg: 'RSA-OAEP-256', pem: variable },
        },
      }),
  ],
  [
    'kid',
    'the id of an encryption key',
    (variable) =>
      declares({
        token_encryption: {
          format: 'compact-nested-jwe',
          encryption_key: { name: 'x', alg: 'RSA-OAEP-256', kid: variable, pem: 'x' },
        },
      }),
  ],
  ['unset', '$unset', (variable) => declares({ $unset: [variable] })],
  ['quoted', 'a text that an error quotes', (variable) => declares({ consent_policy: `a ${variable} b` })],
  [
    'anchor',
    'an anchor on the secret field',
    (variable) => ({
      'declared/orders.yaml': `resource_servers:\n  - { identifier: 'urn:new', signing_alg: HS256, signing_secret: &s "${variable}" }\n  - { identifier: ${ORDERS}, token_lifetime: 7200, signing_alg: RS256, name: *s }\n`,
    }),
  ],
  [
    'merge',
    'a merge key of an anchor',
    (variable) => ({
      'declared/orders.yaml': `resource_servers:\n  - &a { identifier: ${ORDERS}, name: "${variable}", signing_alg: RS256 }\n  - { <<: *a, identifier: 'urn:new' }\n`,
    }),
  ],
  [
    'escaped',
    'name, escaped in JSON',
    (variable) => ({
      'declared/orders.yaml': null,
      'declared/orders.json': ordersFile({ token_lifetime: 7200, name: 'NAME' }).replace(
        'NAME',
        variable.replace('$', String.raw`\u0024`).replace('{', String.raw`\u007b`),
      ),
    }),
  ],
  [
    'layered',
    'name, through a file that is extended',
    (variable) => ({
      'declared/below.yaml': ordersFile({ name: variable }),
      'declared/orders.yaml': JSON.stringify({
        extends: ['below.yaml'],
        resource_servers: [{ identifier: ORDERS, token_lifetime: 7200 }],
      }),
    }),
  ],
  [
    'broken',
    'a file that does not parse',
    (variable) => ({
      'declared/orders.yaml': `resource_servers: [ { identifier: ${ORDERS}, name: "${variable}"\n  : ]\n`,
    }),
  ],
]

/** What is read is the same for both: the action is asked where a report or a comment could say it. */
const BOTH = /^(name|tenant|extends|scope|quoted|layered)$/

function placed(id: string, variable: string, title: string): readonly GateCase[] {
  return PLACES.map(([place, where, files, on = BOTH.test(place) ? LOCAL : LOCAL.slice(1)]) => ({
    id: `${id}-${place}`,
    group,
    title: `${title} in ${where}`,
    on: variable === SECRET ? on : on.filter((runner) => runner === 'command' || place === 'name'),
    expect: [1],
    change: () => files(variable),
  }))
}

const EIGHT_FORMATS: Readonly<Record<string, string>> = {
  output: ['github=g.txt', 'gitlab=gl.json', 'junit=j.xml', 'markdown=m.md', 'text=t.txt'].join('\n'),
}
const OWN_OUTPUTS = /^work\/(g\.txt|gl\.json|j\.xml|m\.md|t\.txt)$/

/** A credential of the job that the tenant knows, too, and says again. */
function echoed(
  id: string,
  title: string,
  values: (scene: Scene) => Readonly<Record<string, string>>,
  name: (values: readonly string[]) => string,
): GateCase {
  const known = new WeakMap<Scene, Readonly<Record<string, string>>>()
  return {
    id,
    group,
    title,
    on: LOCAL,
    expect: [2],
    live: (scene) => {
      const given = values(scene)
      known.set(scene, given)
      for (const [variable, value] of Object.entries(given)) scene.planted.set(variable, value)
      scene.tenant.edit(ORDERS, { name: name(Object.values(given)) })
    },
    job: (scene) => ({ env: { ...known.get(scene) }, inputs: EIGHT_FORMATS }),
    mayWrite: OWN_OUTPUTS,
  }
}

const SIGNS = `"'<&>%+/=\\\`|~ ${String.fromCodePoint(0xfc, 0x20ac)}`
const hard = (length: number): string =>
  Array.from({ length: length / 8 }, (_, index) => `${madeUp(7)}${SIGNS[index % SIGNS.length] ?? ''}`).join('')

export const secretCases: readonly GateCase[] = [
  ...controls(group, ALL, { title: 'a secret in its field' }),
  ...placed('87', SECRET, 'a variable of a secret field'),
  ...placed('88', UNUSED, 'a variable that nobody used so far'),
  {
    id: '86',
    group,
    title: 'the name of the secret variable in name, where the base uses it as signing_secret',
    on: ALL,
    expect: [1],
    change: () => declares({ name: `Orders ${SECRET}`, description: SECRET }),
  },
  {
    id: '86-moved',
    group,
    title: 'the same, and the change takes the secret field away',
    on: ALL,
    expect: [1],
    change: () => ({ ...declares({ name: `Orders ${SECRET}` }), 'declared/hooks.yaml': null }),
  },
  ...[SECRET, UNUSED].map((variable, index): GateCase => ({
    id: `89-${index + 1}`,
    group,
    title: `variables of the change’s configuration rename ${variable}`,
    on: LOCAL,
    expect: [1],
    change: () => ({
      ...declares({ name: '${alias}' }),
      'tenant-drift.yaml': `variables:\n  alias: '${variable}'\n${RULES}`,
    }),
  })),
  echoed(
    '90',
    'a credential of 192 letters and signs, which the tenant says',
    () => ({ PULUMI_ACCESS_TOKEN: hard(192) }),
    ([value]) => `${value}`,
  ),
  echoed(
    '90-plain',
    'a credential of 192 letters, which the tenant says',
    () => ({ PULUMI_ACCESS_TOKEN: madeUp(192) }),
    ([value]) => `x ${value} y`,
  ),
  echoed(
    '91-inside',
    'two credentials of which one contains the other',
    () => {
      const inner = madeUp(16)
      return { PULUMI_CONFIG_PASSPHRASE: inner, PULUMI_ACCESS_TOKEN: `${madeUp(12)}${inner}${madeUp(12)}` }
    },
    ([inner, outer]) => `${outer} and ${inner}`,
  ),
  echoed(
    '91-overlap',
    'two credentials that overlap',
    () => {
      const shared = madeUp(10)
      return { PULUMI_CONFIG_PASSPHRASE: `${madeUp(12)}${shared}`, PULUMI_ACCESS_TOKEN: `${shared}${madeUp(12)}` }
    },
    ([first = '', second = '']) => `${first}${second.slice(10)}`,
  ),
  ...(
    [
      ['raw', (secret: string) => secret],
      ['url', (secret: string) => encodeURIComponent(secret)],
      ['base64', (secret: string) => Buffer.from(`id:${secret}`).toString('base64')],
      ['base64url', (secret: string) => Buffer.from(`xy:${secret}:z`).toString('base64url')],
      ['hex', (secret: string) => Buffer.from(secret).toString('hex')],
    ] as const
  ).map(([form, turned]): GateCase => ({
    id: `94-name-${form}`,
    group,
    title: `the tenant’s name of an API is the client secret: ${form}`,
    on: LOCAL,
    expect: [2],
    live: ({ tenant }) => void tenant.edit(ORDERS, { name: `Orders ${turned(tenant.client_secret)}` }),
    job: () => ({ inputs: EIGHT_FORMATS }),
    mayWrite: OWN_OUTPUTS,
  })),
  {
    id: '94-names',
    group,
    title: 'the tenant names scopes and APIs that nobody declares like the secrets',
    on: ALL,
    expect: [2],
    live: ({ tenant, planted }) => {
      const [secret, signing] = [tenant.client_secret, planted.get('the first signing secret') ?? '']
      tenant.edit(ORDERS, {
        scopes: [{ value: `read:${secret}`, description: Buffer.from(signing).toString('base64') }],
      })
      tenant.create({ identifier: `urn:${secret}`, name: signing })
    },
    job: () => ({ inputs: EIGHT_FORMATS }),
    mayWrite: OWN_OUTPUTS,
  },
  ...(['the token', 'the list'] as const).map((of, index): GateCase => ({
    id: `94-error-${index + 1}`,
    group,
    title: `the tenant says the client secret in an error of ${of}, in several forms`,
    on: LOCAL,
    expect: [1],
    job: ({ echo }) => {
      echo.of = of
      return { env: { AUTH0_DOMAIN: echo.url }, inputs: EIGHT_FORMATS }
    },
    mayWrite: OWN_OUTPUTS,
  })),
  {
    id: '92',
    group,
    title: '--var with the value of a credential',
    on: LOCAL,
    expect: [1, 2],
    base: () => ({ 'declared/orders.yaml': ordersFile({ name: 'Orders ${label}' }) }),
    change: () => declares({ name: 'Orders ${label}' }),
    job: ({ tenant }) => ({
      inputs: { var: `label=${tenant.client_secret}`, ...EIGHT_FORMATS },
      flags: [`--var=label=${tenant.client_secret}`],
    }),
    mayWrite: OWN_OUTPUTS,
  },
  {
    id: '93',
    group,
    title: 'a secret of three letters in a secret field',
    on: LOCAL,
    expect: [1],
    live: ({ tenant }) => void tenant.edit(HOOKS, { signing_secret: 'the' }),
    job: () => ({ env: { TENANT_DRIFT_VAR_orders_secret: 'the' } }),
    also: (_scene, { log }) => ((log.match(/\(hidden\)/g) ?? []).length > 2 ? ['words were torn apart'] : []),
  },
  {
    id: '95',
    group,
    title: 'the change’s Pulumi.yaml names a backend',
    on: ['command'],
    expect: [1, 2],
    base: () => ({
      'infra/Pulumi.yaml': 'name: infra\nruntime: nodejs\n',
      'tenant-drift.yaml': 'declared: pulumi:infra#dev\nbase: pulumi:infra#dev\n',
    }),
    change: ({ stranger }) => ({
      'infra/Pulumi.yaml': `name: infra\nruntime: nodejs\nbackend: { url: '${stranger.url}' }\n`,
    }),
    repo: (scene) => {
      scene.planted.set('the Pulumi token', madeUp(32))
      putFiles(scene.outside, { 'pulumi/pulumi': program(PULUMI) })
    },
    job: (scene) => ({
      path: `${scene.outside}/pulumi`,
      base: null,
      env: { PULUMI_ACCESS_TOKEN: scene.planted.get('the Pulumi token') ?? '' },
    }),
  },
  ...[
    [
      'declared',
      {
        'declared/orders.yaml': `tenant: acme.eu.auth0.com\n${ordersFile().replace(/^\{\n/, '').replace(/\}\n$/, '')}`,
      },
    ],
    ['second', { 'declared/second.yaml': 'tenant: acme.eu.auth0.com\nresource_servers: []\n' }],
  ].map(([id, files]): GateCase => ({
    id: `96-${String(id)}`,
    group,
    title: 'AUTH0_DOMAIN differs from what the declared files name',
    on: LOCAL,
    expect: [1],
    base: () => ({ 'declared/second.yaml': 'tenant: acme.eu.auth0.com\nresource_servers: []\n', ...(files as Files) }),
    job: ({ stranger }) => ({ env: { AUTH0_DOMAIN: stranger.url } }),
  })),
]

/** Does what the real one does first: asks the backend of the project at hand, with the token. */
const PULUMI = `#!/bin/sh
[ -f Pulumi.yaml ] || exit 1
url=$(/bin/sed -n "s/.*url: '\\(http[^']*\\)'.*/\\1/p" Pulumi.yaml)
[ -n "$url" ] && node -e 'fetch(process.argv[1] + "/api/user", { headers: { authorization: "token " + process.env.PULUMI_ACCESS_TOKEN } }).catch(() => {})' "$url"
echo '{ "version": 3, "deployment": { "resources": [] } }'
`
