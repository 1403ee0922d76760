import { existsSync, linkSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { tenantWith } from '../tenant/with-tenant.ts'
import { envOf, folderWith, run, write } from './run.ts'

const DECLARED = { resource_servers: [] }

/** A project in which every kind of file that decides has a name of its own. */
async function project() {
  const tenant = await tenantWith()
  const { out: taken } = await run(['snapshot'], { env: envOf(tenant) })
  tenant.reset()
  const cwd = folderWith({
    'declared/a.json': { extends: ['../shared/common.json'], resource_servers: [] },
    'declared/b.yaml': 'resource_servers: []\n',
    'shared/common.json': DECLARED,
    'before/a.json': { extends: ['more/b.json'], resource_servers: [] },
    'before/more/b.json': DECLARED,
    'rules.yaml': '[]\n',
    'own-rules.json': [],
    'kept.json': taken,
    'taken.json': taken,
    'folder/resource-servers/.hidden.json': { name: 'a', identifier: 'urn:a' },
    'folder/config.json': { AUTH0_KEYWORD_REPLACE_MAPPINGS: {} },
    'tenant-drift.yaml': 'accept: rules.yaml\nrecorded: kept.json\n',
  })
  const env = envOf(tenant)
  return { cwd, tenant, env }
}

const all = (cwd: string, names: readonly string[]) => names.map((name) => readFileSync(path.join(cwd, name), 'utf8'))

describe('an output is not put in the place of', () => {
  it.each([
    ['a declaration', 'declared/a.json', []],
    ['one in YAML', 'declared/b.yaml', []],
    ['one that another one extends', 'shared/common.json', []],
    ['one in another spelling', 'x/../declared/./b.yaml', []],
    ['one that the command line names', 'shared/common.json', ['--declared', 'shared/common.json']],
    ['the configuration', 'tenant-drift.yaml', []],
    ['the rules', 'rules.yaml', []],
    ['the record', 'kept.json', []],
    ['the base', 'before/a.json', ['--base', 'before/a.json']],
    ['what the base extends', 'before/more/b.json', ['--base', 'before/a.json']],
    ['the snapshot', 'taken.json', ['--live', 'taken.json']],
    ['a file of the deploy CLI', 'folder/resource-servers/.hidden.json', ['--declared', 'a0deploy:folder']],
    ['its configuration', 'folder/config.json', ['--declared', 'a0deploy:folder']],
    ['a state', 'shared/common.json', ['--declared', 'tfstate:shared/common.json']],
  ])('%s (%s), and nothing is sent', async (_what, file, flags) => {
    const { cwd, tenant, env } = await project()
    const names = [path.normalize(file), 'declared/a.json']
    const before = all(cwd, names)
    for (const format of ['json', 'text', 'html']) {
      const { code, err } = await run(['check', ...flags, '-o', `${format}=${file}`, '-o', 'sarif=other.sarif'], {
        cwd,
        env,
      })
      expect([code, err]).toEqual([
        1,
        expect.stringMatching(/^error: \S+ cannot be written: it is .*that this run reads/),
      ])
    }
    expect(all(cwd, names)).toEqual(before)
    expect([tenant.requests(), existsSync(path.join(cwd, 'other.sarif'))]).toEqual([{}, false])
  })

  it('one that a link, another name or a folder that is a link leads to', async () => {
    const { cwd, tenant, env } = await project()
    symlinkSync('declared/b.yaml', path.join(cwd, 'link.json'))
    linkSync(path.join(cwd, 'declared/b.yaml'), path.join(cwd, 'twin.json'))
    symlinkSync('declared', path.join(cwd, 'through'))
    for (const name of ['link.json', 'twin.json', 'through/b.yaml']) {
      const { code, err } = await run(['check', '-o', `json=${name}`], { cwd, env })
      expect([name, code, err]).toEqual([name, 1, expect.stringContaining('under the name declared/b.yaml')])
    }
    expect(all(cwd, ['declared/b.yaml'])).toEqual(['resource_servers: []\n'])
    expect(tenant.requests()).toEqual({})
  })

  it('a declaration that is a link itself', async () => {
    const { cwd, env } = await project()
    symlinkSync('../shared/common.json', path.join(cwd, 'declared/c.json'))
    for (const name of ['declared/c.json', 'shared/common.json'])
      expect((await run(['check', '-o', `json=${name}`], { cwd, env })).err).toMatch(/it is what is declared/)
  })

  it('a record or a configuration that is not there yet, which the next run would take it for', async () => {
    const { cwd, env } = await project()
    write(cwd, { 'tenant-drift.yaml': 'recorded: "{tenant}.json"\ntenants: { a: { domain: x.eu.auth0.com } }\n' })
    const { code, err } = await run(['check', '-o', 'json=a.json'], { cwd, env })
    expect([code, err]).toEqual([1, expect.stringContaining('it is the record')])
  })

  it('the history, by any command that writes', async () => {
    const { cwd, env } = await project()
    const remembers = { cwd, env: { ...env, TENANT_DRIFT_HISTORY: 'h.db' } }
    await run(['check', '--quiet'], remembers)
    const before = readFileSync(path.join(cwd, 'h.db'))
    for (const argv of [
      ['check', '-o', 'json=h.db'],
      ['check', '-o', 'json=h.db-wal'],
      ['history', '-o', 'html=./h.db'],
      ['repair', '-o', 'sh=h.db'],
      ['snapshot', 'h.db'],
    ]) {
      const { code, err } = await run(argv, remembers)
      expect([argv, code, err]).toEqual([
        argv,
        1,
        expect.stringMatching(/^error: h\.db(-wal)? cannot be written: it is the history that/),
      ])
    }
    expect(readFileSync(path.join(cwd, 'h.db')).equals(before)).toBe(true)
  })

  it('anything of these by another command', async () => {
    const { cwd, tenant, env } = await project()
    const files = [
      'declared/a.json',
      'tenant-drift.yaml',
      'rules.yaml',
      'kept.json',
      'taken.json',
      'shared/common.json',
    ]
    const before = all(cwd, files)
    const calls = [
      ['snapshot', 'declared/b.yaml'],
      ['snapshot', 'shared/common.json'],
      ['snapshot', 'kept.json'],
      ['snapshot', './tenant-drift.yaml'],
      ['record', '--recorded', 'declared/a.json'],
      ['record', '--recorded', 'rules.yaml'],
      ['record', '--recorded', 'shared/common.json'],
      ['report', 'taken.json', '-o', 'html=taken.json'],
    ]
    await run(['check', '-o', 'json=r.json', '--quiet'], { cwd, env })
    tenant.reset()
    for (const call of calls) {
      const { code, err } = await run(call, { cwd, env })
      expect([call, code, err]).toEqual([call, 1, expect.stringMatching(/^error: /)])
    }
    const { code, err } = await run(['report', 'r.json', '-o', 'html=r.json'], { cwd, env })
    expect([code, err]).toEqual([1, expect.stringContaining('it is the report that this run reads')])
    expect([all(cwd, files), tenant.requests()]).toEqual([before, {}])
  })
})

it('records of several tenants have a file each', async () => {
  const { cwd, tenant, env } = await project()
  write(cwd, {
    'tenant-drift.yaml': 'recorded: kept.json\ntenants: { a: { domain: a.example }, b: { domain: b.example } }\n',
  })
  const { code, err } = await run(['record'], { cwd, env })
  expect([code, err, tenant.requests()]).toEqual([1, expect.stringContaining('put {tenant} into the path'), {}])
})

it.each([['record'], ['snapshot', '{tenant}.json']])(
  'what %s writes of tenants whose names differ by case alone is one file on some disks, and refused',
  async (...argv) => {
    const { cwd, tenant, env } = await project()
    write(cwd, { 'tenant-drift.yaml': 'tenants: { a: { domain: a.example }, A: { domain: b.example } }\n' })
    const { code, err } = await run(argv, { cwd, env })
    expect([code, err, tenant.requests()]).toEqual([1, expect.stringContaining('differ only in letter case'), {}])
  },
)

it('the report of an earlier run is replaced, and so is the one that findings are new against', async () => {
  const { cwd, env } = await project()
  mkdirSync(path.join(cwd, 'r'))
  for (const flags of [[], [], ['--previous', 'r/report.json']]) {
    const { code, err } = await run(['check', '--quiet', ...flags, '-o', 'json=r/report.json'], { cwd, env })
    expect([code, err]).toEqual([0, ''])
  }
  const { code } = await run(['record', '--quiet'], { cwd, env })
  expect(code).toBe(0)
})
