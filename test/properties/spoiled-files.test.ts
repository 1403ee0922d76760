import { dump } from 'js-yaml'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arrange } from '../../src/words/arrange.ts'
import { parseReport, render } from '../../src/report/front.ts'
import { FORMATS } from '../../src/schema/output-formats.ts'
import { ERROR_CODES, TenantDriftError } from '../../src/schema/errors.ts'
import type { Json, JsonObject } from '../../src/schema/json.ts'
import { toSnapshotFile } from '../../src/tenant/front.ts'
import { folderWith, NOW, run, write, type Ran } from '../cli/run.ts'
import { richReport } from '../report/rich-report.ts'
import { PROOF } from '../support/scenes.ts'
import { apis, liveOf } from './apis.ts'
import { holdsInTime, PATIENCE } from './seed.ts'
import { isOnlySecret, PLANTED, spoiled } from './spoil.ts'

const TENANT = 'acme.eu.auth0.com'
const CANARY: JsonObject = { id: '66a100000000000000000fff', identifier: `https://${TENANT}/api/v2/`, is_system: true }
const API: JsonObject = { identifier: 'urn:a', signing_alg: 'HS256', scopes: [{ value: 'read' }] }
const WITH_SECRET: JsonObject = { ...API, signing_secret: PLANTED }
const LIVE = [liveOf('urn:a', API), CANARY]

const snapshotOf = (items: readonly JsonObject[]): JsonObject => {
  const canary = { identifier: CANARY.identifier as string, binding: 'token-audience' } as const
  const proof = { ...PROOF, total: items.length, items: items.length, canary }
  const file = toSnapshotFile({ tenant: TENANT, complete: true, items, proof }, new Date(NOW))
  return file as unknown as JsonObject
}

const CONFIG: Json = {
  tenants: {
    acme: {
      domain: TENANT,
      credentials: { client_secret: PLANTED },
      accept: [
        { resource_server: '*', path: 'scopes.**', kind: 'changed', reason: 'r', owner: 'o', expires: '2026-12-31' },
      ],
    },
  },
  declared: ['declared.json'],
  variables: { stage: 'prod' },
  gate: 'all',
  fail_on: 'high',
  max_age: '2h',
  output: ['text'],
}

describe('files with anything at all in them', { timeout: PATIENCE }, () => {
  const begin = () => folderWith({ 'live.json': snapshotOf(LIVE), 'declared.json': { resource_servers: [API] } })
  const check = (cwd: string, ...argv: string[]) =>
    run(['check', ...(argv.includes('--live') ? [] : ['--live', 'live.json']), ...argv], {
      cwd,
      env: { AUTH0_DOMAIN: TENANT },
    })

  /** What is wrong with a run on this text: it should end with a code of ours, say why, and tell no secret. */
  function wrong({ code, out, err }: Ran, text: string): readonly string[] {
    const said = out + err
    return [
      ...([0, 1, 2].includes(code) ? [] : [`exit ${code}`]),
      ...(code === 1 && !/\w/.test(said) ? ['no word of why'] : []),
      ...(/\n\s+at .*\.ts:\d+/.test(said) ? ['a stack'] : []),
      ...(isOnlySecret(text) && said.includes(PLANTED) ? ['a secret was told'] : []),
      ...(Object.hasOwn(Object.prototype, 'polluted') ? ['a prototype was changed'] : []),
    ]
  }

  it('as what is declared, in JSON and YAML, are read or refused', async () => {
    const cwd = begin()
    const outcomes = new Set<string>()
    const declaration = apis(0, 2).map((list): Json => ({
      tenant: TENANT,
      resource_servers: [WITH_SECRET, ...list.map(({ declared }) => declared)],
      managed_elsewhere: ['urn:legacy:*'],
    }))
    await holdsInTime(
      fc.asyncProperty(spoiled(declaration), fc.boolean(), async (text, asYaml) => {
        const file = asYaml ? 'any.yaml' : 'any.json'
        write(cwd, { [file]: asYaml ? yamlOf(text) : text })
        const ran = await check(cwd, '--declared', file, '--output', 'json')
        expect(wrong(ran, text)).toEqual([])
        outcomes.add(ran.out.includes('"invalid_declaration"') ? 'refused' : 'read')
      }),
      150,
    )
    expect(outcomes).toEqual(new Set(['read', 'refused']))
  })

  it.each(['--live', '--recorded'])('as %s are taken or refused', async (flag) => {
    const cwd = begin()
    const codes = new Set<number>()
    const snapshot = apis(0, 2).map((list) =>
      snapshotOf([...LIVE, ...list.map(({ identifier, declared }, index) => liveOf(identifier, declared, index + 2))]),
    )
    await holdsInTime(
      fc.asyncProperty(spoiled(snapshot), async (text) => {
        write(cwd, { 'any.json': text })
        const ran = await check(cwd, flag, 'any.json', '--declared', 'declared.json')
        expect(wrong(ran, text)).toEqual([])
        codes.add(ran.code)
      }),
      100,
      2000,
    )
    expect([...codes]).toEqual(expect.arrayContaining([1]))
    expect(codes.size).toBeGreaterThan(1)
  })

  it('as the configuration are obeyed or refused', async () => {
    const cwd = begin()
    await holdsInTime(
      fc.asyncProperty(spoiled(fc.constant(CONFIG)), async (text) => {
        write(cwd, { 'any.yaml': text })
        expect(wrong(await check(cwd, '--config', 'any.yaml'), text)).toEqual([])
      }),
      100,
      2000,
    )
  })

  it('as a report are written in every format, or refused, and serve as an earlier one or are refused', async () => {
    const cwd = begin()
    const codes = new Set<number>()
    const report = fc.constant(JSON.parse((await render('json', richReport())) ?? '') as Json)
    await holdsInTime(
      fc.asyncProperty(spoiled(report), fc.constantFrom(...FORMATS), async (text, format) => {
        write(cwd, { 'any.json': text })
        const ran = await run(['report', 'any.json', '--output', format], { cwd, env: {} })
        expect(wrong(ran, text)).toEqual([])
        expect(wrong(await check(cwd, '--declared', 'declared.json', '--previous', 'any.json'), text)).toEqual([])
        codes.add(ran.code)
      }),
      100,
      2000,
    )
    expect(codes).toEqual(new Set([0, 1]))
  })

  it('as a report that is rendered and parsed again are the same report, and the same bytes', async () => {
    let kept = 0
    const report = fc.constant(JSON.parse((await render('json', richReport())) ?? '') as Json)
    await holdsInTime(
      fc.asyncProperty(spoiled(report), async (text) => {
        const first = parsed(text)
        if (first === null) return
        kept += 1
        const written = (await render('json', first)) ?? ''
        const again = parseReport(written)

        expect(await render('json', again)).toBe(written)
        // A number beyond every double is read as Infinity, which JSON writes as null.
        expect(again).toEqual(JSON.parse(JSON.stringify(arrange(first))))
      }),
      200,
    )
    expect(kept).toBeGreaterThan(10)
  })

  function parsed(text: string) {
    try {
      return parseReport(text)
    } catch (error) {
      if (error instanceof TenantDriftError && Object.hasOwn(ERROR_CODES, error.code)) return null
      throw error
    }
  }

  /** The same in YAML, where it is whole; damaged JSON is damaged YAML. */
  function yamlOf(text: string): string {
    try {
      return dump(JSON.parse(text))
    } catch {
      return text
    }
  }
})
