import type { GateCase } from '../case.ts'
import { putFiles } from '../files.ts'
import { madeUp } from '../planted.ts'
import { HOOKS, ORDERS, ordersFile, type Scene } from '../scene.ts'
import { ALL, controls, LOCAL, program, RULES } from './parts.ts'
import { declares, SECRET, UNUSED } from './secret-places.ts'

const group = 'secrets'

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
  ...(
    [
      [
        'declared',
        {
          'declared/orders.yaml': `tenant: acme.eu.auth0.com\n${ordersFile().replace(/^\{\n/, '').replace(/\}\n$/, '')}`,
        },
      ],
      ['second', { 'declared/second.yaml': 'tenant: acme.eu.auth0.com\nresource_servers: []\n' }],
    ] as const
  ).map(([id, files]): GateCase => ({
    id: `96-${id}`,
    group,
    title: 'AUTH0_DOMAIN differs from what the declared files name',
    on: LOCAL,
    expect: [1],
    base: () => ({ 'declared/second.yaml': 'tenant: acme.eu.auth0.com\nresource_servers: []\n', ...files }),
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
