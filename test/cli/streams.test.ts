import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { FORMATS } from '../../src/schema/output-formats.ts'
import { HOSTILE, plant } from '../report/hostile.ts'
import { richReport } from '../report/rich-report.ts'
import { actsOn } from '../support/acts-on.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { envOf, folderWith, readReport, run, write, type Ran } from './run.ts'

/** What no file's name can hold is left out of it. */
const FILE_NAME = `${Object.values(HOSTILE).join('').toWellFormed().replaceAll(/[/\0]/g, '').slice(0, 60)}\n::error::x`
const TEXTS = Object.values(HOSTILE).map((text) => text.slice(0, 250).toWellFormed())

/** Nothing in either stream acts; `orders` are those of a format of ours. */
function expectHarmless({ out, err }: Ran, what: string, mayOrder = false): void {
  expect([what, ...actsOn(out, { mayOrder })]).toEqual([what])
  expect([what, ...actsOn(err)]).toEqual([what])
}

/** A tenant and a declaration that say all of it wherever they can. */
async function hostile() {
  const tenant = await tenantWith({ apis: 0 })
  for (const [index, text] of TEXTS.entries()) {
    const scopes = [{ value: `${text}${index}`, description: text }]
    tenant.create({ identifier: text, name: text, signing_alg: 'HS256', scopes, [text.slice(0, 20)]: text })
    tenant.create({ identifier: `${text} nobody`, name: text })
  }
  const declared = TEXTS.map((identifier) => ({
    identifier,
    signing_alg: 'RS256',
    scopes: [],
  }))
  const safe = JSON.stringify({ resource_servers: declared }).replaceAll('${', () => '$${')
  const cwd = folderWith({ [`declared/${FILE_NAME}.json`]: safe })
  return { tenant, cwd, io: { cwd, env: envOf(tenant) } }
}

describe('texts of a tenant act on nobody', () => {
  it('in a check, in any format, on any stream and in any file', { timeout: 120_000 }, async () => {
    const { cwd, io } = await hostile()
    for (const format of FORMATS) {
      const ran = await run(['check', '-o', format, '-o', `json=r/${format}`, '--color', 'never'], io)
      expect([format, ran.code, ran.code === 2 || ran.out.slice(0, 2500)]).toEqual([format, 2, true])
      expectHarmless(ran, format, format === 'github')
    }
    await run(['check', ...FORMATS.flatMap((format) => ['-o', `${format}=f/${format}`])], io)
    for (const format of FORMATS) {
      const text = readFileSync(path.join(cwd, 'f', format), 'utf8')
      expect([format, ...actsOn(text, { mayOrder: format === 'github' })]).toEqual([format])
    }
  })

  it('in any other command', { timeout: 120_000 }, async () => {
    const { cwd, io } = await hostile()
    await run(['check', '-o', 'json=r.json'], io)
    const prints = readReport(cwd, 'r.json').findings.map(({ fingerprint }) => fingerprint)
    expect(prints.length).toBeGreaterThan(TEXTS.length)
    const about = ['--reason', TEXTS.join(' '), '--owner', 'o', '--expires', '2026-12-24']
    const calls = [
      ['snapshot'],
      ['snapshot', `${FILE_NAME}.snapshot`],
      ['doctor'],
      ['check', '--show-config', '--declared', TEXTS[0] ?? '', '--target', TEXTS[1] ?? ''],
      ...prints.slice(0, 40).map((print) => ['explain', print, '--report', 'r.json']),
      ['accept', prints[0] ?? '', '--report', 'r.json', ...about],
      ...['text', 'json', 'sh', 'auth0'].map((format) => [
        'repair',
        '--include-breaking',
        '--accept-weakened',
        '--output',
        format,
      ]),
      ['adopt', '--dry-run', '--accept-weakened'],
      ['adopt', '--accept-weakened'],
      ['record'],
      ['init', 'new'],
      ['check'],
    ]
    for (const call of calls) expectHarmless(await run(call, io), call.join(' '))
    const written = readdirSync(cwd).filter((name) => name.endsWith('.snapshot') || name.includes('recorded'))
    expect(written).toHaveLength(2)
    for (const name of written) expect(actsOn(readFileSync(path.join(cwd, name), 'utf8'))).toEqual([])
  })
})

it('texts of a report act on nobody, in any format and in explain', { timeout: 60_000 }, async () => {
  for (const [name, text] of Object.entries(HOSTILE)) {
    const report = plant(richReport(), text)
    const days = { expires: '2026-12-31' }
    const whole = {
      ...report,
      ignored: report.ignored.map((item) => ({ ...item, ...days })),
      rules: report.rules.map((item) => ({ ...item, rule: { ...item.rule, ...days } })),
      findings: report.findings.map((finding, index) => ({ ...finding, fingerprint: `abcdef${index}` })),
    }
    const cwd = folderWith({ 'r.json': whole })
    for (const format of FORMATS) {
      const ran = await run(['report', 'r.json', '-o', format], { cwd })
      expectHarmless(ran, `${name} ${format}`, format === 'github')
    }
    for (const index of report.findings.keys()) {
      const ran = await run(['explain', `abcdef${index}`, '--report', 'r.json'], { cwd })
      expectHarmless(ran, name)
      // Each line of it is one of ours: it is indented.
      expect(
        ran.out
          .split('\n')
          .slice(1)
          .filter((line) => /^\S/.test(line) && !/^[.\w]/.test(line)),
      ).toEqual([])
    }
  }
})

describe('texts of files and of whoever calls act on nobody', () => {
  it.each(Object.entries(HOSTILE))('%s', { timeout: 60_000 }, async (_name, raw) => {
    const text = raw.toWellFormed()
    expect(text).not.toBe('')
    const file = `${text.replaceAll(/[/\0]/g, '').slice(0, 60)}.yaml`
    const tenant = await tenantWith()
    const cwd = folderWith({
      [`declared/${file}`]: `resource_servers:\n  - identifier: ${JSON.stringify(text)}\n    ${JSON.stringify(text)}: 1\n`,
    })
    const io = { cwd, env: envOf(tenant) }
    for (const output of ['json', 'text', 'sarif']) expectHarmless(await run(['check', '-o', output], io), output)
    const calls = [
      ['check', '--declared', text],
      ['check', `--${text}`],
      [text],
      ['check', '--tenant', text],
      ['check', '-o', text],
      ['check', '-o', `json=${text}/x`],
      ['check', '--base', text],
      ['check', '--trust', text],
      ['check', '--config', text],
      ['check', '--var', text],
      ['check', '--target', text],
      ['check', '--recorded', text],
      ['explain', text],
      ['explain', 'abcdef', '--report', text],
      ['report', text],
      ['accept', text, '--reason', 'r', '--owner', 'o', '--expires', text],
      ['simulate', '--load', text],
      ['simulate', '--port', text],
      ['init', text],
    ]
    for (const call of calls) expectHarmless(await run(call, io), call[0] ?? '')
    for (const env of [
      { AUTH0_DOMAIN: text },
      { ...envOf(tenant), AUTH0_API_TOKEN: text },
      { TENANT_DRIFT_GATE: text },
    ])
      expectHarmless(await run(['check', '-o', 'json'], { cwd, env }), 'env')
    write(cwd, { 'tenant-drift.yaml': `${JSON.stringify(text)}: 1\naccept: ${JSON.stringify(text)}\n` })
    expectHarmless(await run(['check'], io), 'config')
  })
})
