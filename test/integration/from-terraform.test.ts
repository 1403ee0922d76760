import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { JsonObject } from '../../src/schema/json.ts'
import { SAMPLE_THUMBPRINTS } from '../../src/schema/sample-keys.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { envOf, folderWith, reportIn, run, write } from '../cli/run.ts'
import { ROOT } from '../../tools/run.mjs'
import { toolsWith } from '../action/workflow.ts'
import { blockOf, tableRows } from '../docs/pages.ts'
import { emptyShell } from '../support/empty-shell.ts'
import { playOf } from '../support/play-page.ts'
import { terraformState } from '../support/terraform-state.ts'
import { tenantWith } from '../tenant/with-tenant.ts'

const PAGE = 'docs/from-terraform.md'
const ORDERS = 'https://orders.example.com/'
const own = (tenant: Simulator): readonly JsonObject[] => tenant.list().filter(({ is_system }) => is_system !== true)

it('what from-terraform.md shows is what happens, block after block', async () => {
  const tenant = await tenantWith({ apis: 0 })
  tenant.create({ identifier: ORDERS, name: 'Orders', signing_alg: 'RS256', token_lifetime: 7200 })
  tenant.create({ identifier: 'https://stock.example.com/', name: 'Stock' })
  const pulled = terraformState(own(tenant))
  const cwd = folderWith({ 'pulled.json': pulled, 'shown.json': shown(pulled) })
  const terraform = `case "$*" in "state pull") cat pulled.json ;; "show -json") cat shown.json ;; *) exit 1 ;; esac`
  const page = playOf(PAGE)
  const shell = emptyShell({ tenant, cwd, tools: toolsWith({ terraform: `#!/bin/sh\n${terraform}\n` }) })
  await shell.paste(blockOf(PAGE, 'export AUTH0_DOMAIN=acme'))

  await page.next(shell)
  tenant.edit(ORDERS, { signing_alg: 'HS256' })
  await page.next(shell)
  await page.next(shell)
  tenant.edit(ORDERS, { signing_alg: 'RS256' })
  write(cwd, { 'declared/orders.yaml': `resource_servers:\n  - identifier: ${ORDERS}\n    token_lifetime: 3600\n` })
  await page.next(shell)

  expect(page.rest).toBe(0)
})

/** Of Terraform only what the block needs: it plans where an empty local state stands in the backend's place, with invented credentials, and a folder of its own. */
const TERRAFORM = `#!/bin/sh
grep -q 'backend "local" { path = "none.tfstate" }' zz_override.tf || exit 1
[ "$AUTH0_DOMAIN $AUTH0_CLIENT_ID $AUTH0_CLIENT_SECRET $AUTH0_API_TOKEN" = "none.example.com none none " ] || exit 1
mkdir -p "$TF_DATA_DIR" && [ "$TF_DATA_DIR" != .terraform ] || exit 1
case "$*" in
  "init -input=false") touch "$TF_DATA_DIR/ready" ;;
  "plan -refresh=false -input=false -out=declared.tfplan") [ -f "$TF_DATA_DIR/ready" ] && touch declared.tfplan ;;
  "show -json declared.tfplan") [ -f declared.tfplan ] && cat plan.json ;;
  *) exit 1 ;;
esac
`

it.each([
  ['a client, as the page has it', () => blockOf(PAGE, 'export AUTH0_DOMAIN=acme')],
  ['a token', ({ token }: Simulator) => `export AUTH0_DOMAIN=acme.eu.auth0.com AUTH0_API_TOKEN=${token}`],
])(
  'the block of from-terraform.md that makes a plan runs as it is pasted, with %s and nothing else',
  async (_, credential) => {
    const tenant = await tenantWith({ apis: 0 })
    const plan = readFileSync(join(ROOT, 'test', 'fixtures', 'real-states', 'tfplan-five-from-nothing.json'), 'utf8')
    const cwd = folderWith({ 'plan.json': plan })
    const shell = emptyShell({ tenant, cwd, tools: toolsWith({ terraform: TERRAFORM }) })
    await shell.paste(credential(tenant))
    const { code, log } = await shell.paste(blockOf(PAGE, 'tfplan:declared.json'))

    // The tenant has none of the five. They are equal findings, so they are one entry.
    expect(log).toMatch(/^DRIFTED {2}acme\.eu\.auth0\.com\n5 findings count: 5 critical\.$/m)
    expect([code, readdirSync(cwd).includes('zz_override.tf')]).toEqual([2, false])
  },
)

