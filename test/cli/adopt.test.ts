import { execFileSync } from 'node:child_process'
import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { replaceFiles } from '../../src/edit/write-files.ts'
import { declaredMistakes } from '../../src/schema/declared-schema.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { mutations, noOps, type Mutation } from '../support/corpus.ts'
import { FORMS } from '../support/written-forms.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { envOf, folderWith, ioOf, reportIn, run, write as writeMore, type Ran } from './run.ts'

/** A mutation as an API of its own, so that all of them stand in one tenant and one file. */
interface Case {
  readonly title: string
  readonly declared: JsonObject
  readonly live: JsonObject
}

function casesOf(all: readonly Mutation[]): readonly Case[] {
  return all.map(({ declared, live, row, title }, index) => {
    const identifier = `urn:case:${index}`
    const id = (number: number) => number.toString(16).padStart(24, '0')
    const liveId = row.path === 'id' && declared.id !== live.id ? id(index + 100_000) : id(index + 1)
    return {
      title,
      declared: { ...declared, identifier, id: id(index + 1) },
      live: { ...live, identifier, id: liveId },
    }
  })
}

const ALL = [...mutations(), ...noOps()]
const DECLARABLE = casesOf(ALL.filter(({ before }) => declaredMistakes(before).length === 0))
const BEYOND = casesOf(ALL.filter(({ before }) => declaredMistakes(before).length > 0))

async function tenantOf(cases: readonly Case[]): Promise<Simulator> {
  const tenant = await tenantWith({ apis: 0 })
  for (const { live } of cases) tenant.put(live)
  return tenant
}

/** Secrets that adopting asked for, as their owner would give them. */
function secretsFor(ran: Ran, cases: readonly Case[]): Record<string, string> {
  const names = [...ran.out.matchAll(/TENANT_DRIFT_VAR_signing_secret_urn_case_(\d+)/g)]
  return Object.fromEntries(
    names.map(([name, index]) => [name, (cases[Number(index)]?.live.signing_secret ?? '') as string] as const),
  )
}

describe.each(FORMS)('tenant-drift adopt over the whole corpus, in $name', ({ file, write }) => {
  it('makes the check in sync, and a second run has nothing to do', async () => {
    const tenant = await tenantOf(DECLARABLE)
    const cwd = folderWith({
      [`declared/${file}`]: write({ resource_servers: DECLARABLE.map(({ declared }) => declared) }),
    })
    const io = { cwd, env: envOf(tenant) }
    expect((await run(['check', '--quiet'], io)).code).toBe(2)

    const adopted = await run(['adopt', '--accept-weakened', '--quiet'], io)

    expect(adopted.out.split('\n').filter((line) => line.startsWith('not'))).toEqual([])
    expect([adopted.code, adopted.err]).toEqual([0, ''])
    const after = { cwd, env: { ...io.env, ...secretsFor(adopted, DECLARABLE) } }
    const checked = await run(['check', '--output', 'json', '--quiet'], after)
    expect(reportIn(checked.out).findings.filter(({ counts }) => counts)).toEqual([])
    expect(checked.code).toBe(0)
    const text = readFileSync(path.join(cwd, 'declared', file), 'utf8')
    expect(await run(['adopt', '--quiet'], after)).toMatchObject({ code: 0, out: 'nothing to adopt\n' })
    expect(readFileSync(path.join(cwd, 'declared', file), 'utf8')).toBe(text)
    const secrets = DECLARABLE.map(({ live }) => live.signing_secret).filter((secret) => typeof secret === 'string')
    expect(secrets.filter((secret) => (adopted.out + adopted.err).includes(secret))).toEqual([])
  }, 60_000)

  it('leaves what this version cannot declare as it is, and says so', async () => {
    const tenant = await tenantOf(BEYOND)
    const before = write({ resource_servers: BEYOND.map(({ declared }) => declared) })
    const cwd = folderWith({ [`declared/${file}`]: before })
    const { code, out } = await run(['adopt', '--accept-weakened', '--quiet'], { cwd, env: envOf(tenant) })
    expect(code).toBe(2)
    expect(out.trim().split('\n')).toHaveLength(BEYOND.length)
    for (const line of out.trim().split('\n')) expect(line).toMatch(/^not adopted: .* this version cannot declare it: /)
    expect(readFileSync(path.join(cwd, 'declared', file), 'utf8')).toBe(before)
  }, 60_000)
})

