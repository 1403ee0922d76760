import { FIELDS } from '../schema/fields.ts'
import { HIDDEN, type Finding, type Shown } from '../schema/finding.ts'
import { own, sameJson, type Json, type JsonObject } from '../schema/json.ts'
import { judged } from '../schema/judge.ts'
import { notKnownPaths } from '../schema/not-known.ts'
import { beginsWith, pathText, type Path } from '../schema/path.ts'
import { holdsSecret, soundsSecret } from '../schema/sounds-secret.ts'
import { SYSTEM_APIS, systemKind } from '../schema/system-apis.ts'
import { catalogueDefaults, catalogueTree, type RowNode } from '../schema/tree.ts'
import { differingPaths, normalAt, rawAt } from './diff.ts'
import { shownAt } from './field-base.ts'
import { makeFinding } from './make-finding.ts'
import { normalise, type Normal } from './normalise.ts'
import {
  absenceAt,
  isOthersScope,
  isWatched,
  judgeField,
  unreadableField,
  withoutGrowth,
  type FieldScene,
} from './scene.ts'

/**
 * What nobody declares: settings that stand at something else than recorded, or (nothing recorded) than their default, and keys that this
 * version does not know. Once something is recorded for the tenant these count; before that they are notices.
 * `spoken` are the fields that the code or its base declares; `nested` the unknown keys that were found in them.
 */
export function watchUndeclared(
  scene: FieldScene,
  spoken: ReadonlySet<string>,
  nested: Normal['unknown'],
): readonly Finding[] {
  const { context, input } = scene
  const tree = catalogueTree(context.rows ?? FIELDS)
  const { expected, counts } = expectation(scene)
  const unmapped = (input.declared?.notKnown ?? []).filter(({ why }) => why === 'unmapped')
  const watch = { scene, counts, unmapped: notKnownPaths(unmapped) }
  const findings: Finding[] = []
  const unknown = new Map<string, { path: Path; live: Json | undefined }>(
    nested.map(({ path, value }) => [pathText(path), { path, live: value }] as const),
  )
  for (const [key, node] of tree) {
    const isPartly = key === 'scopes' && input.declared?.isSomeScopes === true
    if (!isWatched(node, input.recorded) || (spoken.has(key) && !isPartly)) continue
    const raw = own(scene.live, key)
    if (sameJson(raw, own(expected, key))) continue
    const live = normalise(node, raw)
    for (const { path, value } of live.unknown) unknown.set(pathText(path), { path, live: value })
    if (live.problems.length > 0) findings.push(...live.problems.map((problem) => unreadableField(scene, problem)))
    else findings.push(...watchField(watch, node, own(expected, key), live.value))
  }
  for (const { path } of [...unknownTopKeys(scene, tree), ...recordedUnknown(scene, tree)]) {
    const text = pathText(path)
    if (!unknown.has(text)) unknown.set(text, { path, live: rawIn(tree, scene.live, path) })
  }
  for (const { path, live } of unknown.values()) findings.push(...unknownField(watch, tree, path, live))
  return findings
}

interface UndeclaredWatch {
  readonly scene: FieldScene
  readonly counts: boolean
  /** What the code declares of what this version does not know: it is said to be not compared, and nobody may say that it is declared nowhere. */
  readonly unmapped: readonly Path[]
}

/** What the settings should be: as recorded, else as a bare create leaves them, else as the tenant makes its own APIs. */
function expectation(scene: FieldScene): { expected: JsonObject; counts: boolean } {
  const { context, input, live } = scene
  const defaults = catalogueDefaults(context.rows ?? FIELDS)
  if (input.recorded !== null) return { expected: input.recorded, counts: true }
  const kind = systemKind(live)
  if (kind === null) return { expected: defaults, counts: context.hasRecorded }
  const api = SYSTEM_APIS.find((known) => known.kind === kind)
  // The defaults of a system API that nobody measured are a guess: what differs from a guess is shown and fails nothing.
  const counts = context.hasRecorded && api?.isMeasured === true
  return { expected: { ...defaults, ...api?.profile }, counts }
}

