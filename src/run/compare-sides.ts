import { setImmediate } from 'node:timers/promises'
import {
  comparing,
  fingerprintsOf,
  hideSecrets,
  veiledEdits,
  type Comparison,
  type SecretFields,
  type Sides,
  type TenantInput,
} from '../compare/front.ts'
import type { Finding } from '../schema/finding.ts'
import type { TenantReader } from '../schema/snapshot.ts'
import { gatherTenant, type TenantChoice } from './gather-tenant.ts'

/** What of a tenant is compared, and by what measure. */
export interface Scope extends TenantChoice {
  /** Only these are asked for, so that it is no finding that the reading lacks others. */
  readonly isPartial?: boolean
  /** Fields that the code declares with values that are not known yet, by identifier. */
  readonly notYet?: ReadonlyMap<string, ReadonlySet<string>>
  readonly lifetimeCeiling?: number | undefined
}

/** A whole tenant, by the measure of the catalogue. */
export const WHOLE: Scope = { includes: null }

/** What must not be said of what is found, or cannot be. */
export interface Discretion {
  /** Fields of which nothing is said but that they differ. */
  readonly secretsOf?: (identifier: string | null) => SecretFields
  /** Takes secret texts out of a name before a fingerprint is made of it. */
  readonly hide?: (text: string) => string
  /** Whether a finding is about a value that this run does not know yet, so that it is none. */
  readonly isUnknown?: (finding: Finding) => boolean
}

/** The sides of one tenant beside what it said, and what differs. */
export interface Compared {
  /** Without what is not looked at. */
  readonly sides: Sides
  /** What was compared: the reading, and what was asked beside it. */
  readonly input: TenantInput
  /** What may be said of it. */
  readonly comparison: Comparison
  /** False where something was left out of it. */
  readonly isWhole: boolean
  /** Nothing of what is declared, or was, is looked at. */
  readonly isAllExcluded: boolean
}

/**
 * The one run of a comparison, for whoever wants one: asks the tenant for all that comparing the sides takes, as far as they are looked at, compares, and
 * takes out of the outcome what must not be said. Never throws for what a tenant does.
 */
export async function compareSides(
  reader: TenantReader,
  all: Sides,
  scope: Scope,
  discretion: Discretion = {},
): Promise<Compared> {
  const { includes, isPartial, only, notYet, lifetimeCeiling } = scope
  const gathered = await gatherTenant(reader, all, scope)
  const { sides } = gathered
  const input: TenantInput = {
    ...gathered.input,
    ...(isPartial === undefined ? {} : { isPartial }),
    ...(only === undefined ? {} : { isPartial: true, isOneApi: true }),
    ...(notYet === undefined ? {} : { notYet }),
    ...(lifetimeCeiling === undefined ? {} : { lifetimeCeiling }),
  }
  const comparison = await givingTurns(comparing(reader.tenant, input))
  const isUnknown = (finding: Finding): boolean =>
    isNotTakenAway(finding, notYet) || discretion.isUnknown?.(finding) === true
  const findings = discreet(comparison.findings, reader.tenant, input, { ...discretion, isUnknown })
  return {
    sides,
    input,
    comparison: { ...comparison, findings },
    isWhole: includes === null && !comparison.findings.some(isUnknown),
    isAllExcluded: gathered.isAllExcluded,
  }
}

const LONGEST_TURN_MS = 100

/** Many APIs are compared in turns, so that what else a process does goes on meanwhile: a signal, another tenant, a page. */
async function givingTurns<T>(steps: Generator<void, T, void>): Promise<T> {
  let since = performance.now()
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    if (performance.now() - since < LONGEST_TURN_MS) continue
    await setImmediate()
    since = performance.now()
  }
}

function discreet(
  findings: readonly Finding[],
  tenant: string,
  input: TenantInput,
  { secretsOf, hide, isUnknown }: Discretion & Required<Pick<Discretion, 'isUnknown'>>,
): readonly Finding[] {
  const isKnown = (finding: Finding): boolean => !isUnknown(finding)
  const known = findings.filter(isKnown)
  const veiled =
    secretsOf === undefined
      ? known
      : hideSecrets(known, secretsOf, veiledEdits(tenant, input, secretsOf).filter(isKnown))
  return hide === undefined ? veiled : fingerprintsOf(veiled, tenant, hide)
}

/** What is not known yet is not taken away. */
function isNotTakenAway({ kind, identifier, path }: Finding, notYet: Scope['notYet']): boolean {
  return kind === 'weaker-declaration' && notYet?.get(identifier ?? '')?.has(path) === true
}