const ORDERS = { id: 'f'.repeat(24), identifier: 'urn:orders', signing_alg: 'RS256', token_lifetime: 600 }

/** A tenant that holds the API as given, beside what every tenant has. */
async function tenantHolding(...apis: readonly JsonObject[]): Promise<Simulator> {
  const tenant = await tenantWith({ apis: 0 })
  for (const api of apis) tenant.create(api)
  return tenant
}

const FILE = `# The orders API
resource_servers:
  - identifier: urn:orders # who
    signing_alg: RS256 # how
    token_lifetime: 600 # for ten minutes
`

function read(cwd: string, name: string): string {
  return readFileSync(path.join(cwd, name), 'utf8')
}

describe('tenant-drift adopt', () => {
  it('leaves values that are less safe to be asked for, and takes the rest', async () => {
    const tenant = await tenantHolding({ ...ORDERS, signing_alg: 'HS256', token_lifetime: 300 })
    const cwd = folderWith({ 'declared/a.yaml': FILE })
    const io = { cwd, env: envOf(tenant) }

    const first = await run(['adopt', '--quiet'], io)
    expect(first.code).toBe(2)
    expect(first.out).toMatch(/^adopted: token_lifetime of urn:orders is 300 .* -> declared\/a\.yaml$/m)
    expect(first.out).toContain('it is less safe than what is declared: give --accept-weakened to take it')
    expect(read(cwd, 'declared/a.yaml')).toBe(FILE.replace('600 #', '300 #'))

    expect((await run(['adopt', '--accept-weakened', '--quiet'], io)).code).toBe(0)
    expect(read(cwd, 'declared/a.yaml')).toBe(FILE.replace('600 #', '300 #').replace('RS256', 'HS256'))
    expect((await run(['check', '--quiet'], io)).code).toBe(0)
  })

  it('takes one finding by its fingerprint, and refuses a fingerprint that names none or several', async () => {
    const tenant = await tenantHolding({ ...ORDERS, name: 'Other', token_lifetime: 300 })
    const cwd = folderWith({ 'declared/a.yaml': `${FILE}    name: Orders\n` })
    const io = { cwd, env: envOf(tenant) }
    const { findings } = reportIn((await run(['check', '--output', 'json', '--quiet'], io)).out)
    const fingerprint = findings.find((each) => each.path === 'name')?.fingerprint ?? ''

    expect((await run(['adopt', '--only', fingerprint.slice(0, 8), '--quiet'], io)).code).toBe(0)
    expect(read(cwd, 'declared/a.yaml')).toBe(`${FILE}    name: Other\n`)
    for (const only of ['abc', 'xyz123', 'abcdef012345']) {
      const { code, err } = await run(['adopt', '--only', only, '--quiet'], io)
      expect([code, err]).toEqual([1, expect.stringMatching(/--only .*: (a fingerprint has|no finding has)/)])
    }
  })

  it('with --dry-run prints a diff that a patch tool takes, writes nothing and shows no secret', async () => {
    const tenant = await tenantHolding({
      ...ORDERS,
      signing_alg: 'HS256',
      signing_secret: 'live-secret-of-the-api',
      token_lifetime: 300,
    })
    const other = "  - { identifier: urn:other, signing_secret: 'a-literal-secret''s-other' }\n"
    const text = FILE.replace('600', '600 # x\n    signing_secret: a-literal-secret-in-the-file') + other
    const cwd = folderWith({ 'declared/a.yaml': text })
    const argv = ['adopt', '--dry-run', '--accept-weakened', '--target', 'urn:orders', '--quiet']
    const { code, out, err } = await run(argv, { cwd, env: envOf(tenant) })
    expect(code).toBe(0)
    expect(read(cwd, 'declared/a.yaml')).toBe(text)
    expect(out).toBe(`--- a/declared/a.yaml
+++ b/declared/a.yaml
@@ -1,7 +1,7 @@
 # The orders API
 resource_servers:
   - identifier: urn:orders # who
-    signing_alg: RS256 # how
-    token_lifetime: 600 # x
-    signing_secret: (hidden) # for ten minutes
+    signing_alg: HS256 # how
+    token_lifetime: 300 # x
+    signing_secret: '\${signing_secret_urn_orders}' # for ten minutes
   - { identifier: urn:other, signing_secret: '(hidden)' }
`)
    expect(err).toContain('would adopt: ')
    expect(err).toContain('Give the secret of this API as TENANT_DRIFT_VAR_signing_secret_urn_orders')
    expect(out + err).not.toMatch(/a-literal-secret|live-secret/)
  })

  it('prints a diff that git applies, to the very bytes that it writes itself', async () => {
    const tenant = await tenantHolding(ORDERS)
    const files = {
      'declared/a.yaml': FILE.replaceAll('\n', '\r\n').trimEnd(),
      'declared/b.json': '{"resource_servers":[]}',
    }
    const [cwd, other] = [folderWith(files), folderWith(files)]
    const env = envOf(tenant)
    for (const each of [cwd, other]) expect((await run(['record', '--quiet'], { cwd: each, env })).code).toBe(0)
    tenant.edit('urn:orders', { token_lifetime: 300 })
    tenant.create({ identifier: 'urn:new', name: 'New' })
    const { out } = await run(['adopt', '--dry-run', '--quiet'], { cwd: other, env })
    writeMore(other, { 'adopt.diff': out })
    execFileSync('git', ['apply', '--whitespace=nowarn', 'adopt.diff'], {
      cwd: other,
      env: { ...process.env, GIT_CEILING_DIRECTORIES: path.dirname(other) },
    })
    expect((await run(['adopt', '--quiet'], { cwd, env })).code).toBe(0)
    expect(read(cwd, 'declared/a.yaml')).toBe(files['declared/a.yaml'].replace('600', '300'))
    for (const name of ['declared/a.yaml', 'declared/b.json', 'declared/urn-new.yaml']) {
      expect(read(other, name)).toBe(read(cwd, name))
    }
  })

  it('keeps the byte-order mark, the mode and the symbolic link of a file', async () => {
    const tenant = await tenantHolding({ ...ORDERS, token_lifetime: 300 })
    const cwd = folderWith({ 'real.yaml': `\uFEFF${FILE}`, 'declared/keep.yaml': 'resource_servers: []\n' })
    chmodSync(path.join(cwd, 'real.yaml'), 0o640)
    symlinkSync('../real.yaml', path.join(cwd, 'declared/a.yaml'))
    expect((await run(['adopt', '--quiet'], { cwd, env: envOf(tenant) })).code).toBe(0)
    expect(read(cwd, 'real.yaml')).toBe(`\uFEFF${FILE.replace('600', '300')}`)
    expect(statSync(path.join(cwd, 'real.yaml')).mode & 0o777).toBe(0o640)
    expect(lstatSync(path.join(cwd, 'declared/a.yaml')).isSymbolicLink()).toBe(true)
    expect(readdirSync(path.join(cwd, 'declared')).sort()).toEqual(['a.yaml', 'keep.yaml'])
  })

  it('says which variable to change where a value comes from one, and takes no secret into a file', async () => {
    const tenant = await tenantHolding({
      ...ORDERS,
      signing_alg: 'HS256',
      signing_secret: 'live-secret-of-the-api',
      scopes: [{ value: 'a', description: '${x}' }],
    })
    const text = `resource_servers:
  - identifier: urn:\${what}
    signing_alg: \${alg}
    signing_secret: \${secret}
    scopes: [{ value: a, description: "$\${y}" }, { value: "\${what}:b" }]
`
    const cwd = folderWith({ 'declared/a.yaml': text })
    const vars = {
      TENANT_DRIFT_VAR_what: 'orders',
      TENANT_DRIFT_VAR_alg: 'RS256',
      TENANT_DRIFT_VAR_secret: 'another-secret-of-it',
    }
    const { code, out } = await run(['adopt', '--accept-weakened', '--quiet'], {
      cwd,
      env: { ...envOf(tenant), ...vars },
    })
    expect(code).toBe(2)
    expect(out.match(/its value uses \$\{\w+\}/g)?.sort()).toEqual(
      ['alg', 'secret', 'what'].map((name) => `its value uses \${${name}}`),
    )
    expect(read(cwd, 'declared/a.yaml')).toBe(text.replace('"$${y}"', () => '"$${x}"'))
  })

  it('puts a value into the file that was named, and not into one that it extends', async () => {
    const tenant = await tenantHolding(
      { ...ORDERS, token_lifetime: 300, scopes: [{ value: 'a' }, { value: 'b' }], name: 'Live' },
      { identifier: 'urn:other', token_lifetime: 70 },
    )
    const base = `resource_servers:
  - identifier: urn:orders
    token_lifetime: 600
    name: Orders
    scopes:
      - value: a
        description: what $\${a} means
  - identifier: urn:other
    token_lifetime: 60
`
    const overlay = `extends: [base.yaml]
resource_servers:
  - identifier: urn:orders
    token_lifetime: 500 # here
`
    const cwd = folderWith({ 'declared/base.yaml': base, 'declared/prod.yaml': overlay })
    const io = { cwd, env: envOf(tenant) }
    expect((await run(['adopt', '--accept-weakened', '--quiet'], io)).code).toBe(0)
    expect(read(cwd, 'declared/base.yaml')).toBe(base)
    expect(read(cwd, 'declared/prod.yaml')).toBe(`extends: [base.yaml]
resource_servers:
  - identifier: urn:orders
    token_lifetime: 300 # here
    name: Live
    scopes:
      - value: a
      - value: b
  - identifier: urn:other
    token_lifetime: 70
`)
    expect((await run(['check', '--quiet'], io)).code).toBe(0)
  })

  it('declares a field again that $unset takes away, where it is named', async () => {
    const tenant = await tenantHolding({ ...ORDERS, allow_offline_access: true })
    const overlay = `extends: [base.yaml]
resource_servers:
  - identifier: urn:orders
    $unset: [allow_offline_access, token_lifetime]
`
    const cwd = folderWith({
      'declared/base.yaml': `${FILE}    allow_offline_access: false\n`,
      'declared/prod.yaml': overlay,
    })
    const io = { cwd, env: envOf(tenant) }
    const { findings } = reportIn((await run(['check', '--output', 'json', '--quiet'], io)).out)
    const only = findings.find((each) => each.path === 'allow_offline_access')?.fingerprint ?? ''
    expect((await run(['adopt', '--only', only, '--accept-weakened', '--quiet'], io)).code).toBe(0)
    expect(read(cwd, 'declared/prod.yaml')).toBe(
      overlay.replace('[allow_offline_access, ', '[') + '    allow_offline_access: true\n',
    )
  })

  it('takes neither what the code itself is about to change nor a conflict, unless they are named', async () => {
    const tenant = await tenantHolding({ ...ORDERS, signing_alg: 'PS256', token_lifetime: 300 })
    const before = FILE.replace('RS256', 'PS256').replace('600', '700')
    const cwd = folderWith({ 'declared/a.yaml': FILE, 'before.yaml': before })
    const io = { cwd, env: envOf(tenant) }
    const args = ['--base', 'before.yaml', '--quiet']
    const { code, out } = await run(['adopt', ...args], io)
    expect([code, out.split('\n').length]).toEqual([2, 2])
    expect(out).toMatch(
      /^not adopted: token_lifetime .* Why: both sides changed it: name it with --only to take the live value \[[0-9a-f]{12}\]\n$/,
    )
    expect(read(cwd, 'declared/a.yaml')).toBe(FILE)

    const { findings } = reportIn((await run(['check', '--output', 'json', ...args], io)).out)
    const only = findings.filter(({ kind }) => kind === 'changed').flatMap(({ fingerprint }) => ['--only', fingerprint])
    expect((await run(['adopt', ...only, ...args], io)).code).toBe(0)
    expect(read(cwd, 'declared/a.yaml')).toBe(FILE.replace('RS256', 'PS256').replace('600', '300'))
  })

  it('takes an API that is gone out of the files only by name', async () => {
    const tenant = await tenantHolding()
    const more = `${FILE}  # the other one\n  - { identifier: urn:other }\n`
    const cwd = folderWith({ 'declared/a.yaml': more })
    const io = { cwd, env: envOf(tenant) }
    const { code, out } = await run(['adopt', '--quiet'], io)
    expect([code, out.match(/name it with --only to take the API out of the files/g)?.length]).toEqual([2, 2])
    expect(read(cwd, 'declared/a.yaml')).toBe(more)
    const only = /orders .* \[([0-9a-f]{12})\]/.exec(out)?.[1] ?? ''
    expect((await run(['adopt', '--only', only, '--quiet'], io)).code).toBe(0)
    expect(read(cwd, 'declared/a.yaml')).toBe(
      '# The orders API\nresource_servers:\n  # the other one\n  - { identifier: urn:other }\n',
    )
  })
})

