// The tenant of the demo and of its pictures: as it is declared, and as somebody in the dashboard leaves it.
import { generateKeyPairSync } from 'node:crypto'

export const ORDERS = 'https://orders.example.com/'
const ACCOUNTS = 'https://accounts.example.com/'
const PAYMENTS = 'https://payments.example.com/'

/**
 * Whatever was there before, the tenant then is what these files declare.
 * @param {import('../src/simulator/front.ts').Simulator} tenant
 * @param {import('../src/schema/declared.ts').DeclaredState} declared
 */
export function deploy(tenant, declared) {
  for (const identifier of customApis(tenant)) tenant.remove(identifier)
  for (const api of declared.apis) tenant.create(api.values)
}

/** @param {import('../src/simulator/front.ts').Simulator} tenant */
export function vandalise(tenant) {
  const payments = tenant.list().find((api) => api.identifier === PAYMENTS)
  const accounts = tenant.list().find((api) => api.identifier === ACCOUNTS)
  if (payments === undefined || accounts === undefined) throw new Error('declared/ no longer has what the story needs')
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = /** @type {any} */ (payments.token_encryption).encryption_key
  tenant.edit(ORDERS, { signing_alg: 'HS256', token_dialect: 'access_token', scopes: renamed(tenant, ORDERS) })
  tenant.edit(ACCOUNTS, { proof_of_possession: null })
  tenant.edit(PAYMENTS, {
    token_encryption: {
      format: 'compact-nested-jwe',
      encryption_key: {
        name: key.name,
        alg: key.alg,
        kid: key.kid,
        pem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      },
    },
  })
  const last = customApis(tenant).at(-1)
  if (last !== undefined) tenant.remove(last)
  tenant.create({ identifier: 'https://made-by-hand.example.com/', name: 'Made by hand' })
}

/**
 * @param {import('../src/simulator/front.ts').Simulator} tenant
 * @param {string} identifier
 */
function renamed(tenant, identifier) {
  const scopes = /** @type {{ value: string }[]} */ (tenant.list().find((api) => api.identifier === identifier)?.scopes)
  return scopes.map((scope, index) => (index === 0 ? { ...scope, value: `${scope.value}:all` } : scope))
}

/** @param {import('../src/simulator/front.ts').Simulator} tenant */
function customApis(tenant) {
  return tenant
    .list()
    .filter((api) => api.is_system !== true)
    .flatMap(({ identifier }) => (typeof identifier === 'string' ? [identifier] : []))
}
