import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { reportPaths } from '../../src/cli/report-paths.ts'
import { FORMATS } from '../../src/schema/output-formats.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { envOf, folderWith, ioOf, NOW, readReport, reportIn, run, write } from './run.ts'

const HOUR = 3_600_000
const AT = new Date(NOW).toISOString()
const declared = { resource_servers: [{ identifier: 'urn:a', signing_alg: 'RS256' }] }

async function drifted(): Promise<Simulator> {
  const tenant = await tenantWith({ apis: 0 })
  tenant.create({ identifier: 'urn:a', name: 'a', signing_alg: 'HS256' })
  return tenant
}

describe('when a report was judged, and from what', () => {
  it('stands in every format, for a tenant', async () => {
    const [tenant, cwd] = [await drifted(), folderWith({ 'declared/a.json': declared })]
    const told = await Promise.all(
      FORMATS.map(async (format) => (await run(['check', '-o', format], { cwd, env: envOf(tenant) })).out),
    )
    expect(told.filter((text) => !/2026-11-24[T ]12:00:00/.test(text))).toEqual([])
    const { judged, judgedWith, generatedAt } = reportIn(told[FORMATS.indexOf('json')] ?? '')
    expect(judged).toEqual({ at: AT, from: 'tenant', takenAt: null })
    expect(judgedWith).toEqual({ live: null, base: null, recorded: null })
    expect(generatedAt).toBe(AT)
  })

  it('names the snapshot, the base and the record, and claims to have read no tenant', async () => {
    const [tenant, cwd] = [await drifted(), folderWith({ 'declared/a.json': declared, 'base.json': declared })]
    const env = envOf(tenant)
    await run(['record'], { cwd, env, now: () => NOW - 48 * HOUR })
    await run(['snapshot', 'live.json'], { cwd, env, now: () => NOW - 2 * HOUR })
    const outputs = FORMATS.filter((format) => format !== 'text').flatMap((format) => ['-o', `${format}=${format}`])
    const { out } = await run(['check', '--live', 'live.json', '--base', 'base.json', '-o', 'text', ...outputs], {
      cwd,
      env: {},
    })
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      'Judged 2026-11-24 12:00:00 UTC, from the snapshot live.json, taken 2026-11-24 10:00:00 UTC. Base: base.json. Record: tenant-drift.recorded.json of 2026-11-22 12:00:00 UTC.',
    )
    expect(readReport(cwd, 'json')).toMatchObject({
      judged: { at: AT, from: 'snapshot', takenAt: new Date(NOW - 2 * HOUR).toISOString() },
      judgedWith: { live: 'live.json', base: { sources: ['base.json'], commit: null } },
    })
    const texts = await Promise.all(
      FORMATS.map(async (format) => (await run(['report', 'json', '-o', format], { cwd })).out),
    )
    for (const text of texts) expect(text).not.toMatch(/from the tenant|Read \d|the tenant is read completely/)
  })

  it('gives the same bytes for the same input and clock, in every format', async () => {
    const [tenant, cwd] = [await drifted(), folderWith({ 'declared/a.json': declared })]
    const env = { ...envOf(tenant), SOURCE_DATE_EPOCH: '1764000000' }
    await run(['snapshot', 'live.json'], { cwd, env })
    const outputs = async (now: number) =>
      Promise.all(
        FORMATS.map(
          async (format) =>
            (await run(['check', '--live', 'live.json', '-o', format], { cwd, env, now: () => now })).out,
        ),
      )
    const first = await outputs(NOW)
    expect(await outputs(NOW + 900 * HOUR)).toEqual(first)
    expect(reportIn(first[FORMATS.indexOf('json')] ?? '')).toMatchObject({
      judged: { at: '2025-11-24T16:00:00.000Z', takenAt: '2025-11-24T16:00:00.000Z' },
      notes: [expect.stringContaining('no base was known'), expect.stringContaining('SOURCE_DATE_EPOCH')],
    })
  })

  it.each(['yesterday', '-1', '1.5', '1e9', '253402300800', '99999999999999'])(
    'refuses the clock SOURCE_DATE_EPOCH=%s before anything is sent',
    async (epoch) => {
      const [tenant, cwd] = [await drifted(), folderWith({ 'declared/a.json': declared })]
      const { code, out, err } = await run(['check'], { cwd, env: { ...envOf(tenant), SOURCE_DATE_EPOCH: epoch } })
      expect([code, out]).toEqual([1, ''])
      expect(err).toContain('SOURCE_DATE_EPOCH is not a valid time')
      expect(tenant.requests()).toEqual({})
    },
  )

  it('is no news: an earlier report with another time, or none, is the same', async () => {
    const [tenant, cwd] = [await drifted(), folderWith({ 'declared/a.json': declared })]
    const env = envOf(tenant)
    await run(['check', '-o', 'json=before.json'], { cwd, env, now: () => NOW - HOUR })
    const { judged: _judged, judgedWith: _with, ...old } = readReport(cwd, 'before.json')
    write(cwd, { 'old.json': { ...old, generatedAt: null } })
    for (const previous of ['before.json', 'old.json']) {
      const { code, out } = await run(['check', '--previous', previous, '--only-new', '-o', 'json'], { cwd, env })
      expect([code, reportIn(out).findings.map(({ seen }) => seen)]).toEqual([0, ['ongoing']])
      expect(reportIn(out).findings[0]?.fingerprint).toBe(old.findings[0]?.fingerprint)
    }
    for (const format of FORMATS) expect((await run(['report', 'old.json', '-o', format], { cwd })).code).toBe(0)
  })
})

