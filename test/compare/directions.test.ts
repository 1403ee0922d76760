import { describe, expect, it } from 'vitest'
import { FIELDS } from '../../src/schema/fields.ts'
import type { FieldRow } from '../../src/schema/field-row.ts'
import type { Direction } from '../../src/schema/finding.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { parsePath } from '../../src/schema/path.ts'
import { isJudged, mutations, type Mutation } from '../support/corpus.ts'
import { compareOne } from '../support/scenes.ts'

const DIRECTIONS = ['weakened', 'strengthened', 'neutral'] as const

/** Siblings that severity and direction look at, on both sides; a mutation keeps its own field. */
const SIBLINGS: readonly JsonObject[] = [
  {},
  { enforce_policies: true, signing_alg: 'HS256' },
  { enforce_policies: false, subject_type_authorization: { user: { policy: 'require_client_grant' } } },
  { enforce_policies: true, subject_type_authorization: { user: { policy: 'deny_all' } } },
  { proof_of_possession: { mechanism: 'dpop', required: false } },
  { is_system: true, identifier: 'https://acme.eu.auth0.com/me/' },
]

describe('the directions that a row states', () => {
  const reached = reachedDirections()

  it.each(FIELDS.map((row) => [row.path, row] as const))('%s: all are reached, and no other', (path, row) => {
    const stated = DIRECTIONS.filter((direction) => row[direction] !== null)

    expect([...(reached.get(path) ?? [])].toSorted()).toEqual(stated.toSorted())
  })

  it.each(FIELDS.filter(isJudged).map((row) => [row.path, row] as const))('%s has one at least', (_path, row) => {
    expect(DIRECTIONS.filter((direction) => row[direction] !== null)).not.toEqual([])
  })
})

function reachedDirections(): ReadonlyMap<string, ReadonlySet<Direction>> {
  const reached = new Map<string, Set<Direction>>()
  for (const mutation of mutations()) {
    for (const siblings of SIBLINGS) {
      for (const { path, direction } of findingsOf(mutation, siblings)) {
        const row = rowAt(path)
        reached.set(row.path, (reached.get(row.path) ?? new Set()).add(direction))
      }
    }
  }
  return reached
}

function findingsOf({ row, declared, live }: Mutation, siblings: JsonObject) {
  const top = row.path.split('.')[0] ?? ''
  const { [top]: _own, ...others } = siblings
  const secret = typeof live.signing_secret === 'string' ? live.signing_secret : null
  return compareOne({
    declared: { ...declared, ...others },
    live: { ...live, ...others },
    input: { secret: { status: 'read', digest: secret } },
  }).findings.filter((finding) => finding.kind === 'changed')
}

/** The row that a path belongs to: the deepest one on the way. */
function rowAt(path: string): FieldRow {
  const steps = parsePath(path) ?? []
  const keyed = FIELDS.filter((row) => row.compare === 'map').map((row) => row.path)
  const starred = steps.map((step, index) => (keyed.includes(steps.slice(0, index).join('.')) ? '*' : step))
  for (let length = starred.length; length > 0; length--) {
    const row = FIELDS.find((candidate) => candidate.path === starred.slice(0, length).join('.'))
    if (row !== undefined) return row
  }
  throw new Error(`no row for ${path}`)
}
