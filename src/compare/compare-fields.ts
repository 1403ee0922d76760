import { isDeepStrictEqual } from 'node:util'
import { DEFAULT_LIFETIME_CEILING, type Judgement } from '../schema/field-row.ts'
import type { Finding } from '../schema/finding.ts'
import { own, type Json, type JsonObject } from '../schema/json.ts'
import type { Path } from '../schema/path.ts'
import type { Node } from './catalogue.ts'
import { differingPaths, nodeAt, normalAt, rawAt } from './diff.ts'
import { makeFinding, UNREADABLE, type Subject } from './make-finding.ts'
import { normalise, type Normal, type Problem } from './normalise.ts'
import { originOf, type BaseValue } from './origin.ts'
import type { ApiInput, CompareContext } from './types.ts'

/** One API that is live, with the three sides as they are written. */
export interface FieldScene {
  readonly context: CompareContext
  readonly input: ApiInput
  readonly subject: Subject
  readonly declared: JsonObject
  readonly live: JsonObject
}

export interface FieldComparison {
  readonly findings: readonly Finding[]
  readonly adopted: number
  /** Keys inside the field that no row names. */
  readonly unknown: Normal['unknown']
}

const NOTHING: FieldComparison = { findings: [], adopted: 0, unknown: [] }

/** Compares one field that the code or its base declares. */
export function compareField(scene: FieldScene, node: Node): FieldComparison {
  const { base } = scene.input
  const { key } = node
  const declares = Object.hasOwn(scene.declared, key)
  const baseSays = base !== null && Object.hasOwn(base, key)
  if (node.row.compare === 'secret') return compareSecret(scene, node, declares, baseSays)
  if (declares && isUndisturbed(scene, key, baseSays)) return NOTHING

  const live = normalise(node, own(scene.live, key))
  const problems = [...live.problems, ...absences(node, scene.live)]
  const unreadable = problems.map((problem) => unreadableField(scene, problem))
  const sees = (path: Path) => !problems.some((problem) => startsWith(path, problem.path))
  if (!declares) {
    const removed = compareRemoved(scene, node, live, sees)
    return { findings: [...unreadable, ...removed], adopted: 0, unknown: live.unknown }
  }

  const declared = normalise(node, own(scene.declared, key))
  const findings: Finding[] = [...unreadable]
  for (const path of differingPaths(node, declared.value, live.value)) {
    if (!sees(path)) continue
    const wanted = normalAt(declared.value, path)
    const found = normalAt(live.value, path)
    const { absenceCode } = nodeAt(node, path).row
    if (absenceCode !== undefined && found === undefined) {
      findings.push(unreadableField(scene, { path, code: absenceCode }))
      continue
    }
    const base = baseValue(scene, node, path)
    const origin = originOf(base, wanted, found)
    findings.push(
      makeFinding(scene.subject, {
        kind: 'changed',
        path,
        origin,
        counts: origin !== 'pending',
        judgement: judge(scene, node, path, wanted, found),
        declared: rawAt(node, own(scene.declared, key), path) ?? wanted,
        base: base.known === 'value' ? base.value : undefined,
        live: rawAt(node, own(scene.live, key), path) ?? found,
      }),
    )
  }
  if (!baseSays) return { findings, adopted: 0, unknown: live.unknown }
  const code = compareWithBase(scene, node, declared.value, live.value, sees)
  return { findings: [...findings, ...code.weaker], adopted: code.adopted, unknown: live.unknown }
}

/** The common case, without normalising: all sides say the same. */
function isUndisturbed(scene: FieldScene, key: string, baseSays: boolean): boolean {
  const declared = own(scene.declared, key)
  if (!isDeepStrictEqual(declared, own(scene.live, key))) return false
  return !baseSays || isDeepStrictEqual(declared, own(scene.input.base ?? {}, key))
}

/** What the base held at a path; where it is silent, a recorded value stands in for it. */
function baseValue(scene: FieldScene, node: Node, path: Path): BaseValue {
  const { context, input } = scene
  if (!context.hasBase) return { known: 'none' }
  if (input.base !== null && Object.hasOwn(input.base, node.key)) {
    return { known: 'value', value: normalAt(normalise(node, own(input.base, node.key)).value, path) }
  }
  if (!context.hasRecorded || input.recorded === null) return { known: 'silent' }
  return { known: 'value', value: normalAt(normalise(node, own(input.recorded, node.key)).value, path) }
}

