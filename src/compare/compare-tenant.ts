import picomatch from 'picomatch'
import { isDeepStrictEqual } from 'node:util'
import type { DeclaredApi, DeclaredState } from '../schema/declared.ts'
import type { ErrorCode } from '../schema/errors.ts'
import type { Finding, Verdict } from '../schema/finding.ts'
import { byCodeUnits, type JsonObject } from '../schema/json.ts'
import { parsePath } from '../schema/path.ts'
import type { Look, Snapshot } from '../schema/snapshot.ts'
import { compareApi } from './compare-api.ts'
import { makeFinding, UNREADABLE } from './make-finding.ts'
import type { CompareContext, Comparison, TenantInput } from './types.ts'

const NO_BASE = 'no base was known, so a change that this code has not applied yet cannot be told from drift'

/** Compares a whole tenant with everything that is declared, recorded and was declared before. Pure; linear in the number of APIs. */
export function compareTenant(tenant: string, input: TenantInput): Comparison {
  const context: CompareContext = {
    tenant,
    hasBase: input.base !== null,
    hasRecorded: input.recorded !== null,
    ...(input.lifetimeCeiling === undefined ? {} : { lifetimeCeiling: input.lifetimeCeiling }),
    ...(input.rows === undefined ? {} : { rows: input.rows }),
  }
  const { declared } = input
  if (!input.inventory.ok) {
    const findings = [unreadableTenant(tenant, input.inventory.code)]
    return { ...result(tenant, findings, null), summary: summary(declared, null, 0, 0), touched: null }
  }
  const { snapshot } = input.inventory
  const sides = gather(input, snapshot)
  const isElsewhere = matcher(declared.managedElsewhere)
  const findings: Finding[] = snapshot.complete ? [] : [unreadableTenant(tenant, 'incomplete_inventory')]
  const touched: string[] = []
  let adopted = 0
  let elsewhere = 0
  for (const [identifier, side] of sides) {
    if (side.declared === null && isElsewhere(identifier)) {
      if (side.live !== null) elsewhere++
      continue
    }
    const look = lookAt(input, snapshot, identifier, side)
    if (look === null) continue
    const secret = input.secrets.get(identifier)
    const comparison = compareApi(context, {
      identifier,
      declared: side.declared,
      base: side.base,
      recorded: side.recorded,
      look,
      ...(secret === undefined ? {} : { secret }),
    })
    findings.push(...comparison.findings)
    adopted += comparison.adopted
    if (comparison.touched === true) touched.push(identifier)
  }
  const live = snapshot.complete ? snapshot.items.length : null
  return {
    ...result(tenant, groupUnknownFields(tenant, findings), input.base),
    summary: summary(declared, live, adopted, elsewhere),
    touched: context.hasBase ? touched.sort(byCodeUnits) : null,
  }
}

interface Side {
  declared: DeclaredApi | null
  base: JsonObject | null
  recorded: JsonObject | null
  live: JsonObject | null
}

function gather(input: TenantInput, snapshot: Snapshot): ReadonlyMap<string, Side> {
  const sides = new Map<string, Side>()
  const side = (identifier: string): Side => {
    const known = sides.get(identifier)
    if (known !== undefined) return known
    const made: Side = { declared: null, base: null, recorded: null, live: null }
    sides.set(identifier, made)
    return made
  }
  for (const api of input.declared.apis) side(api.identifier).declared = api
  for (const api of input.base?.apis ?? []) side(api.identifier).base = api.values
  for (const item of input.recorded?.items ?? []) side(String(item.identifier)).recorded = item
  for (const item of snapshot.items) side(String(item.identifier)).live = item
  return sides
}

/** What is known of an API; null where nothing has to be known of it (not declared, not recorded, and not in the tenant). */
function lookAt(input: TenantInput, snapshot: Snapshot, identifier: string, side: Side): Look | null {
  const look = input.looks.get(identifier)
  if (look !== undefined) return look
  if (side.live !== null) return { status: 'read', live: side.live }
  if (side.declared === null && side.recorded === null) return snapshot.complete ? { status: 'missing' } : null
  const message = `${identifier} is not in the list that could be read, and nothing confirmed that it is gone`
  return { status: 'unreadable', code: 'incomplete_inventory', message, advice: 'Run again.' }
}

const GLOB = { bash: true, dot: true, nobrace: true, noextglob: true, nonegate: true } as const

/** Identifier globs: `*` crosses slashes, braces and parentheses are plain text. */
export function matcher(globs: readonly string[]): (identifier: string) => boolean {
  if (globs.length === 0) return () => false
  const matchers = globs.map((glob) => picomatch(glob, GLOB))
  return (identifier) => matchers.some((matches) => matches(identifier))
}

export function unreadableTenant(tenant: string, code: ErrorCode): Finding {
  const subject = { tenant, identifier: null, declaredApi: null }
  const parts = { kind: 'unreadable', path: [], origin: null, counts: true, judgement: UNREADABLE } as const
  return makeFinding(subject, { ...parts, code })
}

/** One new key of the API's makers appears on every API at once: that is one finding about the tenant, not one for each. */
function groupUnknownFields(tenant: string, findings: readonly Finding[]): readonly Finding[] {
  const groups = Map.groupBy(
    findings.filter((finding) => finding.kind === 'unknown-field'),
    (finding) => finding.path,
  )
  const subject = { tenant, identifier: null, declaredApi: null }
  const grouped = [...groups].map(([path, members]) => {
    const [first] = members
    const isCommon = members.every((member) => isDeepStrictEqual(member.live, first?.live))
    const finding = makeFinding(subject, {
      kind: 'unknown-field',
      path: parsePath(path) ?? [path],
      origin: members.some((member) => member.counts) ? 'drift' : null,
      counts: members.some((member) => member.counts),
      judgement: { direction: 'neutral', impact: null, severity: 'medium' },
    })
    return { ...finding, ...(isCommon && first?.live !== undefined ? { live: first.live } : {}), apis: members.length }
  })
  return [...findings.filter((finding) => finding.kind !== 'unknown-field'), ...grouped]
}

function summary(
  declared: DeclaredState,
  live: number | null,
  adopted: number,
  elsewhere: number,
): Comparison['summary'] {
  return { declared: declared.apis.length, live, adopted, elsewhere }
}

function result(
  tenant: string,
  findings: readonly Finding[],
  base: DeclaredState | null,
): Pick<Comparison, 'tenant' | 'verdict' | 'findings' | 'notes'> {
  const hasDrift = findings.some((finding) => finding.origin === 'drift')
  return {
    tenant,
    verdict: verdictOf(findings),
    findings: sortFindings(findings),
    notes: base === null && hasDrift ? [NO_BASE] : [],
  }
}

/** Incomplete beats drifted beats in-sync. */
export function verdictOf(findings: readonly Finding[]): Verdict {
  if (findings.some((finding) => finding.kind === 'unreadable')) return 'incomplete'
  return findings.some((finding) => finding.counts) ? 'drifted' : 'in-sync'
}

/** The tenant's own findings first, then by identifier, path and kind. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort(
    (a, b) =>
      byCodeUnits(a.identifier ?? '', b.identifier ?? '') || byCodeUnits(a.path, b.path) || byCodeUnits(a.kind, b.kind),
  )
}
