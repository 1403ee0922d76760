import { join } from 'node:path'
import type { JsonObject } from '../../src/schema/json.ts'
import { askShipped, runShipped } from '../shipped.ts'
import type { ProviderAnswer, ProviderQuestion } from './provider-process.ts'
import { command, heardBy, isWritten, named, say, SILENT, type GroupName, type Surface } from './surface.ts'
import { wayBack, whoAndWhom } from './who-surfaces.ts'
import { service } from './service-surfaces.ts'
import { ORDERS, SHOP } from './planted-tenant.ts'
import { filesIn, type World } from './world.ts'

const FORMATS = ['text', 'json', 'sarif', 'junit', 'markdown', 'github', 'gitlab', 'html'] as const
const PROVIDER_PROCESS = join(import.meta.dirname, 'provider-process.ts')

const reports: readonly Surface[] = FORMATS.flatMap((format) => [
  command('reports', `${format}, drift`, /signing[_-]secret/, ['check', '-o', format, ...SILENT]),
  command('reports', `${format}, one API`, /signing[_-]secret/, ['check', '-o', format, '--target', ORDERS, ...SILENT]),
])

const others: readonly Surface[] = [
  command('other commands', 'doctor', /credentials/, ['doctor']),
  command('other commands', 'settings', /declared/, ['check', '--show-config']),
  command('other commands', 'a variable of the command line', /signing_secret/, ({ secret }) => [
    'check',
    '--var',
    `SECRET=${secret('a declared signing secret')}`,
    ...SILENT,
  ]),
  command('other commands', 'what adopting would write', /signing_alg|token_lifetime/, [
    'adopt',
    '--dry-run',
    '--accept-weakened',
  ]),
  {
    group: 'other commands',
    title: 'a finding explained, and a report written again',
    shows: /signing_secret/,
    async run(world) {
      const { out } = await runShipped(['check', '-o', 'json', ...SILENT], { cwd: world.folder, env: world.env })
      world.write('report.json', out)
      const { findings } = JSON.parse(out) as { findings: readonly { fingerprint: string; path: string }[] }
      const of = findings.find(({ path }) => path === 'signing_secret')?.fingerprint ?? ''
      return [
        ...(await say(world, ['explain', of, '--report', 'report.json'])),
        ...(await say(world, ['report', 'report.json', '-o', 'html'])),
        ...(await say(world, ['check', '--previous', 'report.json', '-o', 'markdown', ...SILENT])),
        ...(await say(world, [
          'accept',
          of,
          '--report',
          'report.json',
          '--reason',
          'x',
          '--owner',
          'y',
          '--expires',
          '2027-01-31',
        ])),
        ...(await say(world, ['check', ...SILENT])),
      ]
    },
  },
]

const PRIVATE = (secret: string): string =>
  `-----BEGIN PRIVATE KEY-----\n${Buffer.from(secret).toString('base64')}\n-----END PRIVATE KEY-----`

const only = (group: GroupName, title: string, shows: RegExp, content: (world: World) => unknown): Surface => ({
  group,
  title,
  shows,
  async run(world) {
    world.write('wrong/a.json', content(world))
    return say(world, ['check', '--declared', 'wrong/*.json', ...SILENT])
  },
})

const TYPE = 'auth0:index/resourceServer:ResourceServer'
const TERRAFORM = 'provider["registry.terraform.io/auth0/auth0"]'

