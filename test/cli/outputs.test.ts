import { execFileSync } from 'node:child_process'
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { FORMATS } from '../../src/schema/output-formats.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { envOf, folderWith, readReport, run, write } from './run.ts'

const FILES = { 'declared/a.json': { resource_servers: [] } }

/** A repository in sync with a tenant, beside a folder that is none of its own. */
async function job(files: Readonly<Record<string, unknown>> = {}) {
  const tenant = await tenantWith()
  const place = folderWith({ 'outside/kept': 'as it was' })
  const cwd = path.join(place, 'work')
  mkdirSync(path.join(cwd, '.git'), { recursive: true })
  write(cwd, { ...FILES, ...files })
  const check = (...outputs: readonly string[]) =>
    run(['check', '--quiet', ...outputs.flatMap((output) => ['--output', output])], { cwd, env: envOf(tenant) })
  return { cwd, outside: path.join(place, 'outside'), check, env: envOf(tenant) }
}

describe('two outputs', () => {
  it.each([
    ['one name', 'json=r/a.json', 'html=r/../r/a.json', 'two outputs go to one file'],
    [
      'names that differ only in letter case',
      'json=r/A.json',
      'html=r/a.json',
      'names that differ only in letter case',
    ],
    [
      'one letter, composed in two ways',
      'json=r/\u00e4.json',
      'html=r/a\u0308.json',
      'names that differ only in letter case',
    ],
  ])('do not go to %s: one would be lost', async (_, one, other, words) => {
    const { cwd, check } = await job()
    const { code, err } = await check(one, other)

    expect([code, existsSync(path.join(cwd, 'r'))]).toEqual([1, false])
    expect(err).toContain(words)
  })
})

describe('a report that cannot be written', () => {
  it('is an error of its own, and the others are there, whichever it is', async () => {
    for (const format of FORMATS) {
      const { cwd, check } = await job({ [`r/${format}/committed`]: '' })
      const { code, err } = await check(...FORMATS.map((each) => `${each}=r/${each}`))
      const others = FORMATS.filter((each) => each !== format)

      expect([format, code]).toEqual([format, 1])
      expect(err).toContain(`error: r/${format} cannot be written: what is there is a folder`)
      expect(err.match(/error: /g)).toHaveLength(1)
      expect(others.filter((each) => !lstatSync(path.join(cwd, 'r', each)).isFile())).toEqual([])
      expect(readdirSync(path.join(cwd, 'r')).sort()).toEqual([...FORMATS].sort())
    }
  })

  it('is not written through a link on its way, wherever in the repository the run stands', async () => {
    const { cwd, outside, check, env } = await job({ 'sub/declared/a.json': { resource_servers: [] } })
    symlinkSync(outside, path.join(cwd, 'reports'))
    symlinkSync('reports', path.join(cwd, 'again'))
    const { code, err } = await check('json=reports/r.json', 'sarif=again/deep/r.sarif', 'junit=fine/r.xml')
    const below = await run(['check', '--quiet', '--output', 'json=../reports/r.json'], {
      cwd: path.join(cwd, 'sub'),
      env,
    })

    expect([code, below.code]).toEqual([1, 1])
    expect(err).toMatch(/reports\/r\.json cannot be written: its path goes through a symbolic link/)
    expect(err).toMatch(/again\/deep\/r\.sarif cannot be written: its path goes through a symbolic link/)
    expect(readdirSync(outside)).toEqual(['kept'])
    expect(existsSync(path.join(cwd, 'fine/r.xml'))).toBe(true)
  })

  it('is not written through one where the folder of git is a link itself', async () => {
    const { cwd, outside, env } = await job({ 'sub/declared/a.json': { resource_servers: [] } })
    renameSync(path.join(cwd, '.git'), path.join(outside, 'git'))
    symlinkSync(path.join(outside, 'git'), path.join(cwd, '.git'))
    symlinkSync(outside, path.join(cwd, 'reports'))
    const below = await run(['check', '--quiet', '--output', 'json=../reports/r.json'], {
      cwd: path.join(cwd, 'sub'),
      env,
    })

    expect([below.code, readdirSync(outside).sort()]).toEqual([1, ['git', 'kept']])
    expect(below.err).toContain('its path goes through a symbolic link')
  })

  it('is not written through one by another name of the repository', async () => {
    const { cwd, outside, check } = await job()
    symlinkSync(outside, path.join(cwd, 'reports'))
    symlinkSync(cwd, path.join(outside, 'workspace'))
    const { code } = await check(`json=${path.join(outside, 'workspace/reports/r.json')}`)

    expect(code).toBe(1)
    expect(readdirSync(outside).sort()).toEqual(['kept', 'workspace'])
  })

  it('is not written into a pipe that stands there', { timeout: 20_000 }, async () => {
    const { cwd, check } = await job()
    execFileSync('sh', ['-c', 'mkfifo r.json'], { cwd })
    const { code, err } = await check('json=r.json')

    expect([code, err]).toEqual([1, expect.stringContaining('what is there is not an ordinary file')])
    expect(lstatSync(path.join(cwd, 'r.json')).isFIFO()).toBe(true)
  })

  it('fails `report`, too', async () => {
    const { cwd, check } = await job({ 'r/x': '' })
    await check('json=report.json')
    const { code } = await run(['report', 'report.json', '--output', 'html=r', '--output', 'junit=r.xml'], { cwd })

    expect([code, existsSync(path.join(cwd, 'r.xml'))]).toEqual([1, true])
  })
})

