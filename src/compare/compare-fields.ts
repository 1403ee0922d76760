import type { Finding } from '../schema/finding.ts'
import { own, sameJson, type Json } from '../schema/json.ts'
import { judged } from '../schema/judge.ts'
import { notKnownPaths } from '../schema/not-known.ts'
import { beginsWith, type Path } from '../schema/path.ts'
import type { RowNode } from '../schema/tree.ts'
import { differingPaths, normalAt, rawAt } from './diff.ts'
import { baseAt, fieldBase, isDark, shownAt, shownBase, type FieldBase } from './field-base.ts'
import { makeFinding } from './make-finding.ts'
import { normalise, type Normal } from './normalise.ts'
import { originOf } from './origin.ts'
import {
  absenceAt,
  absences,
  isOthersScope,
  judgeField,
  judgeBetween,
  unreadableField,
  withoutGrowth,
  type FieldScene,
} from './scene.ts'

export interface FieldComparison {
  readonly findings: readonly Finding[]
  readonly adopted: number
  /** Keys inside the field that no row names. */
  readonly unknown: Normal['unknown']
}

export const NO_DIFFERENCE: FieldComparison = { findings: [], adopted: 0, unknown: [] }

/** Compares one field that the code or its base declares; secrets have a comparison of their own. */
export function compareField(scene: FieldScene, node: RowNode): FieldComparison {
  const { key } = node
  const declares = Object.hasOwn(scene.declared, key)
  const written = own(scene.declared, key)
  // The common case, without making anything: nobody disturbed the field.
  const isAsDeclared = declares && sameJson(written, own(scene.live, key))
  const isProven = isAsDeclared && !isTakenOver(scene, key)
  if (isProven && !scene.context.hasBase) return NO_DIFFERENCE
  const declared = lazily(() => normalise(node, written))
  const base = fieldBase(scene, node, { raw: written, normal: declared })
  if (isProven && (base.known !== 'value' || base.isUnedited)) return NO_DIFFERENCE

  const live = normalise(node, own(scene.live, key))
  const problems = [...live.problems, ...absences(node, scene.live)]
  const unread = notKnownPaths(scene.input.declared?.notKnown ?? [])
  const sees = (path: Path) =>
    !problems.some((problem) => beginsWith(path, problem.path)) &&
    !unread.some((place) => beginsWith(path, place)) &&
    !isOthersScope(scene.input.declared, path)
  const field: Field = { scene, node, base, live, sees }
  const unreadable = problems.map((problem) => unreadableField(scene, problem))
  if (!declares) return { findings: [...unreadable, ...compareRemoved(field)], adopted: 0, unknown: live.unknown }

  const { value } = declared()
  const code = compareWithBase(field, value)
  return {
    findings: [...unreadable, ...compareWithLive(field, value), ...takenOver(field, value), ...code.weaker],
    adopted: code.adopted,
    unknown: live.unknown,
  }
}

