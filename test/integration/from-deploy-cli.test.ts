import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dump, load } from 'js-yaml'
import { expect, it } from 'vitest'
import type { JsonObject } from '../../src/schema/json.ts'
import { SAMPLE_PEMS, SAMPLE_THUMBPRINTS } from '../../src/schema/sample-keys.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { git, repository } from '../action/runner.ts'
import { folderWith, readReport, write } from '../cli/run.ts'
import { tableRows } from '../docs/pages.ts'
import { deployCli, tenantDrift, writeDeployConfig } from '../support/deploy-cli.ts'
import { emptyShell } from '../support/empty-shell.ts'
import { playOf } from '../support/play-page.ts'
import { tenantWith } from '../tenant/with-tenant.ts'

const PAGE = 'docs/from-deploy-cli.md'
const FILE = 'auth0/tenant.yaml'
const ORDERS = 'https://orders.example.com/'
const STOCK = 'https://stock.example.com/'

it('what from-deploy-cli.md shows is what happens, block after block', async () => {
  const tenant = await tenantWith({ apis: 0 })
  tenant.create({ identifier: ORDERS, name: 'Orders', signing_alg: 'RS256', token_lifetime: 7200 })
  tenant.create({ identifier: STOCK, name: 'Stock' })
  const file = (lifetime: number): string =>
    [
      'resourceServers:',
      `  - name: Orders\n    identifier: ${ORDERS}\n    signing_alg: RS256\n    token_lifetime: ${lifetime}`,
      `  - name: Stock\n    identifier: ${STOCK}\n`,
    ].join('\n')
  const { cwd } = repository({ [FILE]: file(7200) })
  git(cwd, 'update-ref', 'refs/remotes/origin/main', 'HEAD')
  const page = playOf(PAGE)
  const shell = emptyShell({ tenant, cwd })

  await page.next(shell)
  tenant.edit(ORDERS, { signing_alg: 'HS256' })
  tenant.edit(STOCK, { allow_offline_access: true })
  await page.next(shell)
  await page.next(shell)
  tenant.edit(ORDERS, { signing_alg: 'RS256' })
  tenant.edit(STOCK, { allow_offline_access: false })
  write(cwd, { [FILE]: file(3600) })
  await page.next(shell)

  expect(page.rest).toBe(0)
})

const keyed = (index: 0 | 1): JsonObject => ({
  token_encryption: {
    format: 'compact-nested-jwe',
    encryption_key: { name: 'key', alg: 'RSA-OAEP-256', thumbprint_sha256: SAMPLE_THUMBPRINTS[index] },
  },
})
const PEM = {
  token_encryption: {
    format: 'compact-nested-jwe',
    encryption_key: { name: 'key', alg: 'RSA-OAEP-256', pem: SAMPLE_PEMS[0] },
  },
}

interface Case {
  /** The first two cells of its row. */
  readonly row: string
  readonly before?: JsonObject
  /** What is edited in the exported file; undefined takes a key out. */
  readonly file?: Readonly<Record<string, unknown>>
  /** The settings that change in the tenant, or what becomes of the whole API. */
  readonly after?: JsonObject | 'deleted' | 'again' | 'new'
}

const CASES: readonly Case[] = [
  { row: '`signing_alg` goes from RS256 to HS256 | exported', after: { signing_alg: 'HS256' } },
  {
    row: 'a scope is renamed | exported',
    before: { scopes: [{ value: 'read:orders' }] },
    after: { scopes: [{ value: 'see:orders' }] },
  },
  {
    row: 'the signing secret of an HS256 API is replaced | exported',
    before: { signing_alg: 'HS256', signing_secret: 'an-invented-secret-1' },
    after: { signing_secret: 'an-invented-secret-2' },
  },
  { row: 'the encryption key is swapped | exported, with its thumbprint', before: keyed(0), after: keyed(1) },
  { row: 'the API is deleted | exported', after: 'deleted' },
  { row: 'an API is made by hand | nothing', after: 'new' },
  { row: 'the first scope is added | exported, without scopes', after: { scopes: [{ value: 'admin' }] } },
  {
    row: 'proof of possession is switched on | exported, where it was off',
    after: { proof_of_possession: { mechanism: 'dpop', required: true } },
  },
  {
    row: 'the token dialect changes | exported, where none was set',
    after: { token_dialect: 'access_token_authz' },
  },
  {
    row: 'refresh tokens are switched on | without `allow_offline_access`',
    file: { allow_offline_access: undefined },
    after: { allow_offline_access: true },
  },
  { row: 'the encryption key is swapped | with `pem`', before: keyed(0), file: PEM, after: keyed(1) },
  { row: 'the encryption key is the one in the file | with `pem`', before: keyed(0), file: PEM },
  { row: 'no consent policy, as declared | with `consent_policy: null`', file: { consent_policy: null } },
  { row: 'the API is deleted and made again | exported, which has no `id`', after: 'again' },
]
const nameOf = (index: number): string => `case-${index}`
const identifierOf = (index: number): string => `urn:case-${index}`

