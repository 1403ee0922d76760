import { numbered, type Case, type Draft } from './case.ts'
import { conflicts, pairs, sameMeanings, singles, undeclared } from './fields.ts'
import { names } from './names.ts'
import { nulls, unknownKeys, wrongTypes, wrongTypesInside } from './odd-values.ts'
import { recordedShapes } from './recorded.ts'
import { boundaries, lists, newDefaults } from './shapes.ts'
import { systemApis, wholeApis } from './whole-apis.ts'

export interface Corpus {
  readonly cases: readonly Case[]
  /** What could not be made here, in one sentence each. */
  readonly skipped: readonly string[]
}

/** Two pairs of changes for each pair of fields; in the short form, every seventh case of the large groups. */
export function corpus(form: 'full' | 'short'): Corpus {
  const recorded = recordedShapes()
  const drafts: readonly Draft[] = [
    ...singles(),
    ...conflicts(),
    ...sameMeanings(),
    ...undeclared(),
    ...pairs(2),
    ...boundaries(),
    ...lists(),
    ...wrongTypes(),
    ...wrongTypesInside(),
    ...nulls(),
    ...unknownKeys(),
    ...newDefaults(),
    ...names(),
    ...wholeApis(),
    ...systemApis(),
    ...(recorded ?? []),
  ]
  const cases = numbered(drafts)
  return {
    cases: form === 'full' ? cases : sample(cases, 7),
    skipped: recorded === null ? ['Shapes of recorded traffic: the recordings are not on this machine.'] : [],
  }
}

/** Every nth case of each group, the first of each among them. */
export function sample(cases: readonly Case[], nth: number): readonly Case[] {
  const groups = Map.groupBy(cases, ({ group }) => group)
  return [...groups.values()].flatMap((group) => group.filter((_, index) => index % nth === 0))
}
