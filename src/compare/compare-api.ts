import { isDeepStrictEqual } from 'node:util'
import { FIELDS } from '../schema/fields.ts'
import type { Finding, Origin } from '../schema/finding.ts'
import { own, type Json, type JsonObject } from '../schema/json.ts'
import { systemKind } from '../schema/system-apis.ts'
import { catalogueTree } from './catalogue.ts'
import { compareField, type FieldScene } from './compare-fields.ts'
import { differingPaths } from './diff.ts'
import { makeFinding, UNREADABLE, type Subject } from './make-finding.ts'
import { normalise, type Normal } from './normalise.ts'
import type { ApiComparison, ApiInput, CompareContext } from './types.ts'
import { watchUndeclared } from './watch-undeclared.ts'

/**
 * Compares one API: base, declared, live and recorded (design: the two tables of origins). Findings are sorted by path and kind.
 * Pure; what could not be read is a finding, never an absence.
 */
export function compareApi(context: CompareContext, input: ApiInput): ApiComparison {
  const subject: Subject = { tenant: context.tenant, identifier: input.identifier, declaredApi: input.declared }
  const touched = context.hasBase ? isTouched(context, input) : null
  const { look } = input
  switch (look.status) {
    case 'unreadable': {
      const unreadable = { kind: 'unreadable', path: [], origin: null, counts: true, judgement: UNREADABLE } as const
      return { findings: [makeFinding(subject, { ...unreadable, code: look.code })], adopted: 0, touched }
    }
    case 'missing':
      return { ...compareGone(context, input, subject, touched === true), touched }
    case 'read': {
      const scene = { context, input, subject, declared: input.declared?.values ?? {}, live: look.live }
      const result = input.declared === null ? compareUnclaimed(scene) : compareDeclared(scene)
      return { ...result, touched }
    }
  }
}

type Result = Omit<ApiComparison, 'touched'>

function compareDeclared(scene: FieldScene): Result {
  const tree = catalogueTree(scene.context.rows ?? FIELDS)
  const spoken = new Set([...Object.keys(scene.declared), ...Object.keys(scene.input.base ?? {})])
  const findings: Finding[] = []
  const unknown: Normal['unknown'][number][] = []
  let adopted = 0
  for (const key of spoken) {
    const node = tree.get(key)
    if (node === undefined || node.row.compare === 'key') continue
    const field = compareField(scene, node)
    findings.push(...field.findings)
    unknown.push(...field.unknown)
    adopted += field.adopted
  }
  findings.push(...watchUndeclared(scene, spoken, unknown))
  return { findings, adopted }
}

/** A live API that the code does not declare. */
function compareUnclaimed(scene: FieldScene): Result {
  const { context, input, subject } = scene
  const isSystem = systemKind(scene.live) !== null
  if (input.base !== null) {
    if (isSystem) return { findings: [], adopted: 0 }
    const origin = differsFromBase(scene, input.base) ? 'conflict' : 'pending'
    return { findings: [unmanaged(subject, scene.live, origin, origin === 'conflict')], adopted: 0 }
  }
  const isNew = context.hasRecorded && input.recorded === null
  if (isNew) return { findings: isSystem ? [] : [unmanaged(subject, scene.live, 'drift', true)], adopted: 0 }
  const settings = watchUndeclared(scene, new Set(), [])
  if (context.hasRecorded || isSystem) return { findings: settings, adopted: 0 }
  return { findings: [unmanaged(subject, scene.live, null, false), ...settings], adopted: 0 }
}

function differsFromBase(scene: FieldScene, base: JsonObject): boolean {
  const tree = catalogueTree(scene.context.rows ?? FIELDS)
  return Object.keys(base).some((key) => {
    const node = tree.get(key)
    if (node === undefined || node.row.compare === 'key' || node.row.compare === 'secret') return false
    const live = normalise(node, own(scene.live, key))
    return live.problems.length > 0 || differingPaths(node, normalise(node, base[key]).value, live.value).length > 0
  })
}

function unmanaged(subject: Subject, live: JsonObject, origin: Origin | null, counts: boolean): Finding {
  return makeFinding(subject, {
    kind: 'unmanaged',
    path: [],
    origin,
    counts,
    judgement: { direction: 'neutral', impact: null, severity: 'medium' },
    live: nameplate(live),
  })
}

/** An API that the tenant does not have, for sure. */
function compareGone(context: CompareContext, input: ApiInput, subject: Subject, touched: boolean): Result {
  const { declared, base, recorded } = input
  if (declared === null && base !== null) return { findings: [], adopted: 1 }
  if (declared === null && recorded === null) return { findings: [], adopted: 0 }
  const origin = goneOrigin(context, input, touched)
  const finding = makeFinding(subject, {
    kind: 'missing',
    path: [],
    origin,
    counts: origin !== 'pending',
    judgement: { direction: 'neutral', impact: 'breaks-clients', severity: 'critical' },
    declared: declared === null ? undefined : nameplate(declared.values),
    base: base === null ? (recorded === null ? undefined : nameplate(recorded)) : nameplate(base),
  })
  return { findings: [finding], adopted: 0 }
}

function goneOrigin(context: CompareContext, input: ApiInput, touched: boolean): Origin {
  if (!context.hasBase || input.declared === null) return 'drift'
  if (input.base !== null) return touched ? 'conflict' : 'drift'
  return input.recorded === null ? 'pending' : 'drift'
}

/** Enough of an API to know it by; a whole one would bury the report. */
function nameplate(api: JsonObject): Json {
  return Object.fromEntries(Object.entries(api).filter(([key]) => ['id', 'identifier', 'name'].includes(key)))
}

/** Whether the code says something else about this API than its base did. The order of keyed lists is no difference. */
function isTouched(context: CompareContext, input: ApiInput): boolean {
  const { declared, base } = input
  if (declared === null || base === null) return declared !== base
  const tree = catalogueTree(context.rows ?? FIELDS)
  const keys = new Set([...Object.keys(declared.values), ...Object.keys(base)])
  return [...keys].some((key) => {
    if (Object.hasOwn(declared.values, key) !== Object.hasOwn(base, key)) return true
    const [is, was] = [declared.values[key], base[key]]
    if (isDeepStrictEqual(is, was)) return false
    const node = tree.get(key)
    return node === undefined || differingPaths(node, normalise(node, was).value, normalise(node, is).value).length > 0
  })
}
