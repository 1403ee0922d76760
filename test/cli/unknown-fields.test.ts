import { describe, expect, it } from 'vitest'
import { FORMATS } from '../../src/schema/output-formats.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { envOf, folderWith, reportIn, run } from './run.ts'

const ids = { 'urn:a': '66a1f0000000000000000001', 'urn:b': '66a1f0000000000000000002' } as const

function put(tenant: Simulator, identifier: keyof typeof ids, fields: Readonly<Record<string, boolean>> = {}): void {
  tenant.put({ id: ids[identifier], identifier, ...fields })
}

/** A recorded tenant in which a new field then appears on two APIs. */
async function grown() {
  const tenant = await tenantWith()
  put(tenant, 'urn:a')
  put(tenant, 'urn:b')
  const cwd = folderWith({
    'declared/a.json': { resource_servers: [{ identifier: 'urn:a' }, { identifier: 'urn:b' }] },
  })
  const io = { cwd, env: envOf(tenant) }
  await run(['record'], io)
  put(tenant, 'urn:a', { quantum: true })
  put(tenant, 'urn:b', { quantum: true })
  return { tenant, cwd, io, check: (...argv: string[]) => run(['check', '-o', 'json', ...argv], io) }
}

const words = ['--reason', 'r', '--owner', 'o', '--expires', '2027-06-01']

describe('a field that nobody knows', () => {
  it('is one finding that names the APIs that have it, in every format', async () => {
    const { io } = await grown()
    const told = await Promise.all(FORMATS.map(async (format) => (await run(['check', '-o', format], io)).out))
    for (const text of told) expect(text).toMatch(/urn(:|%3A)a[^]*urn(:|%3A)b/)
    const { findings } = reportIn(told[FORMATS.indexOf('json')] ?? '')
    expect(findings).toMatchObject([
      { kind: 'unknown-field', identifier: null, path: 'quantum', apis: 2, live: true, counts: true },
    ])
    expect(findings[0]?.on?.map(({ identifier }) => identifier)).toEqual(['urn:a', 'urn:b'])
  })

  it('is hidden on one API alone by the fingerprint of that one', async () => {
    const { io, check } = await grown()
    const [first] = reportIn((await check()).out).findings[0]?.on ?? []
    expect((await run(['accept', first?.fingerprint ?? '', ...words], io)).code).toBe(0)
    const { code, out } = await check()
    expect(code).toBe(2)
    const { findings, ignored, rules } = reportIn(out)
    expect(findings.map(({ path, apis, on }) => [path, apis, on?.map((each) => each.identifier)])).toEqual([
      ['quantum', 1, ['urn:b']],
    ])
    expect(ignored.map(({ finding: each }) => [each.path, each.identifier, each.fingerprint])).toEqual([
      ['quantum', 'urn:a', first?.fingerprint],
    ])
    expect(rules.map(({ rule, state }) => [rule.resource_server, state])).toEqual([['urn:a', 'used']])
  })

  it('is known by the fingerprint of one API to every command that takes one', async () => {
    const { io, check } = await grown()
    const [first] = reportIn((await check()).out).findings[0]?.on ?? []
    for (const command of ['adopt', 'repair']) {
      const { code, out } = await run([command, '--only', first?.fingerprint ?? ''], io)
      expect([command, code, out]).toEqual([
        command,
        2,
        expect.stringMatching(/urn:a[^]*(no declaration can hold it|does not know)/),
      ])
    }
  })

  it('is hidden where it is now by its own fingerprint, and not where it turns up next', async () => {
    const { tenant, io, check } = await grown()
    put(tenant, 'urn:b')
    const { fingerprint = '' } = reportIn((await check()).out).findings[0] ?? {}
    expect((await run(['accept', fingerprint, ...words], io)).code).toBe(0)
    expect((await check()).code).toBe(0)
    put(tenant, 'urn:b', { quantum: true })
    const { code, out } = await check()
    expect([code, reportIn(out).findings[0]?.on?.map(({ identifier }) => identifier)]).toEqual([2, ['urn:b']])
  })

  it('is still hidden everywhere by a rule for all APIs', async () => {
    const { cwd, io, check } = await grown()
    const rule = { resource_server: '*', path: 'quantum', reason: 'r', owner: 'o', expires: '2026-12-01' }
    const config = folderWith({
      'tenant-drift.json': {
        accept: [rule],
        recorded: `${cwd}/tenant-drift.recorded.json`,
        declared: `${cwd}/declared/a.json`,
      },
    })
    const { code, out } = await run(['check', '-o', 'json', '--config', `${config}/tenant-drift.json`], io)
    expect([code, reportIn(out).ignored.map(({ finding }) => finding.apis)]).toEqual([0, [2]])
    expect((await check()).code).toBe(2)
  })

  it('is new where it turned up on another API', async () => {
    const { tenant, io, check } = await grown()
    put(tenant, 'urn:b')
    await run(['check', '-o', 'json=before.json'], io)
    const again = await check('--previous', 'before.json', '--only-new')
    put(tenant, 'urn:b', { quantum: true })
    const more = await check('--previous', 'before.json', '--only-new')
    expect([again.code, more.code]).toEqual([0, 2])
    expect(reportIn(more.out).findings[0]?.seen).toBe('new')
  })
})