describe('paths in reports', () => {
  it('are none for what came through a pipe', () => {
    const paths = reportPaths(ioOf(folderWith()))
    expect(paths.place('.', '-', 3)).toEqual({ file: null, line: null })
    expect(paths.source('.', 'tfstate:-')).toBe('tfstate:-')
    expect(paths.inText('.', '-')).toBe('standard input')
    expect(paths.inText('.', 'main:declared/a.yaml')).toBe('main:declared/a.yaml')
  })

  it('begin at the root of the repository, wherever the command runs and the configuration lies', async () => {
    const tenant = await drifted()
    const top = folderWith({
      'services/a/declared/a.json': declared,
      'services/a/tenant-drift.yaml':
        "accept: [{ resource_server: 'urn:x', path: '', reason: r, owner: o, expires: '2026-12-31' }]\n",
      'tools/x': '',
    })
    mkdirSync(path.join(top, '.git'))
    const env = envOf(tenant)
    const outputs = ['json', 'junit', 'gitlab', 'sarif', 'github'].flatMap((format) => ['-o', `${format}=../${format}`])
    await run(['check', '--config', '../services/a/tenant-drift.yaml', ...outputs], {
      cwd: path.join(top, 'tools'),
      env,
    })
    const report = readReport(top, 'json')
    expect(report.findings.map(({ file, line }) => [file, line])).toEqual([['services/a/declared/a.json', 1]])
    expect(report.sources).toEqual(['services/a/declared/a.json'])
    expect(report.rules.map(({ file }) => file)).toEqual(['services/a/tenant-drift.yaml'])
    expect(JSON.stringify(readReport(top, 'gitlab'))).toContain('"path":"services/a/declared/a.json"')
    expect(JSON.stringify(readReport(top, 'sarif'))).toContain('"uri":"services/a/declared/a.json"')
    const inside = await run(['check', '-o', 'json'], { cwd: path.join(top, 'services/a'), env })
    expect(reportIn(inside.out).findings).toEqual(report.findings)
  })

  it('of a mistake are the same', async () => {
    const tenant = await drifted()
    const top = folderWith({ 'services/a/declared/a.json': { resource_servers: [{ identifier: 'urn:a', nmae: 1 }] } })
    mkdirSync(path.join(top, '.git'))
    const { out } = await run(['check', '-o', 'json'], { cwd: path.join(top, 'services/a'), env: envOf(tenant) })
    expect(reportIn(out).errors[0]?.message).toMatch(/^services\/a\/declared\/a\.json:1:/)
  })
})