/** The same state as `terraform show -json` prints it. */
function shown({ resources }: JsonObject): JsonObject {
  const all = (resources as readonly Readonly<Record<string, string>>[]).flatMap((resource) =>
    (resource['instances'] as unknown as readonly JsonObject[]).map(({ attributes = null }) => {
      const { mode = '', type = '', name = '' } = resource
      return { address: `${type}.${name}`, mode, type, name, provider_name: 'auth0', values: attributes }
    }),
  )
  return { format_version: '1.0', terraform_version: '1.11.4', values: { root_module: { resources: all } } }
}

const keyed = (index: 0 | 1): JsonObject => ({
  token_encryption: {
    format: 'compact-nested-jwe',
    encryption_key: { name: 'key', kid: 'one', alg: 'RSA-OAEP-256', thumbprint_sha256: SAMPLE_THUMBPRINTS[index] },
  },
})
const READ = { value: 'read:orders' }
const ADMIN = { value: 'admin' }

interface Case {
  /** The first three cells of its row; the third is read from the provider's code. */
  readonly row: string
  readonly before?: JsonObject
  readonly after: JsonObject | 'deleted' | 'again' | 'new'
}

const CASES: readonly Case[] = [
  { row: '`signing_alg` goes from RS256 to HS256 | declared | shows it', after: { signing_alg: 'HS256' } },
  {
    row: 'a scope is added | all scopes in one resource | shows it',
    before: { scopes: [READ] },
    after: { scopes: [READ, ADMIN] },
  },
  { row: 'the API is deleted | declared | shows it', after: 'deleted' },
  { row: 'the API is deleted and made again | declared | shows it', after: 'again' },
  {
    row: 'role checks (`enforce_policies`) are switched off | left out | nothing',
    before: { enforce_policies: true },
    after: { enforce_policies: false },
  },
  {
    row: 'proof of possession is switched off | left out | nothing',
    before: { proof_of_possession: { mechanism: 'dpop', required: true } },
    after: { proof_of_possession: { mechanism: 'dpop', required: false } },
  },
  {
    row: 'the consent policy is taken away | left out | nothing',
    before: { consent_policy: 'transactional-authorization-with-mfa' },
    after: { consent_policy: null },
  },
  {
    row: 'a scope is added | a resource for each scope | nothing',
    before: { scopes: [READ] },
    after: { scopes: [READ, ADMIN] },
  },
  { row: 'the encryption key is swapped | declared, same name and `kid` | nothing', before: keyed(0), after: keyed(1) },
  { row: 'anonymous access is switched on | no attribute for it | nothing', after: { allow_anonymous_access: true } },
  { row: 'an API is made by hand | nothing | nothing', after: 'new' },
]
const identifierOf = (index: number): string => `urn:case-${index}`

function change(tenant: Simulator, index: number, { after }: Case): void {
  const identifier = identifierOf(index)
  const api = tenant.list().find((each) => each.identifier === identifier)
  if (after === 'deleted') tenant.remove(identifier)
  else if (after === 'new') tenant.create({ identifier })
  else if (after === 'again') tenant.put({ ...api, id: 'ffffffffffffffffffffffff' })
  else tenant.edit(identifier, after)
}

it('the last column of the table of from-terraform.md is what a check of the state finds', async () => {
  const tenant = await tenantWith({ apis: 0 })
  for (const [index, { before = {}, after }] of CASES.entries()) {
    if (after !== 'new') tenant.create({ identifier: identifierOf(index) })
    if (after !== 'new') tenant.edit(identifierOf(index), before)
  }
  const apart = CASES.flatMap(({ row }, index) => (row.includes('a resource for each') ? [identifierOf(index)] : []))
  // What is not set is written into a state as switched off.
  const states = own(tenant).map((api) => ({ consent_policy: null, proof_of_possession: null, ...api }))
  const cwd = folderWith({ 'terraform.tfstate': terraformState(states, { scopesApart: apart }) })
  const io = { cwd, env: envOf(tenant) }
  const check = ['check', '--declared', 'tfstate:terraform.tfstate', '--output', 'json', '--quiet']
  const recorded = await run(['record', '--quiet'], io)
  const untouched = await run(check, io)
  for (const [index, each] of CASES.entries()) change(tenant, index, each)

  const touched = await run(check, io)

  const found = reportIn(touched.out).findings.flatMap(({ counts, identifier }) => (counts ? [identifier] : []))
  const measured = CASES.map(
    ({ row }, index) => `${row} | ${found.includes(identifierOf(index)) ? 'drift' : 'nothing'}`,
  )
  const [, ...rows] = tableRows(PAGE)
  expect(rows).toEqual(measured)
  expect([recorded.code, untouched.code, touched.code]).toEqual([0, 0, 2])
})
