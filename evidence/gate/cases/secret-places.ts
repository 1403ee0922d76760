import type { GateCase } from '../case.ts'
import type { Files } from '../files.ts'
import type { RunnerName } from '../runners.ts'
import { ORDERS, ordersFile } from '../scene.ts'
import { ALL, LOCAL } from './parts.ts'

const group = 'secrets'
export const SECRET = '${orders_secret}'
export const UNUSED = '${other_secret}'

export const declares = (more: Readonly<Record<string, unknown>>): Files => ({
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

export const secretPlaceCases: readonly GateCase[] = [
  ...placed('87', SECRET, 'a variable of a secret field'),
  ...placed('88', UNUSED, 'a variable that nobody used so far'),
]
