import type { DeclaredApi } from '../schema/declared.ts'
import { DEFAULT_LIFETIME_CEILING, type Judgement } from '../schema/field-row.ts'
import type { Finding } from '../schema/finding.ts'
import { listOf, own, textAt, type Json, type JsonObject } from '../schema/json.ts'
import type { Path } from '../schema/path.ts'
import { systemKind } from '../schema/system-apis.ts'
import type { RowNode } from '../schema/tree.ts'
import { nodeAt, normalAt } from './diff.ts'
import { unreadable, type FindingSubject } from './make-finding.ts'
import type { Problem } from './normalise.ts'
import type { ApiInput, CompareContext } from './types.ts'

/** One API that is live, with the three sides as they are written. */
export interface FieldScene {
  readonly context: CompareContext
  readonly input: ApiInput
  readonly subject: FindingSubject
  readonly declared: JsonObject
  readonly live: JsonObject
}

export function unreadableField(scene: FieldScene, problem: Problem): Finding {
  return unreadable(scene.subject, problem.path, problem.code)
}

/** A top-level key that every resource server has, and this answer has not. */
export function absences(node: RowNode, live: JsonObject): readonly Problem[] {
  if (node.row.presence !== 'always' || (own(live, node.key) ?? null) !== null) return []
  return [{ path: [node.key], code: node.row.absenceCode ?? 'unexpected_shape' }]
}

/** A member that the tenant always returns inside its parent, and does not here: no difference, for nothing can be said of it. */
export function absenceAt(node: RowNode, path: Path, found: Json | undefined): Problem | null {
  const { absenceCode } = nodeAt(node, path).row
  return absenceCode === undefined || found !== undefined ? null : { path, code: absenceCode }
}

/** Judges a change of the live value against what should be there; siblings that the code does not name are the live ones. */
export function judgeField(
  scene: FieldScene,
  node: RowNode,
  path: Path,
  wanted: Json | undefined,
  found: Json | undefined,
): Judgement {
  return judgeBetween(scene, node, path, [wanted, { ...scene.live, ...scene.declared }], [found, scene.live])
}

type JudgedSide = readonly [value: Json | undefined, api: JsonObject]

/** Judges the second side against the first. */
export function judgeBetween(
  scene: FieldScene,
  node: RowNode,
  path: Path,
  [declared, declaredApi]: JudgedSide,
  [live, liveApi]: JudgedSide,
): Judgement {
  const lifetimeCeiling = scene.context.lifetimeCeiling ?? DEFAULT_LIFETIME_CEILING
  return nodeAt(node, path).row.judge({ path, declared, live, declaredApi, liveApi, lifetimeCeiling })
}

/** A tenant's own APIs get new scopes, and new words for them, by themselves: where nobody declares them, only one that goes away is news. */
export function withoutGrowth(scene: FieldScene, node: RowNode, paths: readonly Path[], live: Json | undefined) {
  if (node.key !== 'scopes' || systemKind(scene.live) === null) return paths
  return paths.filter((path) => path.length === 2 && normalAt(live, path) === undefined)
}

/** A scope of an API of which the code declares some by themselves, and not this one: whoever declares the API may declare it. */
export function isOthersScope(declared: DeclaredApi | null, [field, name]: Path): boolean {
  if (field !== 'scopes' || declared?.isSomeScopes !== true) return false
  return name === undefined || !listOf(own(declared.values, 'scopes')).some((scope) => textAt(scope, 'value') === name)
}

/** Whether a field that nobody declares is looked at. A name has no default that it could be measured by, but may be measured by the record. */
export function isWatched({ row, key }: RowNode, recorded: JsonObject | null): boolean {
  return row.watched || (key === 'name' && recorded !== null)
}