const errors: readonly Surface[] = [
  command('errors', 'a token that is refused', /unauthorized/, ['check'], ({ secret }) => ({
    AUTH0_API_TOKEN: `e30.e30.${Buffer.from(secret('a declared signing secret')).toString('base64url')}`,
  })),
  command('errors', 'a client secret that is refused', /unauthorized|credentials/, ['check'], ({ secret }) => ({
    AUTH0_API_TOKEN: '',
    AUTH0_CLIENT_ID: 'somebody',
    AUTH0_CLIENT_SECRET: secret('a declared signing secret'),
  })),
  command(
    'errors',
    'a private key that is none',
    /AUTH0_CLIENT_ASSERTION_PRIVATE_KEY|private key/i,
    ['check'],
    ({ secret }) => ({
      AUTH0_API_TOKEN: '',
      AUTH0_CLIENT_ID: 'somebody',
      AUTH0_CLIENT_ASSERTION_PRIVATE_KEY: PRIVATE(secret('a literal in a file')),
    }),
  ),
  command('errors', 'a proxy with a password', /proxy/i, ['check'], ({ secret }) => ({
    AUTH0_DOMAIN: 'acme.eu.auth0.com',
    HTTPS_PROXY: `http://me:${encodeURIComponent(secret('a declared signing secret'))}@127.0.0.1:9`,
  })),
  command('errors', 'a store with a password', /history|postgres/i, ({ secret }) => [
    'history',
    '--history',
    `postgres://me:${encodeURIComponent(secret('a declared signing secret'))}@127.0.0.1:9/x`,
  ]),
  command('errors', 'a credential in place of the domain', /AUTH0_DOMAIN|domain/i, ['check'], ({ tenant }) => ({
    AUTH0_DOMAIN: tenant.token,
  })),
  only('errors', 'a signing secret of another shape', /signing_secret/, ({ secret }) => ({
    resource_servers: [{ identifier: ORDERS, signing_secret: [secret('a literal in a file')] }],
  })),
  only('errors', 'a signing secret that is too short to be one', /signing_secret/, ({ secret }) => ({
    resource_servers: [{ identifier: ORDERS, signing_secret: secret('a literal in a file').slice(0, 12) }],
  })),
  only('errors', 'a private key where a public one belongs', /private/i, ({ secret }) => ({
    resource_servers: [
      {
        identifier: ORDERS,
        token_encryption: {
          format: 'compact-nested-jwe',
          encryption_key: { alg: 'RSA-OAEP-256', pem: PRIVATE(secret('a literal in a file')) },
        },
      },
    ],
  })),
  only('errors', 'a secret under a name that nobody knows', /unknown field/, ({ secret }) => ({
    resource_servers: [{ identifier: ORDERS, signing_secrett: secret('a literal in a file') }],
  })),
  only('errors', 'a file that is cut behind a secret', /wrong\/a\.json/, ({ secret }) =>
    JSON.stringify({ resource_servers: [{ identifier: ORDERS, signing_secret: secret('a literal in a file') }] }).slice(
      0,
      -4,
    ),
  ),
  {
    group: 'errors',
    title: 'a stack and a state that hold secrets',
    shows: /signing_secret/,
    async run(world) {
      const signingSecret = world.secret('a literal in a file')
      const inputs = { identifier: SHOP, signingAlg: 'HS256', signingSecret }
      const resource = { urn: `urn:pulumi:dev::shop::${TYPE}::shop`, type: TYPE, custom: true, inputs }
      const attributes = { identifier: SHOP, signing_alg: 'HS256', signing_secret: signingSecret }
      world.write('stack.json', { version: 3, deployment: { resources: [resource] } })
      world.write('state.json', {
        version: 4,
        resources: [
          {
            mode: 'managed',
            type: 'auth0_resource_server',
            name: 'a',
            provider: TERRAFORM,
            instances: [{ attributes }],
          },
        ],
      })
      return [
        ...(await say(world, ['check', '--declared', 'pulumi-stack:stack.json', '-o', 'json', ...SILENT])),
        ...(await say(world, ['check', '--declared', 'tfstate:state.json', '-o', 'html', ...SILENT])),
        ...(await say(world, ['check', '--base', 'tfstate:state.json', '-o', 'markdown', ...SILENT])),
        ...(await say(world, ['check', '--declared', 'tfplan:state.json', ...SILENT])),
      ]
    },
  },
]

