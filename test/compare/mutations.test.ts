import { describe, expect, it } from 'vitest'
import { FIELDS } from '../../src/schema/fields.ts'
import type { Finding } from '../../src/schema/finding.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { isJudged, liveForm, mutations, noOps, type Mutation } from '../support/corpus.ts'
import { compareOne, said } from '../support/scenes.ts'

/** Secrets are compared by digest: any text does here. */
function secretOf(live: JsonObject) {
  const secret = live.signing_secret
  return { status: 'read', digest: typeof secret === 'string' ? secret : null } as const
}

const compareWith = (mutation: Mutation, base: JsonObject | undefined) =>
  compareOne({
    declared: mutation.declared,
    live: mutation.live,
    ...(base === undefined ? {} : { base }),
    input: { secret: secretOf(mutation.live) },
  })

const CORPUS = mutations().map((mutation) => [mutation.title, mutation] as const)

describe('a change of one field', () => {
  it.each(CORPUS)('%s is found without a base, as drift, and nothing else is', (_title, mutation) => {
    const { findings } = compareWith(mutation, undefined)

    expect(said(findings)).toEqual(mutation.paths.map((path) => `changed drift ${path}`))
  })

  it.each(CORPUS)('%s is drift when the code has not changed', (_title, mutation) => {
    const { findings } = compareWith(mutation, mutation.declared)

    expect(said(findings)).toEqual(mutation.paths.map((path) => `changed drift ${path}`))
  })

  it.each(CORPUS)('%s is pending, and fails nothing, when the code itself changes it', (_title, mutation) => {
    const { findings } = compareWith(mutation, mutation.before)

    expect(said(withoutWeaker(findings))).toEqual(mutation.paths.map((path) => `changed pending ${path} notice`))
  })

  it.each(CORPUS)('%s is adopted, and silent, when live has what the code changed', (_title, mutation) => {
    const live = liveForm(mutation.declared)
    const { findings, adopted } = compareWith({ ...mutation, live }, mutation.before)

    expect(withoutWeaker(findings)).toEqual([])
    expect(adopted).toBe(mutation.paths.length)
  })

  it('is there for every row that is judged', () => {
    const changed = new Set(CORPUS.map(([, mutation]) => mutation.row.path))

    expect(FIELDS.filter((row) => isJudged(row) && !changed.has(row.path))).toEqual([])
  })
})

function withoutWeaker(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter((finding) => finding.kind !== 'weaker-declaration')
}

describe('what means the same', () => {
  it.each(noOps().map((mutation) => [mutation.title, mutation] as const))('%s is silent', (_title, mutation) => {
    expect(compareWith(mutation, undefined).findings).toEqual([])
    expect(compareWith(mutation, mutation.declared)).toMatchObject({ findings: [], adopted: 0 })
    expect(compareWith(mutation, mutation.before)).toMatchObject({ findings: [], adopted: 0 })
  })

  it('is in the corpus for every field that may be absent', () => {
    const optional = FIELDS.filter((row) => row.absentEquals.length > 0 && row.perMember !== true)
    const silent = new Set(noOps().map(({ row }) => row.path))

    expect(optional.filter((row) => !silent.has(row.path))).toEqual([])
  })
})