/** What the code itself changed since the base: how much of it live already has, and where it became less safe. */
function compareWithBase(
  scene: FieldScene,
  node: Node,
  declared: Json | undefined,
  live: Json | undefined,
  sees: (path: Path) => boolean,
): { adopted: number; weaker: readonly Finding[] } {
  const rawBase = own(scene.input.base ?? {}, node.key)
  const base = normalise(node, rawBase).value
  let adopted = 0
  const weaker: Finding[] = []
  for (const path of differingPaths(node, base, declared)) {
    const was = normalAt(base, path)
    const is = normalAt(declared, path)
    if (sees(path) && isDeepStrictEqual(is, normalAt(live, path))) adopted++
    const judgement = judgeBetween(
      node,
      path,
      was,
      is,
      { ...scene.live, ...scene.input.base },
      { ...scene.live, ...scene.declared },
      scene.context,
    )
    if (judgement.direction !== 'weakened') continue
    weaker.push(
      makeFinding(scene.subject, {
        kind: 'weaker-declaration',
        path,
        origin: null,
        counts: false,
        judgement,
        declared: rawAt(node, own(scene.declared, node.key), path) ?? is,
        base: rawAt(node, rawBase, path) ?? was,
        live: rawAt(node, own(scene.live, node.key), path),
      }),
    )
  }
  return { adopted, weaker }
}

/** A field that the base declared and the code no longer does: it is still compared with the base once more. */
function compareRemoved(
  scene: FieldScene,
  node: Node,
  live: Normal,
  sees: (path: Path) => boolean,
): readonly Finding[] {
  const rawBase = own(scene.input.base ?? {}, node.key)
  const base = normalise(node, rawBase).value
  const drifted = differingPaths(node, base, live.value)
    .filter(sees)
    .map((path) =>
      makeFinding(scene.subject, {
        kind: 'changed',
        path,
        origin: 'drift',
        counts: true,
        judgement: judge(scene, node, path, normalAt(base, path), normalAt(live.value, path)),
        base: rawAt(node, rawBase, path) ?? normalAt(base, path),
        live: rawAt(node, own(scene.live, node.key), path) ?? normalAt(live.value, path),
      }),
    )
  return [...drifted, undeclaration(scene, node, rawBase)]
}

function undeclaration(scene: FieldScene, node: Node, rawBase: Json | undefined): Finding {
  return makeFinding(scene.subject, {
    kind: 'weaker-declaration',
    path: [node.key],
    origin: null,
    counts: false,
    judgement: { direction: 'weakened', impact: null, severity: 'medium' },
    base: rawBase,
    secret: node.row.compare === 'secret',
    live: node.row.compare === 'secret' ? undefined : own(scene.live, node.key),
  })
}

function compareSecret(scene: FieldScene, node: Node, declares: boolean, baseSays: boolean): FieldComparison {
  const { input, subject } = scene
  if (!declares) return { ...NOTHING, findings: [undeclaration(scene, node, own(input.base ?? {}, node.key))] }
  const path: Path = [node.key]
  if (input.secret?.status !== 'read') {
    return { ...NOTHING, findings: [unreadableField(scene, { path, code: 'secret_unreadable' })] }
  }
  const wanted = own(scene.declared, node.key) ?? undefined
  const found = input.secret.digest ?? undefined
  if (wanted === found) return { ...NOTHING, adopted: baseSays && own(input.base ?? {}, node.key) !== wanted ? 1 : 0 }
  const base = baseValue(scene, node, path)
  const origin = originOf(base.known === 'value' && !baseSays ? { known: 'silent' } : base, wanted, found)
  const judgement = judge(scene, node, path, wanted, found)
  const finding = makeFinding(subject, {
    kind: 'changed',
    path,
    origin,
    counts: origin !== 'pending',
    judgement,
    declared: wanted,
    base: base.known === 'value' && baseSays ? base.value : undefined,
    live: found,
    secret: true,
  })
  return { ...NOTHING, findings: [finding] }
}

/** A top-level key that every resource server has, and this answer has not. */
function absences(node: Node, live: JsonObject): readonly Problem[] {
  if (node.row.presence !== 'always' || (own(live, node.key) ?? null) !== null) return []
  return [{ path: [node.key], code: node.row.absenceCode ?? 'unexpected_shape' }]
}

export function unreadableField(scene: FieldScene, problem: Problem): Finding {
  return makeFinding(scene.subject, {
    kind: 'unreadable',
    path: problem.path,
    origin: null,
    counts: true,
    judgement: UNREADABLE,
    code: problem.code,
  })
}

/** Judges a change of the live value against what should be there; siblings that the code does not name are the live ones. */
export function judge(
  scene: FieldScene,
  node: Node,
  path: Path,
  wanted: Json | undefined,
  found: Json | undefined,
): Judgement {
  return judgeBetween(node, path, wanted, found, { ...scene.live, ...scene.declared }, scene.live, scene.context)
}

function judgeBetween(
  node: Node,
  path: Path,
  declared: Json | undefined,
  live: Json | undefined,
  declaredApi: JsonObject,
  liveApi: JsonObject,
  context: CompareContext,
): Judgement {
  const lifetimeCeiling = context.lifetimeCeiling ?? DEFAULT_LIFETIME_CEILING
  return nodeAt(node, path).row.judge({ path, declared, live, declaredApi, liveApi, lifetimeCeiling })
}

export function startsWith(path: Path, prefix: Path): boolean {
  return prefix.length <= path.length && prefix.every((step, index) => path[index] === step)
}