function watchField(
  { scene, counts }: UndeclaredWatch,
  node: RowNode,
  rawExpected: Json | undefined,
  live: Json | undefined,
): readonly Finding[] {
  const { context, input } = scene
  if (node.row.presence === 'always' && live === undefined) {
    const code = node.row.absenceCode ?? 'unexpected_shape'
    return input.recorded === null ? [] : [unreadableField(scene, { path: [node.key], code })]
  }
  const expected = normalise(node, rawExpected).value
  const isOurs = (path: Path) =>
    node.key !== 'scopes' || input.declared?.isSomeScopes !== true || isOthersScope(input.declared, path)
  let paths = withoutGrowth(scene, node, differingPaths(node, expected, live), live).filter(isOurs)
  // On a first look a list of scopes is one thing to say, not one for each scope.
  if (!context.hasRecorded && node.row.compare === 'map' && paths.length > 0) paths = [[node.key]]
  return paths.map((path) => {
    const [wanted, found] = [normalAt(expected, path), normalAt(live, path)]
    const absence = absenceAt(node, path, found)
    if (absence !== null) return unreadableField(scene, absence)
    return makeFinding(scene.subject, {
      kind: 'undeclared',
      path,
      origin: counts ? 'drift' : null,
      counts,
      judgement: judgeField(scene, node, path, wanted, found),
      base: context.hasRecorded ? shownAt(node, rawExpected, expected, path) : undefined,
      live: shownAt(node, own(scene.live, node.key), live, path),
    })
  })
}

type Tree = ReadonlyMap<string, RowNode>

function unknownTopKeys(scene: FieldScene, tree: Tree): readonly { path: Path }[] {
  const keys = [...Object.keys(scene.live), ...Object.keys(scene.input.recorded ?? {})]
  return keys.filter((key) => !tree.has(key)).map((key) => ({ path: [key] }))
}

/** Unknown keys inside known fields as they were recorded: one that is gone from the tenant is news too. */
function recordedUnknown(scene: FieldScene, tree: Tree): readonly { path: Path }[] {
  const recorded = scene.input.recorded ?? {}
  return Object.keys(recorded).flatMap((key) => {
    const node = tree.get(key)
    if (node === undefined || sameJson(recorded[key], own(scene.live, key))) return []
    return normalise(node, own(recorded, key)).unknown
  })
}

function unknownField(
  { scene, counts, unmapped }: UndeclaredWatch,
  tree: Tree,
  path: Path,
  live: Json | undefined,
): readonly Finding[] {
  const { recorded: item } = scene.input
  if (!counts && unmapped.some((place) => beginsWith(path, place))) return []
  const recorded = item === null ? undefined : rawIn(tree, item, path)
  if (item !== null && sameJson(recorded, live)) return []
  const key = path.at(-1) ?? ''
  const finding = makeFinding(scene.subject, {
    kind: 'unknown-field',
    path,
    origin: counts ? 'drift' : null,
    counts,
    judgement: judged('neutral', 'medium'),
  })
  return [
    {
      ...finding,
      ...(recorded === undefined ? {} : { base: guardedValue(key, recorded) }),
      ...(live === undefined ? {} : { live: guardedValue(key, live) }),
    },
  ]
}

function rawIn(tree: Tree, api: JsonObject, path: Path): Json | undefined {
  const [key = ''] = path
  const node = tree.get(key)
  return node === undefined ? own(api, key) : rawAt(node, own(api, key), path)
}

/** Nobody knows what a new key holds. Where its name sounds like a secret, its value is not shown. */
function guardedValue(key: string, value: Json): Shown {
  return soundsSecret(key) || holdsSecret(value) ? HIDDEN : value
}
