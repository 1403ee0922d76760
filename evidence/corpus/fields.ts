import { FIELDS } from '../../src/schema/fields.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { bareApi, liveForm, mutations, noOps, UNKNOWN_VALUE, type Mutation } from '../../test/support/corpus.ts'
import { drift, type Draft, type Expected } from './case.ts'
import { direction, topOf, withField } from './mutated.ts'

/** The id is numbered by the corpus itself, and has cases of its own. */
const ALL = mutations().filter(({ row }) => row.path !== 'id')

/** Whether code can have said it: a value that no version knows stands in no declaration. */
const canBeDeclared = (api: JsonObject) => !JSON.stringify(api).includes(`"${UNKNOWN_VALUE}"`)

/** What the code itself made less safe, compared with what it said before. */
function weaker(mutation: Mutation, before: JsonObject): readonly Expected[] {
  return mutation.paths
    .filter((path) => direction(path, before, liveForm(mutation.declared)) === 'weakened')
    .map((path) => ({ kind: 'weaker-declaration', path, origin: null, direction: 'weakened', counts: false }))
}

const directions = (mutation: Mutation) =>
  mutation.paths.map((path) => [path, direction(path, mutation.declared, mutation.live)] as const)

/** Every change of every field: found with and without a base, pending and adopted where the code made it. */
export function singles(): readonly Draft[] {
  return ALL.flatMap((mutation): readonly Draft[] => {
    const { declared, live, before, title } = mutation
    const drifts = directions(mutation).map(([path, towards]) => drift(path, towards))
    return [
      { group: 'one field, no base', title, declared, live, expected: drifts },
      { group: 'one field, in the tenant', title, declared, base: declared, live, expected: drifts, adopted: 0 },
      ...(canBeDeclared(before) ? edits(mutation) : []),
    ]
  })
}

/** The code went from the live value to the declared one. */
function edits(mutation: Mutation): readonly Draft[] {
  const { declared, live, before, title } = mutation
  return [
    {
      group: 'one field, in the code: pending',
      title,
      declared,
      base: before,
      live,
      expected: [
        ...directions(mutation).map(([path, towards]) => ({
          ...drift(path, towards),
          origin: 'pending' as const,
          counts: false,
        })),
        ...weaker(mutation, before),
      ],
      adopted: 0,
    },
    {
      group: 'one field, in the code and applied: adopted',
      title,
      declared,
      base: before,
      live: liveForm(declared),
      expected: weaker(mutation, before),
      adopted: mutation.paths.length,
    },
  ]
}

/** Three values of one field on three sides: somebody did what applying the code would overwrite. */
export function conflicts(): readonly Draft[] {
  return ALL.flatMap((mutation): readonly Draft[] => {
    const [path] = mutation.paths
    if (mutation.paths.length !== 1 || path === undefined || mutation.row.compare === 'map') return []
    const base = ALL.find(
      (other) =>
        other.row === mutation.row &&
        canBeDeclared(other.before) &&
        other.paths.length === 1 &&
        other.paths[0] === path &&
        sameField(other.declared, mutation.declared, topOf(mutation)) &&
        ALL.some(
          (between) =>
            between.row === mutation.row &&
            between.paths[0] === path &&
            sameField(between.declared, other.before, topOf(mutation)) &&
            sameField(between.live, mutation.live, topOf(mutation)),
        ),
    )
    if (base === undefined) return []
    return [
      {
        group: 'one field, in both: conflict',
        title: mutation.title,
        declared: mutation.declared,
        base: base.before,
        live: mutation.live,
        expected: [
          { ...drift(path, direction(path, mutation.declared, mutation.live)), origin: 'conflict' },
          ...weaker(mutation, base.before),
        ],
        adopted: 0,
      },
    ]
  })
}

function sameField(left: JsonObject, right: JsonObject, top: string): boolean {
  return JSON.stringify(left[top]) === JSON.stringify(right[top])
}

