import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Finding } from '../../src/schema/finding.ts'
import { byCodeUnits, canonicalText, type Json, type JsonObject } from '../../src/schema/json.ts'
import type { Look } from '../../src/schema/snapshot.ts'
import { compareAll, said } from '../support/scenes.ts'
import { apis, change, changed, liveOf, type Declared } from './apis.ts'
import { holds, PATIENCE } from './seed.ts'
import { anySides, sideOf, type Sides } from './sides.ts'

const declaredOf = (list: readonly Declared[]) => list.map(({ declared }) => declared)
const liveList = (list: readonly Declared[]) => list.map((api, index) => liveOf(api.identifier, api.declared, index))

describe('anything compared with itself', { timeout: PATIENCE }, () => {
  it('is silent: declared and live, whatever the base and the record are, as long as they are the same', () => {
    holds(
      fc.property(apis(0, 6), fc.boolean(), fc.boolean(), (list, withBase, withRecorded) => {
        const [declared, live] = [declaredOf(list), liveList(list)]
        const result = compareAll({
          declared,
          live,
          ...(withBase && { base: declared }),
          ...(withRecorded && { recorded: live }),
        })

        expect(result).toMatchObject({ verdict: 'in-sync', findings: [], summary: { adopted: 0 } })
      }),
      100,
    )
  })

  it('is silent: a tenant and the record of it, whatever this version knows of its fields', () => {
    const strange = fc.dictionary(fc.string({ maxLength: 6 }), fc.jsonValue({ maxDepth: 3 }))
    holds(
      fc.property(apis(0, 6), strange, (list, more) => {
        const live = liveList(list).map((api) => ({ ...(more as JsonObject), ...api }))

        expect(compareAll({ live, recorded: structuredClone(live) }).findings).toEqual([])
      }),
      100,
    )
  })
})

describe('a change of one API among others', { timeout: PATIENCE }, () => {
  const base = fc.constantFrom('none', 'same')
  const cases = fc.tuple(apis(1, 5), fc.nat(), change, base)

  it('is found where it is and nowhere else', () => {
    holds(
      fc.property(cases, ([list, which, mutation, given]) => {
        const at = which % list.length
        const { declared, live } = one(list, at, mutation)
        const result = compareAll({ declared, live, ...(given === 'same' && { base: declared }) })

        expect(said(result.findings)).toEqual(mutation.paths.map((path) => `changed drift ${path}`))
        expect(new Set(result.findings.map(({ identifier }) => identifier))).toEqual(new Set([list[at]?.identifier]))
      }),
      100,
    )
  })

  it('that is undone is silent again, in the tenant or in the code', () => {
    holds(
      fc.property(cases, ([list, which, mutation, given]) => {
        const at = which % list.length
        const { declared, live } = one(list, at, mutation)
        const repaired = live.map((api, index) =>
          index === at ? liveOf(identifierAt(list, at), declared[at] ?? {}) : api,
        )
        const accepted = declared.map((api, index) =>
          index === at ? { ...api, ...fieldOf(mutation.before, mutation.row.path) } : api,
        )

        const inTenant = compareAll({ declared, live: repaired, ...(given === 'same' && { base: declared }) })
        const inCode = compareAll({ declared: accepted, live, ...(given === 'same' && { base: accepted }) })

        expect([inTenant.findings, inCode.findings]).toEqual([[], []])
      }),
      100,
    )
  })

  function one(list: readonly Declared[], at: number, mutation: Parameters<typeof changed>[1]) {
    const sides = list.map((api, index) => (index === at ? changed(api, mutation) : null))
    const declared = list.map((api, index) => sides[index]?.declared ?? api.declared)
    const live = list.map((api, index) => sides[index]?.live ?? liveOf(api.identifier, api.declared))
    return { declared, live }
  }

  function identifierAt(list: readonly Declared[], at: number): string {
    return list[at]?.identifier ?? ''
  }

  function fieldOf(api: JsonObject, path: string): JsonObject {
    const top = path.split('.')[0] ?? ''
    return { [top]: api[top] ?? null }
  }
})

describe('the findings of a union', { timeout: PATIENCE }, () => {
  const half = fc.array(anySides, { maxLength: 4 })

  it('are the union of the findings, and so is what was adopted and touched', () => {
    holds(
      fc.property(half, half, fc.boolean(), fc.boolean(), (left, right, withBase, withRecorded) => {
        const some = (list: readonly Sides[]) => compareSides(list, withBase, withRecorded)
        const a = left.map((named, index) => named(`urn:a:${index}`))
        const b = right.map((named, index) => named(`urn:b:${index}`))
        const [whole, first, second] = [some([...a, ...b]), some(a), some(b)]

        expect(lines(whole.findings)).toEqual(lines([...first.findings, ...second.findings]))
        expect(strangers(whole.findings)).toBe(strangers(first.findings) + strangers(second.findings))
        expect(whole.summary.adopted).toBe(first.summary.adopted + second.summary.adopted)
        expect(whole.touched).toEqual(withBase ? [...(first.touched ?? []), ...(second.touched ?? [])] : null)
      }),
      100,
      2000,
    )
  })

  function compareSides(list: readonly Sides[], withBase: boolean, withRecorded: boolean) {
    const gone = list.filter(({ live }) => live === null).map(({ identifier }) => identifier)
    const missing: Look = { status: 'missing' }
    return compareAll({
      declared: sideOf(list, 'declared'),
      live: sideOf(list, 'live'),
      ...(withBase && { base: sideOf(list, 'base') }),
      ...(withRecorded && { recorded: sideOf(list, 'recorded') }),
      input: { looks: new Map(gone.map((identifier) => [identifier, missing])) },
    })
  }

  /** A new key is one finding about the tenant: how often it was met is added up. */
  const strangers = (findings: readonly Finding[]) =>
    findings.reduce((sum, { kind, apis: met }) => sum + (kind === 'unknown-field' ? (met ?? 0) : 0), 0)
  const lines = (findings: readonly Finding[]) =>
    findings
      .filter(({ kind }) => kind !== 'unknown-field')
      .map((finding) => canonicalText(finding as unknown as Json))
      .toSorted(byCodeUnits)
})