describe('an API that nobody declares', () => {
  it('is written behind the last one of a single file, once something is recorded', async () => {
    const tenant = await tenantHolding(ORDERS)
    const cwd = folderWith({ 'declared/a.yaml': FILE })
    const io = { cwd, env: envOf(tenant) }
    expect((await run(['record', '--quiet'], io)).code).toBe(0)
    tenant.create({ identifier: 'urn:new:${x}', name: 'New', scopes: [{ value: 'a' }] })
    expect((await run(['adopt', '--quiet'], io)).code).toBe(0)
    const text = read(cwd, 'declared/a.yaml')
    expect(text.startsWith(`${FILE}  - identifier: 'urn:new:$\${x}'\n    name: New\n`)).toBe(true)
    expect(text).not.toContain('signing_secret')
    expect((await run(['check', '--quiet'], io)).code).toBe(0)
  })

  it('gets a file of its own where each has one, and the sources read it', async () => {
    const tenant = await tenantHolding(ORDERS, { identifier: 'urn:other' })
    const cwd = folderWith()
    const io = { cwd, env: envOf(tenant) }
    expect((await run(['init', '.', '--quiet'], io)).code).toBe(0)
    tenant.create({ identifier: 'https://new.example.com/', name: 'New' })
    const before = readdirSync(path.join(cwd, 'declared'))
    const dry = await run(['adopt', '--dry-run', '--quiet'], io)
    expect(dry.out).toMatch(/^--- \/dev\/null\n\+\+\+ b\/declared\/new-example-com\.yaml\n/)
    expect((await run(['adopt', '--quiet'], io)).code).toBe(0)
    expect(readdirSync(path.join(cwd, 'declared')).filter((name) => !before.includes(name))).toEqual([
      'new-example-com.yaml',
    ])
    expect((await run(['check', '--quiet'], io)).code).toBe(0)
  })

  it('is left alone while nothing is recorded', async () => {
    const tenant = await tenantHolding(ORDERS, { identifier: 'urn:other' })
    const cwd = folderWith({ 'declared/a.yaml': FILE })
    expect(await run(['adopt', '--quiet'], { cwd, env: envOf(tenant) })).toEqual({
      code: 0,
      out: 'nothing to adopt\n',
      err: '',
    })
  })
})

