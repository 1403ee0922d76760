import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FIELDS } from '../../src/schema/fields.ts'
import { byCodeUnits, isJsonObject, sameJson, type Json, type JsonObject } from '../../src/schema/json.ts'
import { parsePath } from '../../src/schema/path.ts'
import { bareApi, IDENTIFIER, liveForm, mutations } from '../support/corpus.ts'
import { compareAll, compareOne, said } from '../support/scenes.ts'

const NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'a.b',
  'a[0]',
  '["x"]',
  'say "hi"',
  String.raw`\ `,
  '',
  ' ',
  '*',
  '0',
  '\u2028',
  '🙂',
  '\ud800',
]

const byName = (a: string | undefined, b: string | undefined) => byCodeUnits(a ?? '', b ?? '')
const scopes = (...names: readonly string[]) => ({ scopes: names.map((value) => ({ value })) })
const described = (name: string, description: string) => ({ scopes: [{ value: 'x' }, { value: name, description }] })
const parsed = (text: string) => JSON.parse(text) as JsonObject

describe('a name that means something to somebody', () => {
  it.each(NAMES)('as a scope %j is found when it comes, goes and changes', (name) => {
    const paths = (declared: JsonObject, live: JsonObject) =>
      compareOne({ declared, live: { ...bareApi(), ...live } }).findings.map(({ path, kind }) => [
        kind,
        parsePath(path),
      ])

    expect(paths(scopes('x'), scopes('x', name))).toEqual([['changed', ['scopes', name]]])
    expect(paths(scopes('x', name), scopes('x'))).toEqual([['changed', ['scopes', name]]])
    expect(paths(scopes(name), {})).toEqual([['changed', ['scopes', name]]])
    expect(paths({ scopes: null }, scopes(name))).toEqual([['changed', ['scopes', name]]])
    expect(paths(described(name, 'a'), described(name, 'b'))).toEqual([['changed', ['scopes', name, 'description']]])
    expect(paths(scopes('x', name), scopes(name, 'x'))).toEqual([])
  })

  it('all at once: each scope is itself', () => {
    const { findings } = compareOne({ declared: scopes(...NAMES), live: { ...bareApi(), scopes: [] } })

    expect(findings.map(({ path }) => parsePath(path)?.[1]).toSorted(byName)).toEqual(NAMES.toSorted(byName))
    expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(NAMES.length)
  })

  it.each(NAMES)('as an identifier %j is one of its own', (name) => {
    const identifier = name === '' ? 'empty' : name
    const live = [{ ...bareApi(), identifier }]

    expect(said(compareAll({ live, declared: [{ identifier, token_lifetime: 1 }] }).findings)).toEqual([
      'changed drift token_lifetime',
    ])
    expect(said(compareAll({ live, recorded: [] }).findings)).toEqual(['unmanaged drift (api)'])
  })

  it.each(NAMES)('as an unknown key %j is reported, top and nested, and compared with what was recorded', (name) => {
    const key = JSON.stringify(name)
    const top = parsed(`{${key}: 1}`)
    const live = parsed(`{${JSON.stringify(bareApi()).slice(1, -1)}, ${key}: 1}`)
    const nested = parsed(`{"scopes": [{"value": "x", ${key}: 1}]}`)
    const paths = (api: JsonObject, declared: JsonObject, recorded?: JsonObject) =>
      compareOne({ declared, live: api, ...(recorded === undefined ? {} : { recorded }) }).findings.map((finding) => [
        finding.kind,
        parsePath(finding.path),
      ])

    expect(paths(live, {})).toEqual([['unknown-field', [name]]])
    expect(paths(live, {}, live)).toEqual([])
    expect(paths(bareApi(), {}, live)).toEqual([['unknown-field', [name]]])
    expect(paths({ ...bareApi(), ...nested }, scopes('x'))).toEqual([['unknown-field', ['scopes', 'x', name]]])
    expect(Object.hasOwn(top, name)).toBe(true)
  })

  it.each(NAMES)('as a member of an open item %j is found', (name) => {
    const item = (value: string) =>
      parsed(`{"authorization_details": [{"type": "a", ${JSON.stringify(name)}: ${value}}]}`)
    const paths = (declared: JsonObject, live: JsonObject) =>
      compareOne({ declared, live: { ...bareApi(), ...live } }).findings.map(({ path }) => parsePath(path))

    expect(paths(item('1'), item('2'))).toEqual([['authorization_details', 'a', name]])
    expect(paths({ authorization_details: [{ type: 'a' }] }, item('null'))).toEqual([
      ['authorization_details', 'a', name],
    ])
    expect(paths(item('[{"":1}]'), item('[{}]'))).toEqual([['authorization_details', 'a', name]])
    expect(paths(item('{"":{"":1}}'), item('{"":{}}'))).toEqual([['authorization_details', 'a', name, '', '']])
  })
})

