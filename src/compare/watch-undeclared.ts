import { isDeepStrictEqual } from 'node:util'
import { bareDefaults, FIELDS } from '../schema/fields.ts'
import type { Finding } from '../schema/finding.ts'
import { own, type Json, type JsonObject } from '../schema/json.ts'
import type { Path } from '../schema/path.ts'
import { SYSTEM_APIS, systemKind } from '../schema/system-apis.ts'
import { catalogueTree, type Node } from './catalogue.ts'
import { judge, unreadableField, type FieldScene } from './compare-fields.ts'
import { differingPaths, normalAt, rawAt } from './diff.ts'
import { makeFinding } from './make-finding.ts'
import { normalise, type Normal } from './normalise.ts'

/**
 * What nobody declares: settings that stand at something else than recorded, or (nothing recorded) than their default, and keys that this
 * version does not know. Once something is recorded for the tenant these count; before that they are notices.
 */
export function watchUndeclared(
  scene: FieldScene,
  spoken: ReadonlySet<string>,
  nested: Normal['unknown'],
): readonly Finding[] {
  const tree = catalogueTree(scene.context.rows ?? FIELDS)
  const expected = expectation(scene)
  const findings: Finding[] = []
  const unknown = [...nested]
  for (const [key, node] of tree) {
    if (!node.row.watched || spoken.has(key)) continue
    const raw = own(scene.live, key)
    if (raw === own(expected, key)) continue
    const live = normalise(node, raw)
    unknown.push(...live.unknown)
    if (live.problems.length > 0) findings.push(...live.problems.map((problem) => unreadableField(scene, problem)))
    else findings.push(...watchField(scene, node, own(expected, key), live.value))
  }
  for (const key of new Set([...Object.keys(scene.live), ...Object.keys(scene.input.recorded ?? {})])) {
    if (!tree.has(key)) findings.push(...unknownField(scene, [key], own(scene.live, key)))
  }
  return [...findings, ...unknown.flatMap(({ path, value }) => unknownField(scene, path, value))]
}

/** What the settings should be: as recorded, else as a bare create leaves them, else as the tenant makes its own APIs. */
function expectation(scene: FieldScene): JsonObject {
  const { context, input, live } = scene
  if (context.hasRecorded && input.recorded !== null) return input.recorded
  const kind = systemKind(live)
  const profile = SYSTEM_APIS.find((api) => api.kind === kind)?.profile ?? {}
  return { ...bareDefaults(context.rows), ...profile }
}

function watchField(scene: FieldScene, node: Node, rawExpected: Json | undefined, live: Json | undefined): Finding[] {
  const { context, input } = scene
  const expected = normalise(node, rawExpected).value
  const isSystem = systemKind(scene.live) !== null
  if (node.row.presence === 'always' && live === undefined) {
    const code = node.row.absenceCode ?? 'unexpected_shape'
    return input.recorded === null ? [] : [unreadableField(scene, { path: [node.key], code })]
  }
  let paths: readonly Path[] = differingPaths(node, expected, live)
  // A tenant's own APIs get new scopes by themselves; only one that goes away is news.
  if (isSystem && node.key === 'scopes') {
    paths = context.hasRecorded ? paths.filter((path) => path.length === 2 && normalAt(live, path) === undefined) : []
  }
  if (!context.hasRecorded && node.row.compare === 'map' && paths.length > 0) paths = [[node.key]]
  return paths.map((path) =>
    makeFinding(scene.subject, {
      kind: 'undeclared',
      path,
      origin: context.hasRecorded ? 'drift' : null,
      counts: context.hasRecorded,
      judgement: judge(scene, node, path, normalAt(expected, path), normalAt(live, path)),
      base: context.hasRecorded ? (rawAt(node, rawExpected, path) ?? normalAt(expected, path)) : undefined,
      live: rawAt(node, own(scene.live, node.key), path) ?? normalAt(live, path),
    }),
  )
}

function unknownField(scene: FieldScene, path: Path, value: Json | undefined): readonly Finding[] {
  const { context, input } = scene
  let recorded: Json | undefined
  if (context.hasRecorded && input.recorded !== null) {
    recorded = recordedAt(scene, path)
    if (isDeepStrictEqual(recorded, value)) return []
  }
  return [
    makeFinding(scene.subject, {
      kind: 'unknown-field',
      path,
      origin: context.hasRecorded ? 'drift' : null,
      counts: context.hasRecorded,
      judgement: { direction: 'neutral', impact: null, severity: 'medium' },
      base: recorded,
      live: value,
    }),
  ]
}

function recordedAt(scene: FieldScene, path: Path): Json | undefined {
  const recorded = scene.input.recorded ?? {}
  const [key = ''] = path
  const node = catalogueTree(scene.context.rows ?? FIELDS).get(key)
  if (node === undefined) return own(recorded, key)
  return rawAt(node, own(recorded, key), path)
}