/** Values that mean the same on both sides. */
export function sameMeanings(): readonly Draft[] {
  return noOps()
    .filter(({ row }) => row.path !== 'id')
    .flatMap(({ declared, live, before, title }): readonly Draft[] => [
      { group: 'the same in other words', title, declared, live, expected: [] },
      { group: 'the same in other words', title, declared, base: before, live, expected: [], adopted: 0 },
      {
        group: 'the same in other words',
        title,
        declared,
        base: declared,
        recorded: live,
        live,
        expected: [],
        adopted: 0,
      },
    ])
}

/** Fields that nobody declares: against what was recorded, and against the default where nothing is. */
export function undeclared(): readonly Draft[] {
  const watched = new Set(FIELDS.filter((row) => row.watched).map((row) => row.path))
  return ALL.filter((mutation) => watched.has(topOf(mutation)) && !mutation.row.path.endsWith('.pem')).flatMap(
    (mutation): readonly Draft[] => {
      const { live, title } = mutation
      const top = topOf(mutation)
      const recorded = liveForm(mutation.declared)
      const drifts = mutation.paths.map((path) => ({
        ...drift(path, direction(path, recorded, live)),
        kind: 'undeclared' as const,
      }))
      const atDefault = JSON.stringify(recorded[top]) === JSON.stringify(bareApi()[top])
      const isList = FIELDS.some((row) => row.path === top && row.compare === 'map')
      const first = isList ? [{ ...drift(top, direction(top, recorded, live)), kind: 'undeclared' as const }] : drifts
      return [
        { group: 'undeclared, recorded otherwise', title, declared: {}, recorded, live, expected: drifts },
        { group: 'undeclared, recorded so', title, declared: {}, recorded: live, live, expected: [] },
        ...(atDefault
          ? [
              {
                group: 'undeclared, first run',
                title,
                declared: {},
                live,
                expected: first.map((one) => ({ ...one, origin: null, counts: false })),
              },
            ]
          : []),
      ]
    },
  )
}

/** Two fields at once, every pair of fields: both in the tenant, and one in the tenant with the other in the code. */
export function pairs(perPair: number): readonly Draft[] {
  const tops = [...new Set(ALL.map(topOf))]
  const byTop = tops.map((top) => ALL.filter((mutation) => topOf(mutation) === top))
  return byTop.flatMap((firsts, index) =>
    byTop.slice(index + 1).flatMap((seconds, distance) =>
      Array.from({ length: perPair }, (_, turn): Draft => {
        // Another choice for each pair, the same in every run.
        const step = index * 7 + distance * 3 + turn * 5
        const [a, b] = [firsts[step % firsts.length], seconds[(step + turn) % seconds.length]]
        if (a === undefined || b === undefined) throw new Error('a field without changes')
        return turn % 2 === 0 || !canBeDeclared(b.before) ? bothDrift(a, b) : driftAndPending(a, b)
      }),
    ),
  )
}

function bothDrift(a: Mutation, b: Mutation): Draft {
  const declared = withField(a.declared, topOf(b), b.declared)
  const live = withField(a.live, topOf(b), b.live)
  const expected = [...a.paths, ...b.paths].map((path) => drift(path, direction(path, declared, live)))
  return {
    group: 'two fields, in the tenant',
    title: `${a.title}; ${b.title}`,
    declared,
    base: declared,
    live,
    expected,
    adopted: 0,
  }
}

function driftAndPending(a: Mutation, b: Mutation): Draft {
  const declared = withField(a.declared, topOf(b), b.declared)
  const live = withField(a.live, topOf(b), b.live)
  const base = withField(a.declared, topOf(b), b.before)
  const expected: Expected[] = [
    ...a.paths.map((path) => drift(path, direction(path, declared, live))),
    ...b.paths.map((path) => ({
      ...drift(path, direction(path, declared, live)),
      origin: 'pending' as const,
      counts: false,
    })),
    ...b.paths
      .filter((path) => direction(path, base, { ...liveForm(declared) }) === 'weakened')
      .map((path) => ({
        kind: 'weaker-declaration' as const,
        path,
        origin: null,
        direction: 'weakened' as const,
        counts: false,
      })),
  ]
  return {
    group: 'two fields, one in the tenant, one in the code',
    title: `${a.title}; ${b.title}`,
    declared,
    base,
    live,
    expected,
    adopted: 0,
  }
}