describe('a report is written', () => {
  it('in the place of a link, whose target stays as it was', async () => {
    const { cwd, outside, check } = await job()
    symlinkSync(path.join(outside, 'kept'), path.join(cwd, 'r.json'))
    const { code } = await check('json=r.json')

    expect(code).toBe(0)
    expect(readFileSync(path.join(outside, 'kept'), 'utf8')).toBe('as it was')
    expect(lstatSync(path.join(cwd, 'r.json')).isFile()).toBe(true)
  })

  it('outside of the repository wherever the command line says, links on the way there or not', async () => {
    const { outside, check } = await job()
    mkdirSync(path.join(outside, 'real'))
    symlinkSync('real', path.join(outside, 'link'))
    const { code } = await check(`json=${path.join(outside, 'link/new/r.json')}`)

    expect([code, readdirSync(path.join(outside, 'real/new'))]).toEqual([0, ['r.json']])
  })
})

describe('{tenant} in a path', () => {
  it.each([
    ['../../evil', '..%2F..%2Fevil'],
    ['..', '%2E%2E'],
    ['a/b', 'a%2Fb'],
    ['a\nb', 'a%0Ab'],
    ['\\\\host', '%5C%5Chost'],
    ['$&', '$&'],
    ['Büro 1', 'Büro 1'],
  ])('stays in its folder where a report says that the tenant is called %j', async (name, file) => {
    const { cwd, check } = await job()
    await check('json=r.json')
    write(cwd, { 'r.json': { ...readReport(cwd, 'r.json'), name } })
    const { code, err } = await run(['report', 'r.json', '--output', 'json=r/{tenant}/{tenant}'], { cwd })

    expect([code, err]).toEqual([0, ''])
    expect(readdirSync(cwd).sort()).toEqual(['.git', 'declared', 'r', 'r.json'])
    expect(readReport(cwd, `r/${file}/${file}`).name).toBe(name)
  })

  it.each(['../../evil', '..', 'a/b', 'a\nb', ''])('is no %j of a configuration', async (name) => {
    const { cwd, env } = await job()
    write(cwd, { 'tenant-drift.json': { tenants: { [name]: { domain: env.AUTH0_DOMAIN } } } })

    expect((await run(['check', '--output', 'json=r/{tenant}'], { cwd, env })).code).toBe(1)
    expect(existsSync(path.join(cwd, 'r'))).toBe(false)
  })
})
