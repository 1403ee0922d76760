import { FIELDS } from '../schema/fields.ts'
import type { FieldRow } from '../schema/field-row.ts'
import type { Finding, Origin } from '../schema/finding.ts'
import { own, sameJson, textAt, type JsonObject } from '../schema/json.ts'
import { judged } from '../schema/judge.ts'
import { NOT_KNOWN, notKnownPaths, type NotKnown } from '../schema/not-known.ts'
import { parsePath } from '../schema/path.ts'
import { SECRET_NOT_KEPT } from '../schema/secret-digest.ts'
import { systemKind } from '../schema/system-apis.ts'
import { catalogueTree } from '../schema/tree.ts'
import { compareField } from './compare-fields.ts'
import { compareSecret } from './compare-secret.ts'
import { differingPaths } from './diff.ts'
import { makeFinding, nameplate, sortFindings, unreadable, type FindingSubject } from './make-finding.ts'
import { normalise, type Normal } from './normalise.ts'
import { absences, judgeField, unreadableField, type FieldScene } from './scene.ts'
import type { ApiComparison, ApiInput, CompareContext } from './types.ts'
import { watchUndeclared } from './watch-undeclared.ts'
import { SIGNING_SECRET } from '../schema/secret-field.ts'

/**
 * Compares one API: base, declared, live and recorded (the table of origins: docs/glossary.md). Findings are sorted by path and kind.
 * Pure; what could not be read is a finding, never an absence.
 */
export function compareApi(context: CompareContext, input: ApiInput): ApiComparison {
  const subject: FindingSubject = { tenant: context.tenant, identifier: input.identifier, declaredApi: input.declared }
  const touched = context.hasBase ? isTouched(context.rows ?? FIELDS, input) : null
  const { look } = input
  switch (look.status) {
    case 'unreadable':
      return { findings: [unreadable(subject, [], look.code)], adopted: 0, touched }
    case 'missing':
      return { ...compareGone(context, input, subject), touched }
    case 'read': {
      const scene = { context, input, subject, declared: input.declared?.values ?? {}, live: look.live }
      const result = input.declared === null ? compareUnclaimed(scene) : compareDeclared(scene)
      return { ...result, findings: sortFindings([...result.findings, ...madeAgain(scene)]), touched }
    }
  }
}

/**
 * Whatever knows the tenant's id of an API compares it: another one means that the API was deleted and created again, with all that was granted on it gone.
 * What the code itself says of the id is compared as any field.
 */
function madeAgain(scene: FieldScene): readonly Finding[] {
  const { input, live } = scene
  const node = catalogueTree(scene.context.rows ?? FIELDS).get('id')
  const said = Object.hasOwn(scene.declared, 'id') || Object.hasOwn(input.base ?? {}, 'id')
  const found = textAt(live, 'id')
  if (node === undefined || said || found === null) return []
  const bySource = input.declared?.tenantId ?? null
  const known = bySource ?? input.baseId ?? textAt(input.recorded, 'id')
  if (known === null || known === found) return []
  const finding = makeFinding(scene.subject, {
    kind: 'changed',
    path: ['id'],
    origin: 'drift',
    counts: true,
    judgement: judgeField(scene, node, ['id'], known, found),
    declared: bySource ?? undefined,
    base: bySource === null ? known : undefined,
    live: found,
  })
  return [finding]
}

type Result = Omit<ApiComparison, 'touched'>

/** A live API that the code declares; or a system API that it declared: then every field of it was taken away. */
function compareDeclared(scene: FieldScene): Result {
  const tree = catalogueTree(scene.context.rows ?? FIELDS)
  const places = scene.input.declared?.notKnown ?? []
  const unread = new Set(notKnownPaths(places).flatMap((path) => (path.length === 1 ? path : [])))
  const spoken = new Set([...Object.keys(scene.declared), ...Object.keys(scene.input.base ?? {}), ...unread])
  const findings: Finding[] = places.map((place) => notCompared(scene, place))
  const unknown: Normal['unknown'][number][] = []
  let adopted = 0
  for (const key of spoken) {
    const node = tree.get(key)
    if (node === undefined || node.row.compare === 'key' || unread.has(key)) continue
    const field = node.row.compare === 'secret' ? compareSecret(scene, node) : compareField(scene, node)
    findings.push(...field.findings)
    unknown.push(...field.unknown)
    adopted += field.adopted
  }
  findings.push(...watchUndeclared(scene, spoken, unknown))
  return { findings, adopted }
}

/** What a source says and nobody could read. A setting that we know makes the run incomplete; of any other it is said that it was not compared. */
function notCompared(scene: FieldScene, { path: text, why }: NotKnown): Finding {
  const path = parsePath(text) ?? [text]
  if (NOT_KNOWN[why].fails) return unreadable(scene.subject, path, 'declared_unreadable', why)
  return makeFinding(scene.subject, {
    kind: 'not-compared',
    path,
    origin: null,
    counts: false,
    judgement: judged('neutral', 'low'),
    why,
  })
}

