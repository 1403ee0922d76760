import { afterAll, beforeAll, expect, test } from 'vitest'
import type { JsonObject } from '../../src/schema/json.ts'
import { startSimulator, type Simulator } from '../../src/simulator/front.ts'
import { installAuth0Plugin, pluginEnvironment } from '../support/auth0-plugin/install.ts'
import { startProject, type Project } from '../support/engine.ts'

const ORDERS = 'https://orders.example.com/'
const PEM = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu1SU1LfVLPHCozMxH2Mo
4lgOEePzNm0tRgeLezV6ffAt0gunVTLw7onLRnrq0/IzW7yWR7QkrmBL7jTKEn5u
+qKhbwKfBstIs+bMY2Zkp18gnTxKLxoS2tFczGkPLPgizskuemMghRniWaoLcyeh
kd3qqGElvW/VDL5AaWTg0nLVkjRo9z+40RQzuVaE8AkAFmxZzow3x+VJYKdjykkJ
0iT9wCS0DRTXu269V264Vf/3jvredZiKRkgwlL9xNAwxXFg0x/XFw005UWVRIkdg
cKWTjpBP2dPwVZ4WWC+9aGVd+Gyn1o0CLelf4rEjGoXbAAEgAqeGUxrcIlbjXfbc
mwIDAQAB
-----END PUBLIC KEY-----`

const PROGRAM = `import * as auth0 from '@pulumi/auth0'
const orders = new auth0.ResourceServer('orders', {
  identifier: '${ORDERS}', signingAlg: 'RS256', tokenLifetime: 3600, allowOfflineAccess: true, consentPolicy: 'null',
  proofOfPossession: { mechanism: 'dpop', required: true, requiredFor: 'all_clients' },
  tokenEncryption: {
    format: 'compact-nested-jwe',
    encryptionKey: { name: 'one', algorithm: 'RSA-OAEP-256', kid: 'k1', pem: ${JSON.stringify(PEM)} },
  },
  authorizationDetails: [{ type: 'payment' }],
  subjectTypeAuthorization: { user: { policy: 'allow_all' }, client: { policy: 'require_client_grant' } },
})
new auth0.ResourceServerScope('read', { resourceServerIdentifier: orders.identifier, scope: 'read:orders', description: 'Read' })
new auth0.ResourceServerScope('write', { resourceServerIdentifier: orders.identifier, scope: 'write:orders' })
const shop = new auth0.ResourceServer('shop', { identifier: 'https://shop.example.com/', proofOfPossession: { disable: true } })
new auth0.ResourceServerScopes('shop', { resourceServerIdentifier: shop.identifier, scopes: [{ name: 'buy:all' }] })
export const id = orders.id
`

let tenant: Simulator
let project: Project

beforeAll(async () => {
  tenant = await startSimulator({ seed: 72 })
  project = await startProject(tenant)
  installAuth0Plugin(project.home)
  project.setProgram(PROGRAM)
})

afterAll(async () => {
  await tenant.close()
  project.remove()
})

const pulumi = (...args: readonly string[]) => project.run(args, { env: pluginEnvironment(tenant) })
const live = (identifier: string): JsonObject => tenant.list().find((api) => api.identifier === identifier) ?? {}

test('the stand-in for @pulumi/auth0 previews, makes, changes, refreshes and deletes APIs in the tenant', async () => {
  const previewed = await pulumi('preview')
  const untouched = tenant.list().length
  const made = await pulumi('up', '--yes', '--skip-preview')
  const [orders, shop] = [live(ORDERS), live('https://shop.example.com/')]
  tenant.edit(ORDERS, { signing_alg: 'HS256' })
  const refreshed = await pulumi('refresh', '--yes', '--skip-preview')
  const repaired = await pulumi('up', '--yes', '--skip-preview', '--diff')

  expect([previewed, made, refreshed, repaired].map(({ code, text }) => (code === 0 ? 0 : text))).toEqual([0, 0, 0, 0])
  expect(previewed.text).toContain('6 to create')
  expect(untouched).toBe(1)
  expect(orders).toMatchObject({
    signing_alg: 'RS256',
    token_lifetime: 3600,
    allow_offline_access: true,
    proof_of_possession: { mechanism: 'dpop', required: true, required_for: 'all_clients' },
    token_encryption: {
      format: 'compact-nested-jwe',
      encryption_key: { name: 'one', alg: 'RSA-OAEP-256', kid: 'k1', thumbprint_sha256: expect.any(String) as string },
    },
    authorization_details: [{ type: 'payment' }],
    subject_type_authorization: { user: { policy: 'allow_all' }, client: { policy: 'require_client_grant' } },
  })
  expect(orders.scopes).toHaveLength(2)
  expect(orders.scopes).toContainEqual({ value: 'read:orders', description: 'Read' })
  expect(shop).toMatchObject({
    name: expect.stringMatching(/^shop-[0-9a-f]{7}$/) as string,
    scopes: [{ value: 'buy:all' }],
  })
  expect(repaired.text).toContain('signingAlg: "HS256" => "RS256"')
  expect(live(ORDERS).signing_alg).toBe('RS256')

  const destroyed = await pulumi('destroy', '--yes', '--skip-preview')
  expect(destroyed.code).toBe(0)
  expect(tenant.list()).toHaveLength(1)
})