/** The APIs of all cases as they stand before, exported, and the hand-written edits in the file. */
async function exportedCases(tenant: Simulator): Promise<string> {
  const folder = folderWith()
  writeDeployConfig(folder, tenant)
  for (const [index, { before = {}, after }] of CASES.entries()) {
    if (after !== 'new') tenant.create({ identifier: identifierOf(index), name: nameOf(index) })
    if (after !== 'new') tenant.edit(identifierOf(index), before)
  }
  await deployCli(['export', '-f', 'yaml', '-o', 'auth0'], folder)
  const exported = load(readFileSync(join(folder, FILE), 'utf8')) as { readonly resourceServers: readonly JsonObject[] }
  const edited = exported.resourceServers.map((api) => ({
    ...api,
    ...CASES.find((_case, index) => nameOf(index) === api['name'])?.file,
  }))
  write(folder, { [FILE]: dump({ ...exported, resourceServers: edited }, { skipInvalid: true }) })
  return folder
}

function change(tenant: Simulator, index: number, after: Case['after']): void {
  const identifier = identifierOf(index)
  const api = tenant.list().find((each) => each.identifier === identifier)
  if (after === 'deleted') tenant.remove(identifier)
  else if (after === 'new') tenant.create({ identifier, name: nameOf(index) })
  else if (after === 'again') tenant.put({ ...api, id: 'ffffffffffffffffffffffff' })
  else if (after !== undefined) tenant.edit(identifier, after)
}

// The whole dry run takes half a minute of CPU: test/support/deploy-cli.ts.
it(
  'each cell of the table of from-deploy-cli.md is what the deploy CLI prints and what a check finds',
  { timeout: 180_000 },
  async () => {
    const tenant = await tenantWith({ tls: true, apis: 0, scopes: ['read:resource_servers', 'read:clients'] })
    const folder = await exportedCases(tenant)
    const check = ['check', '--declared', `a0deploy:${FILE}`, '--output', 'json=report.json', '--quiet']
    await tenantDrift(['record', '--quiet'], folder, tenant)
    const untouched = await tenantDrift(check, folder, tenant)
    for (const [index, { after }] of CASES.entries()) change(tenant, index, after)

    const touched = await tenantDrift(check, folder, tenant)
    const dryRun = await deployCli(['import', '--dry-run', '-i', FILE], folder)

    const printed = new Map(
      [...dryRun.out.matchAll(/│ (CREATE|UPDATE|DELETE)[ *]*│ (case-\d+) *│/g)].map(([, status, name]) => [
        name,
        status,
      ]),
    )
    const counted = new Set(
      readReport(folder, 'report.json').findings.flatMap(({ counts, identifier }) => (counts ? [identifier] : [])),
    )
    const measured = CASES.map(({ row }, index) => {
      const found = counted.has(identifierOf(index)) ? 'drift' : 'nothing'
      return `${row} | ${printed.get(nameOf(index)) ?? 'nothing'} | ${found}`
    })
    const [, ...rows] = tableRows(PAGE)
    expect(rows).toEqual([...measured, `exit code | | ${dryRun.code} | ${touched.code}`])
    expect(untouched.code).toBe(0)
  },
)