describe('a declaration over several files', () => {
  const base = `resource_servers:
  - &orders
    identifier: urn:orders
    token_lifetime: 600
  - { <<: *orders, identifier: urn:other }
`

  it('says the same in every file that builds on one base', async () => {
    const tenant = await tenantHolding(
      { ...ORDERS, token_lifetime: 300 },
      { identifier: 'urn:other', token_lifetime: 600 },
    )
    const overlay = 'extends: [base.yaml]\nresource_servers: []\n'
    const json = '{ "extends": ["base.yaml"], "resource_servers": [] }'
    const cwd = folderWith({ 'declared/base.yaml': base, 'declared/a.yaml': overlay, 'declared/b.json': json })
    const io = { cwd, env: envOf(tenant) }
    expect((await run(['adopt', '--quiet'], io)).code).toBe(0)
    expect(read(cwd, 'declared/base.yaml')).toBe(base)
    expect(read(cwd, 'declared/a.yaml')).toBe(
      'extends: [base.yaml]\nresource_servers:\n  - identifier: urn:orders\n    token_lifetime: 300\n',
    )
    expect(read(cwd, 'declared/b.json')).toBe(
      '{ "extends": ["base.yaml"], "resource_servers": [{ "identifier": "urn:orders", "token_lifetime": 300 }] }',
    )
    expect((await run(['check', '--quiet'], io)).code).toBe(0)
  })

  it('keeps what a merge brought for the API that did not change', async () => {
    const tenant = await tenantHolding(
      { ...ORDERS, token_lifetime: 300 },
      { identifier: 'urn:other', token_lifetime: 600 },
    )
    const cwd = folderWith({ 'declared/base.yaml': base })
    const io = { cwd, env: envOf(tenant) }
    expect((await run(['adopt', '--quiet'], io)).code).toBe(0)
    expect(read(cwd, 'declared/base.yaml')).toBe(
      base.replace('600', '300').replace('urn:other }', 'urn:other, token_lifetime: 600 }'),
    )
    expect((await run(['check', '--quiet'], io)).code).toBe(0)
  })

  it('refuses what would break an alias, and what stands in a file that others extend', async () => {
    const tenant = await tenantHolding({ ...ORDERS, identifier: 'urn:other' })
    const cwd = folderWith({ 'declared/base.yaml': base })
    const io = { cwd, env: envOf(tenant) }
    const only = /\[([0-9a-f]{12})\]/.exec((await run(['adopt', '--quiet'], io)).out)?.[1] ?? ''
    const alone = await run(['adopt', '--only', only, '--quiet'], io)
    expect([alone.code, alone.out]).toEqual([2, expect.stringContaining('cannot be edited automatically')])
    writeMore(cwd, { 'declared/a.yaml': 'extends: [base.yaml]\n' })
    const extended = await run(['adopt', '--only', only, '--quiet'], io)
    expect([extended.code, extended.out]).toEqual([
      2,
      expect.stringContaining('is declared in declared/base.yaml, which other files may extend'),
    ])
    expect(read(cwd, 'declared/base.yaml')).toBe(base)
  })

  it('says where an identifier takes a variable', async () => {
    const tenant = await tenantHolding({ ...ORDERS, token_lifetime: 300 })
    const cwd = folderWith({ 'declared/a.yaml': FILE.replace('urn:orders', 'urn:${what}') })
    const { code, out } = await run(['adopt', '--var', 'what=orders', '--quiet'], { cwd, env: envOf(tenant) })
    expect([code, out]).toEqual([
      0,
      expect.stringContaining('Note: the identifier uses ${what}, so this change also holds for its other values'),
    ])
  })
})