/** Fields at any of their samples: an API as the code may declare it, with the live form of it. */
const settings = fc
  .subarray(
    mutations().filter(({ row }) => !row.path.includes('.') && row.watched),
    { minLength: 1 },
  )
  .map((chosen) =>
    Object.fromEntries(chosen.map(({ row, declared }) => [row.path, declared[row.path] ?? null] as const)),
  )

const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>

describe('any API', () => {
  it('that is as declared has no finding, in whatever order its keys and scopes come', () => {
    fc.assert(
      fc.property(settings, fc.boolean(), (declared, withBase) => {
        const live = turned(liveForm({ ...bareApi(), ...declared }))
        const result = compareOne({ declared, live, ...(withBase ? { base: declared } : {}) })

        expect(result.findings).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('that differs in one field has findings in that field and no other', () => {
    const change = fc.constantFrom(...mutations().filter(({ row }) => row.watched && row.compare !== 'secret'))
    fc.assert(
      fc.property(settings, change, (around, mutation) => {
        const top = mutation.row.path.split('.')[0] ?? ''
        const declared = { ...around, [top]: mutation.declared[top] ?? null }
        const { [top]: _old, ...rest } = liveForm({ ...bareApi(), ...around })
        const live = Object.hasOwn(mutation.live, top) ? { ...rest, [top]: mutation.live[top] ?? null } : rest
        const { findings } = compareOne({ declared, live, base: declared })

        expect(said(findings)).toEqual(mutation.paths.map((path) => `changed drift ${path}`))
      }),
      { numRuns: 300 },
    )
  })

  it('with any JSON at all in a field never crashes, never counts as in sync unless it is, and never shows two findings at one path', () => {
    const fields = FIELDS.filter((row) => !row.path.includes('.') && row.compare !== 'key' && row.compare !== 'secret')
    fc.assert(
      fc.property(fc.constantFrom(...fields), json, json, settings, (row, value, recorded, declared) => {
        const wanted = declared[row.path] ?? row.samples[0] ?? null
        const live = { ...bareApi(), [row.path]: value }
        const result = compareOne({
          declared: { ...declared, [row.path]: wanted },
          base: { [row.path]: recorded },
          recorded: { ...bareApi(), [row.path]: recorded },
          live,
        })
        const keys = result.findings.map(({ path, kind }) => `${kind} ${path}`)
        const about = result.findings.filter(({ path }) => parsePath(path)?.[0] === row.path)

        expect(new Set(keys).size).toBe(keys.length)
        const isPlain = row.json !== 'list' && row.json !== 'object'
        const meansAbsent = (one: Json) => one === null || row.absentEquals.some((other) => sameJson(other, one))
        const isSilent = !about.some(({ kind }) => kind !== 'weaker-declaration')
        const isSame = sameJson(value, wanted) || (meansAbsent(value) && meansAbsent(wanted))
        expect(isPlain && isSilent && !isSame).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  it('is compared in time that grows with it, not with its square', () => {
    const many = (from: number) => Array.from({ length: 1000 }, (_, index) => `scope:${from + index}`)
    const before = process.cpuUsage()
    const { findings } = compareOne({ declared: scopes(...many(0)), live: { ...bareApi(), ...scopes(...many(500)) } })
    const { user } = process.cpuUsage(before)

    expect(findings).toHaveLength(1000)
    expect(user / 1000).toBeLessThan(1000)
    expect(findings[0]?.identifier).toBe(IDENTIFIER)
  })
})

/** Keys the other way round, and the items of every list that has keys. */
function turned(value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, member]) => {
        if (Array.isArray(member)) return [key, (member as readonly Json[]).toReversed()]
        return [key, isJsonObject(member) ? turned(member) : member]
      }),
  )
}