interface Field {
  readonly scene: FieldScene
  readonly node: RowNode
  readonly base: FieldBase
  readonly live: Normal
  /** False for places of the live value that could not be understood, and for those that a source declares and nobody could read. */
  readonly sees: (path: Path) => boolean
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

function compareWithLive(field: Field, declared: Json | undefined): readonly Finding[] {
  const { scene, node, base, live } = field
  return differingPaths(node, declared, live.value)
    .filter(field.sees)
    .map((path) => {
      const [wanted, found] = [normalAt(declared, path), normalAt(live.value, path)]
      const absence = absenceAt(node, path, found)
      if (absence !== null) return unreadableField(scene, absence)
      const told = originOf(baseAt(base, path), wanted, found)
      const origin = told === 'pending' && isRefreshed(field, path, wanted) ? 'drift' : told
      return makeFinding(scene.subject, {
        kind: 'changed',
        path,
        origin,
        counts: origin !== 'pending',
        judgement: judgeField(scene, node, path, wanted, found),
        declared: shownAt(node, own(scene.declared, node.key), declared, path),
        base: shownBase(base, node, path),
        live: shownAt(node, own(scene.live, node.key), live.value, path),
      })
    })
}

/** A state that has what the tenant has, where the record has what the code says, was refreshed: it is no base. */
function isRefreshed({ scene, node }: Field, path: Path, wanted: Json | undefined): boolean {
  const { isBaseReadBack, recorded } = scene.input
  if (!isBaseReadBack || recorded === null) return false
  return sameJson(normalAt(normalise(node, own(recorded, node.key)).value, path), wanted)
}

/** Whether a source and live may agree because the tool took over what somebody set by hand: only the record can tell. */
function isTakenOver({ input }: FieldScene, key: string): boolean {
  if (input.declared?.isReadBack !== true || input.recorded === null) return false
  return !sameJson(own(input.recorded, key), own(input.declared.values, key))
}

/**
 * A state and the tenant agree, and the record does not: the code was applied since, or a refresh (or an apply, of what the code leaves out) took over what
 * somebody set by hand. It is told against the record. What is written for sure (scopes in resources of their own, what came through a sensitive variable) an
 * apply does not take over: there it is a notice.
 */
function takenOver(field: Field, declared: Json | undefined): readonly Finding[] {
  const { scene, node, live } = field
  const { recorded } = scene.input
  if (recorded === null || !isTakenOver(scene, node.key)) return []
  const agreed = normalise(node, own(recorded, node.key))
  if (agreed.problems.length > 0) return []
  const counts = node.key !== 'scopes' && scene.input.declared?.written?.includes(node.key) !== true
  return differingPaths(node, agreed.value, live.value)
    .filter((path) => field.sees(path) && sameJson(normalAt(declared, path), normalAt(live.value, path)))
    .map((path) =>
      makeFinding(scene.subject, {
        kind: 'undeclared',
        path,
        origin: counts ? 'drift' : null,
        counts,
        judgement: judgeBetween(
          scene,
          node,
          path,
          [normalAt(agreed.value, path), { ...scene.live, ...recorded }],
          [normalAt(live.value, path), scene.live],
        ),
        declared: shownAt(node, own(scene.declared, node.key), declared, path),
        base: shownAt(node, own(recorded, node.key), agreed.value, path),
        live: shownAt(node, own(scene.live, node.key), live.value, path),
      }),
    )
}

/** What the code itself changed since the base: how much of it live already has, and where it became less safe. */
function compareWithBase(field: Field, declared: Json | undefined): { adopted: number; weaker: readonly Finding[] } {
  const { scene, node, base, live } = field
  if (base.known !== 'value' || base.isUnedited) return { adopted: 0, weaker: [] }
  const before = base.normal()
  const dark = before.problems.map((problem) => problem.path)
  const changed = differingPaths(node, before.value, declared).filter((path) => !isDark(base, path))
  const hasIt = (path: Path) => field.sees(path) && sameJson(normalAt(declared, path), normalAt(live.value, path))
  const weaker = changed.flatMap((path) => {
    const [was, is] = [normalAt(before.value, path), normalAt(declared, path)]
    const judgement = judgeBetween(
      scene,
      node,
      path,
      [was, { ...scene.live, ...scene.input.recorded, ...scene.input.base }],
      [is, { ...scene.live, ...scene.declared }],
    )
    if (judgement.direction !== 'weakened') return []
    const finding = makeFinding(scene.subject, {
      kind: 'weaker-declaration',
      path,
      origin: null,
      counts: false,
      judgement,
      declared: shownAt(node, own(scene.declared, node.key), declared, path),
      base: shownBase(base, node, path),
      live: shownAt(node, own(scene.live, node.key), live.value, path),
    })
    return [finding]
  })
  return { adopted: [...changed, ...dark].filter(hasIt).length, weaker }
}

/** A field that the base declared and the code no longer does: it is still compared with the base once more. */
function compareRemoved(field: Field): readonly Finding[] {
  const { scene, node, base, live } = field
  if (base.known !== 'value') return []
  const before = base.normal()
  const dark = before.problems.map((problem) => problem.path)
  const differing = withoutGrowth(scene, node, differingPaths(node, before.value, live.value), live.value)
  const told = [...dark, ...differing.filter((path) => !isDark(base, path))]
  const drifted = told.filter(field.sees).map((path) => {
    const [was, found] = [normalAt(before.value, path), normalAt(live.value, path)]
    const absence = absenceAt(node, path, found)
    if (absence !== null) return unreadableField(scene, absence)
    return makeFinding(scene.subject, {
      kind: 'changed',
      path,
      origin: 'drift',
      counts: true,
      judgement: judgeField(scene, node, path, was, found),
      base: shownBase(base, node, path),
      live: shownAt(node, own(scene.live, node.key), live.value, path),
    })
  })
  return [...drifted, undeclaration(scene, node, base.raw)]
}

/** Taking a declared value away is a weaker declaration, whatever the value was. */
export function undeclaration(scene: FieldScene, node: RowNode, rawBase: Json | undefined): Finding {
  const isSecret = node.row.compare === 'secret'
  return makeFinding(scene.subject, {
    kind: 'weaker-declaration',
    path: [node.key],
    origin: null,
    counts: false,
    judgement: judged('weakened', 'medium'),
    base: rawAt(node, rawBase, [node.key]),
    secret: isSecret,
    live: isSecret ? undefined : rawAt(node, own(scene.live, node.key), [node.key]),
  })
}