const kept: readonly Surface[] = [
  {
    group: 'files that are kept',
    title: 'record, snapshot, init, reports and the history',
    shows: /signing_alg/,
    async run(world) {
      const said = [
        ...(await say(world, ['check', '--no-notify', '-o', 'json=out/r.json', '-o', 'html=out/r.html'])),
        ...(await say(world, ['record'])),
        ...(await say(world, ['snapshot', 'taken.json'])),
        ...(await say(world, ['init', 'new'])),
        ...(await say(world, ['check', '--live', 'taken.json', ...SILENT])),
        ...(await say(world, ['check', '--no-notify'])),
        ...(await say(world, ['history', '--all'])),
        ...(await say(world, ['history', '-o', 'html'])),
        ...(await say(world, ['history', '-o', 'json'])),
      ]
      return [...said, ...filesIn(world.folder, isWritten)]
    },
  },
]

const channels: readonly Surface[] = [
  {
    group: 'channels',
    title: 'what each channel is told, and how it fails',
    shows: /^github, gitlab, pagerduty, slack, teams, webhook$/,
    async run(world) {
      const first = await say(world, ['check', '--who=full', '--affected'])
      world.tenant.edit(ORDERS, { signing_secret: world.secret('a literal in a file') })
      const again = await say(world, ['check'])
      const tested = await say(world, ['notify', '--test'])
      const lost = await say(world, ['check'], {
        SLACK: world.env['SLACK']?.replace(world.services, 'http://127.0.0.1:9') ?? '',
        HOOK: world.env['HOOK']?.replace(world.services, 'http://127.0.0.1:9') ?? '',
      })
      const wrong = await say(world, ['check'], {
        SLACK: world.secret('the address of Slack'),
        HOOK_KEY: world.secret('the key of the webhook'),
      })
      const deliveries = await say(world, ['history', 'deliveries'])
      // Persons were asked for, and no channel takes them.
      return [...named(first), ...again, ...tested, ...lost, ...wrong, ...deliveries, ...heardBy(world)]
    },
  },
]

const provider = (
  title: string,
  shows: RegExp,
  question: (world: World) => ProviderQuestion,
  more: (world: World) => Readonly<Record<string, string>> = () => ({}),
): Surface => ({
  group: 'provider',
  title,
  shows,
  async run(world) {
    const env = { ...world.env, ...more(world) }
    const answers = await askShipped(PROVIDER_PROCESS, question(world), { cwd: world.folder, env })
    return (answers as readonly ProviderAnswer[]).map((each) => [`${title}: ${each.what}`, JSON.stringify(each)])
  },
})

const one = ({ secret }: World): JsonObject => ({
  identifier: ORDERS,
  signing_alg: 'HS256',
  signing_secret: secret('a declared signing secret'),
})

const providers: readonly Surface[] = [
  provider('one API', /signing_secret/, (world) => ({ kind: 'resourceServerCheck', program: one(world) })),
  provider('a tenant, inline', /signing_secret/, (world) => ({
    kind: 'tenantCheck',
    program: { resource_servers: [one(world)] },
  })),
  provider('a tenant, in files', /signing_secret/, ({ secret }) => ({
    kind: 'tenantCheck',
    program: { files: 'declared/*.json', variables: { SECRET: secret('a declared signing secret') } },
  })),
  provider('a name that is a secret', /"name"/, ({ secret }) => ({
    kind: 'resourceServerCheck',
    program: { identifier: ORDERS, name: secret('a literal in a file'), secretInputs: ['name'] },
  })),
  provider('a declaration with a mistake', /invalid/, (world) => ({
    kind: 'resourceServerCheck',
    program: { ...one(world), token_lifetime: -1 },
  })),
  provider('onDrift refuse', /signing_secret/, (world) => ({
    kind: 'resourceServerCheck',
    program: { ...one(world), onDrift: 'refuse' },
  })),
  provider(
    'a tenant that refuses',
    /unreadable/,
    (world) => ({ kind: 'tenantCheck', program: { resource_servers: [one(world)] } }),
    ({ secret }) => ({
      AUTH0_API_TOKEN: '',
      AUTH0_CLIENT_ID: 'somebody',
      AUTH0_CLIENT_SECRET: secret('a literal in a file'),
    }),
  ),
]

export const SURFACES: readonly Surface[] = [
  ...reports,
  ...whoAndWhom,
  ...wayBack,
  ...others,
  ...errors,
  ...kept,
  ...channels,
  ...service,
  ...providers,
]
