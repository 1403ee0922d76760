import type { Settings } from '../schema/setting-layers.ts'
import { configMistake } from '../schema/errors.ts'
import { identifierOf } from '../schema/identifier-of.ts'
import { isGlob, matcher, type Includes, type Sides } from '../compare/front.ts'
import { byCodeUnits } from '../schema/json.ts'
import type { Reading } from '../schema/snapshot.ts'

/** Named APIs are asked for ten at a time; beyond this the whole list costs no more, and proves more. */
const MOST_NAMED = 50

/** Which APIs a run looks at. */
export interface Targets {
  readonly includes: Includes
  /** Only these are asked about, so that a list that lacks others is enough. What is excluded is no such choice: all the others are looked at. */
  readonly isPartial: boolean
  /** To be asked for by name; null where the whole list is read and then narrowed. */
  readonly named: readonly string[] | null
  /** Targets that are no pattern: each must be somewhere. */
  readonly exact: readonly string[]
  /** Patterns that stand for nothing that the sides know by its identifier: the tenant may tell whose scopes they hold. */
  readonly open: readonly string[]
}

/**
 * What `--target` and `--exclude` choose among all that the sides know; null for a whole run.
 * @throws MistakesError `invalid_config` where a pattern matches nothing
 */
export function chooseTargets(settings: Settings, sides: Sides): Targets | null {
  const { target, exclude } = settings
  if (target.value.length === 0 && exclude.value.length === 0) return null
  const isExcluded = matcher(exclude.value)
  if (target.value.length === 0) {
    return { includes: (identifier) => !isExcluded(identifier), isPartial: false, named: null, exact: [], open: [] }
  }
  const known = knownIdentifiers(sides)
  // What could be a pattern and stands for nothing known may be an identifier with such letters in it: it is looked for as it is.
  const isPattern = (text: string): boolean => isGlob(text) && (text.includes('*') || known.some(matcher([text])))
  const patterns = target.value.filter((text) => isPattern(text))
  const empty = patterns.filter((text) => !known.some(matcher([text])))
  const isById = patterns.length > 0 && mayNameById(sides)
  if (empty.length > 0 && !isById) throw emptyPatterns(empty)
  const exact = target.value.filter((text) => !isPattern(text) && !isExcluded(text))
  const isMatched = matcher(patterns)
  const includes = (identifier: string): boolean =>
    !isExcluded(identifier) && (exact.includes(identifier) || isMatched(identifier))
  const named = [...new Set([...exact, ...known.filter(includes)])].sort(byCodeUnits)
  if (named.length === 0 && !isById) throw configMistake('--exclude leaves out everything that --target names')
  return { includes, isPartial: true, named: isById || named.length > MOST_NAMED ? null : named, exact, open: empty }
}

function emptyPatterns(patterns: readonly string[]): Error {
  return configMistake(...patterns.map((text) => `--target ${text}: it matches no API that is declared or recorded`))
}

/** Whether scopes may name their API by the tenant's id: which API that is, and whether a pattern stands for it, the whole list tells. */
function mayNameById({ declared, base }: Sides): boolean {
  return [declared, base].some((state) => state?.apis.some(({ isScopesOnly }) => isScopesOnly === true) === true)
}

function knownIdentifiers({ declared, base, recorded }: Sides): readonly string[] {
  const identifiers = [...declared.apis, ...(base?.apis ?? [])].map((api) => api.identifier)
  return [...new Set([...identifiers, ...(recorded?.items ?? []).map((item) => identifierOf(item))])]
}

/** @throws MistakesError `invalid_config` where a target is nowhere: a typing mistake must not read as "in sync" */
export function refuseUnknownTargets({ exact, open }: Targets, sides: Sides, inventory: Reading): void {
  if (!inventory.ok) return
  const spoken = knownIdentifiers(sides)
  const empty = open.filter((text) => !spoken.some(matcher([text])))
  if (empty.length > 0) throw emptyPatterns(empty)
  const known = new Set([...spoken, ...inventory.snapshot.items.map((item) => identifierOf(item))])
  const unknown = exact.filter((identifier) => !known.has(identifier))
  if (unknown.length > 0) {
    throw configMistake(
      ...unknown.map((text) => `--target ${text}: no such API is declared, recorded or in the tenant`),
    )
  }
}