/** A live API that the code does not declare. */
function compareUnclaimed(scene: FieldScene): Result {
  const { context, input, subject } = scene
  const isSystem = systemKind(scene.live) !== null
  if (input.base !== null) {
    if (isSystem) return compareDeclared(scene)
    return { findings: takenOut(scene, input.base), adopted: 0 }
  }
  const isNew = context.hasRecorded && input.recorded === null
  if (isNew && !isSystem) return { findings: [unmanaged(subject, scene.live, 'drift', true)], adopted: 0 }
  const settings = watchUndeclared(scene, new Set(), [])
  if (context.hasRecorded || isSystem) return { findings: settings, adopted: 0 }
  return { findings: [unmanaged(subject, scene.live, null, false), ...settings], adopted: 0 }
}

/** Taken out of the code and still live: pending where live is as the base had it, else a conflict. What cannot be understood is said. */
function takenOut(scene: FieldScene, base: JsonObject): readonly Finding[] {
  const tree = catalogueTree(scene.context.rows ?? FIELDS)
  const unread: Finding[] = []
  let isChanged = false
  for (const key of Object.keys(base)) {
    const node = tree.get(key)
    if (node === undefined || node.row.compare === 'key' || node.row.compare === 'secret') continue
    const live = normalise(node, own(scene.live, key))
    const problems = [...live.problems, ...absences(node, scene.live)]
    unread.push(...problems.map((problem) => unreadableField(scene, problem)))
    if (problems.length > 0) continue
    const before = normalise(node, own(base, key))
    isChanged ||= before.problems.length > 0 || differingPaths(node, before.value, live.value).length > 0
  }
  const { secret } = scene.input
  const kept = own(base, SIGNING_SECRET)
  if (secret?.status === 'read' && kept !== undefined && kept !== SECRET_NOT_KEPT) isChanged ||= secret.digest !== kept
  const origin = isChanged ? 'conflict' : 'pending'
  return [...unread, unmanaged(scene.subject, scene.live, origin, isChanged)]
}

function unmanaged(subject: FindingSubject, live: JsonObject, origin: Origin | null, counts: boolean): Finding {
  return makeFinding(subject, {
    kind: 'unmanaged',
    path: [],
    origin,
    counts,
    judgement: judged('neutral', 'medium'),
    live: nameplate(live),
  })
}

/** An API that the tenant does not have, for sure. */
function compareGone(context: CompareContext, input: ApiInput, subject: FindingSubject): Result {
  const { declared, base, recorded } = input
  if (declared === null && base !== null) return { findings: [], adopted: 1 }
  if (declared === null && recorded === null) return { findings: [], adopted: 0 }
  const origin = goneOrigin(context, input)
  const before = base ?? recorded
  const finding = makeFinding(subject, {
    kind: 'missing',
    path: [],
    origin,
    counts: origin !== 'pending',
    judgement: judged('neutral', 'critical', 'breaks-clients'),
    declared: declared === null ? undefined : nameplate(declared.values),
    base: before === null ? undefined : nameplate(before),
  })
  return { findings: [finding], adopted: 0 }
}

/** As for a field: where the base does not have the API, what was recorded of it stands in. */
function goneOrigin(context: CompareContext, input: ApiInput): Origin {
  const { declared, base, recorded } = input
  const rows = context.rows ?? FIELDS
  if (!context.hasBase || declared === null) return 'drift'
  if (base !== null) return isTouched(rows, input) ? 'conflict' : 'drift'
  if (recorded === null) return 'pending'
  return saysOtherwise(rows, recorded, declared.values) ? 'conflict' : 'drift'
}

/** Whether the code says something else about this API than its base did, or no longer says anything. */
export function isTouched(rows: readonly FieldRow[], { declared, base }: Pick<ApiInput, 'declared' | 'base'>): boolean {
  if (declared === null || base === null) return (declared === null) !== (base === null)
  const keys = Object.keys(declared.values)
  const isSameSet = keys.length === Object.keys(base).length && keys.every((key) => Object.hasOwn(base, key))
  return !isSameSet || saysOtherwise(rows, base, declared.values)
}

/** Whether a declared field has another meaning than it had before. The order of keyed lists is no difference. */
function saysOtherwise(rows: readonly FieldRow[], before: JsonObject, declared: JsonObject): boolean {
  const tree = catalogueTree(rows)
  return Object.keys(declared).some((key) => {
    const [was, is] = [own(before, key), own(declared, key)]
    if (sameJson(is, was) || was === SECRET_NOT_KEPT) return false
    const node = tree.get(key)
    if (node === undefined || node.row.compare === 'secret') return true
    const [old, young] = [normalise(node, was), normalise(node, is)]
    return old.problems.length > 0 || differingPaths(node, old.value, young.value).length > 0
  })
}
