import { addressOf, placeOf, type DeclaredApi } from '../schema/declared.ts'
import type { ErrorCode } from '../schema/errors.ts'
import type { Judgement } from '../schema/field-row.ts'
import { HIDDEN, type Finding, type FindingKind, type Origin, type Shown } from '../schema/finding.ts'
import { byCodeUnits, type Json, type JsonObject } from '../schema/json.ts'
import { judged } from '../schema/judge.ts'
import type { NotKnownReason } from '../schema/not-known.ts'
import { pathText, type Path } from '../schema/path.ts'
import { fingerprint } from './fingerprint.ts'

export interface FindingParts {
  readonly kind: FindingKind
  readonly path: Path
  readonly origin: Origin | null
  readonly counts: boolean
  readonly judgement: Judgement
  readonly declared?: Json | undefined
  readonly base?: Json | undefined
  readonly live?: Json | undefined
  /** The values are secrets: shown as hidden where there is one. */
  readonly secret?: boolean
  readonly code?: ErrorCode
  readonly why?: NotKnownReason
}

/** Whom a finding is about; `declaredApi` gives file and line. */
export interface FindingSubject {
  readonly tenant: string
  readonly identifier: string | null
  readonly declaredApi: DeclaredApi | null
}

/** A tenant as a whole. */
export function wholeTenant(tenant: string): FindingSubject {
  return { tenant, identifier: null, declaredApi: null }
}

export function makeFinding(subject: FindingSubject, parts: FindingParts): Finding {
  const path = pathText(parts.path)
  const api = subject.declaredApi
  const shown = (name: 'declared' | 'base' | 'live') => show(name, parts[name], parts.secret === true)
  return {
    kind: parts.kind,
    identifier: subject.identifier,
    path,
    origin: parts.origin,
    counts: parts.counts,
    ...shown('declared'),
    ...shown('base'),
    ...shown('live'),
    direction: parts.judgement.direction,
    impact: parts.judgement.impact,
    severity: parts.judgement.severity,
    fingerprint: fingerprint(subject.tenant, subject.identifier, path, parts.kind),
    ...placedIn(api, path),
    ...(parts.code === undefined ? {} : { code: parts.code }),
    ...(parts.why === undefined ? {} : { why: parts.why }),
  }
}

/** What could not be read: nothing is known, so it is neither weaker nor safer, and always counts. */
export function unreadable(subject: FindingSubject, path: Path, code: ErrorCode, why?: NotKnownReason): Finding {
  return makeFinding(subject, {
    kind: 'unreadable',
    path,
    origin: null,
    counts: true,
    judgement: judged('neutral', 'high'),
    code,
    ...(why === undefined ? {} : { why }),
  })
}

function placedIn(api: DeclaredApi | null, path: string): Pick<Finding, 'file' | 'line' | 'address'> {
  if (api === null) return { file: null, line: null }
  const address = addressOf(api, path)
  return { ...placeOf(api, path), ...(address === null ? {} : { address }) }
}

function show(name: string, value: Json | undefined, isSecret: boolean): Partial<Record<string, Shown>> {
  if (value === undefined) return {}
  return { [name]: isSecret && value !== null ? HIDDEN : value }
}

/** Enough of an API to know it by; a whole one would bury the report. */
export function nameplate(api: JsonObject): Json {
  return Object.fromEntries(Object.entries(api).filter(([key]) => ['id', 'identifier', 'name'].includes(key)))
}

/** The tenant's own findings first, then by identifier, path and kind, in code units. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort(
    (a, b) =>
      byCodeUnits(a.identifier ?? '', b.identifier ?? '') || byCodeUnits(a.path, b.path) || byCodeUnits(a.kind, b.kind),
  )
}