describe('what adopt does not do', () => {
  it('is to agree to settings that nobody declares: record does that', async () => {
    const tenant = await tenantHolding(ORDERS)
    const cwd = folderWith({ 'declared/a.yaml': FILE })
    const io = { cwd, env: envOf(tenant) }
    expect((await run(['record', '--quiet'], io)).code).toBe(0)
    tenant.edit('urn:orders', { allow_offline_access: true, unheard_of: 1 })
    const { code, out } = await run(['adopt', '--accept-weakened', '--quiet'], io)
    expect([code, out.match(/tenant-drift record/g)?.length]).toEqual([2, 2])
    expect(read(cwd, 'declared/a.yaml')).toBe(FILE)
    const only = /allow_offline_access.* \[([0-9a-f]{12})\]/i.exec(out)?.[1] ?? ''
    expect((await run(['adopt', '--only', only, '--accept-weakened', '--quiet'], io)).code).toBe(0)
    expect(read(cwd, 'declared/a.yaml')).toBe(`${FILE}    allow_offline_access: true\n`)
  })

  it('is to change a file that speaks for another tenant too', async () => {
    const tenant = await tenantHolding({ ...ORDERS, token_lifetime: 300 })
    const config = `declared: declared/*.yaml
tenants:
  prod: { domain: "${tenant.domain}", declared: [shared.yaml, prod.yaml] }
  staging: { domain: staging.eu.auth0.com, declared: shared.yaml }
`
    const cwd = folderWith({ 'tenant-drift.yaml': config, 'shared.yaml': FILE, 'prod.yaml': 'resource_servers: []\n' })
    const { code, out } = await run(['adopt', '--tenant', 'prod', '--quiet'], { cwd, env: envOf(tenant) })
    expect([code, out]).toEqual([
      2,
      expect.stringContaining('shared.yaml is also used for tenant staging: give each tenant its own file'),
    ])
    expect(read(cwd, 'shared.yaml')).toBe(FILE)
    const both = await run(['adopt', '--quiet'], { cwd, env: envOf(tenant) })
    expect([both.code, both.err]).toEqual([1, expect.stringContaining('choose one with --tenant')])
  })

  it('is to edit a Terraform state: it names the attribute, the address and the place', async () => {
    const tenant = await tenantHolding({
      ...ORDERS,
      token_encryption: null,
      scopes: [{ value: 'a', description: 'live' }],
    })
    const resource = (type: string, attributes: JsonObject) => {
      const provider = 'provider["registry.terraform.io/auth0/auth0"]'
      return { mode: 'managed', type, name: 'orders', provider, instances: [{ schema_version: 0, attributes }] }
    }
    const state = {
      version: 4,
      resources: [
        resource('auth0_resource_server', { identifier: 'urn:orders', token_lifetime: 600, signing_alg: 'RS256' }),
        resource('auth0_resource_server_scopes', {
          resource_server_identifier: 'urn:orders',
          scopes: [{ name: 'a', description: 'declared' }],
        }),
      ],
    }
    const cwd = folderWith({ 's.tfstate': JSON.stringify(state, null, 1) })
    const { code, out } = await run(['adopt', '--declared', 'tfstate:s.tfstate', '--quiet'], {
      cwd,
      env: envOf(tenant),
    })
    expect(code).toBe(2)
    expect(out).toMatch(
      /Why: another tool declares it: set scopes\.a\.description in auth0_resource_server_scopes\.orders, s\.tfstate:\d+ to: "live"/,
    )
  })

  it('is to edit what another tool wrote: it names the setting and its place', async () => {
    const tenant = await tenantHolding({ ...ORDERS, token_lifetime: 300 })
    const inputs = { identifier: 'urn:orders', token_lifetime: 600 }
    const type = 'pulumi-nodejs:dynamic/tenantDrift:ResourceServerCheck'
    const stack = { deployment: { resources: [{ type, urn: 'urn:pulumi:s::p::x::orders', inputs }] } }
    const cwd = folderWith({ 'stack.json': JSON.stringify(stack, null, 1) })
    const args = ['adopt', '--declared', 'pulumi-stack:stack.json', '--quiet']
    const { code, out } = await run(args, { cwd, env: envOf(tenant) })
    expect(code).toBe(2)
    expect(out).toMatch(/another tool declares it: set \w+ in .*stack\.json:\d+ to: 300/)
    expect(JSON.parse(read(cwd, 'stack.json'))).toEqual(stack)
  })

  it('is to write where a file changed meanwhile, or the tenant could not be read', async () => {
    const tenant = await tenantHolding({ ...ORDERS, token_lifetime: 300 })
    const cwd = folderWith({ 'declared/a.yaml': FILE })
    const io = { cwd, env: envOf(tenant) }
    tenant.setFault({ kind: 'empty-list' })
    expect((await run(['adopt', '--quiet'], io)).code).toBe(1)
    expect(read(cwd, 'declared/a.yaml')).toBe(FILE)

    const replacement = {
      file: path.join(cwd, 'declared/a.yaml'),
      shown: 'a.yaml',
      before: 'what it was\n',
      after: 'x',
    }
    const fresh = { file: path.join(cwd, 'new/new.yaml'), shown: 'new/new.yaml', before: null, after: 'x' }
    await expect(replaceFiles([fresh, replacement], ioOf(cwd).secrets)).rejects.toThrow(
      'a.yaml changed while the tenant was read',
    )
    expect(read(cwd, 'declared/a.yaml')).toBe(FILE)
    expect(readdirSync(cwd)).toEqual(['declared'])
  })

  it('is to send anything for a command line that is wrong', async () => {
    const tenant = await tenantHolding(ORDERS)
    const cwd = folderWith({ 'declared/a.yaml': FILE })
    for (const wrong of [
      ['--onyl', 'x'],
      ['--declared', 'pulumi-stack:-'],
    ]) {
      expect((await run(['adopt', ...wrong], { cwd, env: envOf(tenant) })).code).toBe(1)
    }
    expect(tenant.requests()).toEqual({})
  })
})
