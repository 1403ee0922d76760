import path from 'node:path'
import { ALWAYS_SECRET } from '../../src/schema/secret-field.ts'
import { otherTenant } from '../../src/schema/other-tenant.ts'
import { aboutBase, allBut, entryKey, toEntry, type SecretFields } from '../../src/compare/front.ts'
import { byApi, compareSides, idsOf, judgePreview, observeTenant, statusOfFailure } from '../../src/run/front.ts'
import { defaultRecorded } from '../../src/declared/config-file.ts'
import { readAgreed, recordedPlace, type Agreed } from '../../src/declared/agreed.ts'
import { dayOf } from '../../src/schema/clock.ts'
import type { DeclaredApi, DeclaredState } from '../../src/schema/declared.ts'
import type { Environment } from '../../src/schema/environment.ts'
import { MistakesError, TenantDriftError } from '../../src/schema/errors.ts'
import type { Finding } from '../../src/schema/finding.ts'
import { emptyObserved, type Drift, type Observed, type TenantDrift } from '../../src/schema/observed.ts'
import type { Snapshot, TenantReader } from '../../src/schema/snapshot.ts'
import { TENANT_TYPE } from '../../src/schema/state-contract.ts'
import { isSameTenant } from '../../src/schema/tenant-address.ts'
import { openTenant, readRecorded } from '../../src/tenant/front.ts'
import { readCheck, type Check } from '../read-check.ts'
import { declaredBy } from './as-stack.ts'
import type { KnownBase } from './base.ts'
import { credentialsOf } from './credentials.ts'
import { lightUp } from './dark.ts'
import type { Group } from './group.ts'
import { fieldsByApi, ignoredFields, withoutFields } from './fields.ts'

/** What judging a tenant takes beside what its program says. */
export interface JudgedBy {
  readonly env: Environment
  /** The folder of the project. */
  readonly root: string
  /** Epoch ms. */
  readonly now: number
  readonly managedElsewhere: readonly string[]
  /** What was declared when the stack was last applied. @throws TenantDriftError */
  readonly base: (group: Group, tenant: string) => Promise<KnownBase>
}

export interface CheckedGroup {
  readonly check: Check
  /** What of the program is not compared, because nothing here has a meaning for it. */
  readonly remarks: readonly string[]
}

/** Compares what a program says of one tenant with that tenant, as it is now. Never throws for what a tenant or a file does. */
export async function judgeTenant(group: Group, by: JudgedBy): Promise<CheckedGroup> {
  let reader: TenantReader | null = null
  try {
    const declared = await declaredBy(group.known)
    const { env, root, now } = by
    reader = await openTenant({ ...credentialsOf(group.provider, env), root, now })
    const { check, unlit } = await compareGroup(group, reader, declared, by)
    return { check, remarks: [...remarksOf(declared.warnings), ...unlit.map((what) => `not compared: ${what}`)] }
  } catch (error) {
    if (!(error instanceof TenantDriftError)) throw error
    return { check: failed(statusOfFailure(error), reader?.tenant ?? null, error), remarks: [] }
  } finally {
    await reader?.close()
  }
}

async function compareGroup(
  group: Group,
  reader: TenantReader,
  declared: Awaited<ReturnType<typeof declaredBy>>,
  by: JudgedBy,
): Promise<{ readonly check: Check; readonly unlit: readonly string[] }> {
  const { tenant } = reader
  const { env, root, managedElsewhere, now } = by
  let agreed: Agreed
  try {
    agreed = await readAgreed(undefined, { tenant, root, env })
  } catch (error) {
    if (!(error instanceof MistakesError)) throw error
    return { check: failed('invalid', tenant, error), unlit: [] }
  }
  const recorded = await recordedOf(agreed, tenant, by)
  const { state, secrets } = await by.base(group, tenant)
  const ignored = ignoredFields(group.all)
  // The pack's own configuration says what is managed elsewhere, which no base has.
  const base = state === null ? null : { ...withoutFields(state, ignored), lacksElsewhere: true as const }
  const { declared: lit, isDark, unlit } = lightUp(group.all, withoutFields(declared, ignored), base)
  const apis = [...lit.apis, ...stillDeclared(group, base)]
  const sides = { declared: { ...lit, apis, managedElsewhere }, base, recorded }
  const scope = { includes: allBut(agreed.exclude), lifetimeCeiling: agreed.lifetimeCeiling }
  const inventory = await reader.inventory()
  const identifiers = new Map(idsOf(inventory.ok ? inventory.snapshot.items : []))
  const discretion = {
    secretsOf: secretFields(group, secrets, identifiers),
    isUnknown: isDark,
  }
  const compared = await compareSides(reader, sides, scope, discretion)
  const { comparison, input } = compared
  if (!input.inventory.ok) return { check: failed('unreadable', tenant, input.inventory), unlit }
  const today = dayOf(now)
  // What is unknown in this preview might be what a rule is for.
  const isPart = group.all.length !== group.known.length
  const standing = judgePreview(compared, agreed, { today, isPart })
  const { incomplete, counting } = standing
  const about: Partial<Observed> = {
    tenant,
    ...observeTenant(compared, standing),
    ...aboutBase(comparison.touched, counting.length > 0),
  }
  const drift = byApi(tenant, counting, ({ identifier }) => identifier, toTenantDrift)
  if (incomplete?.code === undefined) return { check: checkOf({ ...emptyObserved('read'), ...about }, drift), unlit }
  const failure = {
    code: incomplete.code,
    message: `${tenant} refuses to list all its APIs, so APIs that nobody declares are not known`,
    advice: 'Ask the support of Auth0 about the limit of your tenant.',
  }
  return { check: checkOf({ ...emptyObserved('unreadable'), ...about, ...failure }, drift), unlit }
}

/** APIs whose resources the program still has, and whose tenant it does not tell in this preview: they stand as the base had them. */
function stillDeclared({ standing }: Group, base: DeclaredState | null): readonly DeclaredApi[] {
  return base?.apis.filter(({ at }) => at !== undefined && standing.has(at)) ?? []
}

async function recordedOf(agreed: Agreed, tenant: string, { root }: JudgedBy): Promise<Snapshot | null> {
  const { file, isNamed } = recordedPlace(agreed, '')
  const recorded = await readRecorded(root, file, isNamed)
  if (recorded === null || isSameTenant(recorded.tenant, tenant)) return recorded
  // The usual file, which nobody named, may be that of another tenant of this stack. One that has this tenant's own name is for it alone.
  if (!isNamed && path.basename(file) === defaultRecorded(null)) return null
  const message = otherTenant('recorded', recorded.tenant, tenant) ?? ''
  throw new MistakesError('invalid_declaration', [{ file, line: null, column: null, message }])
}

/** The signing secret, and every field that the state keeps as a secret. `identifiers`: those of APIs by the tenant's ids, which scopes may name. */
function secretFields(
  { all }: Group,
  secrets: ReadonlyMap<string, readonly string[]>,
  identifiers: ReadonlyMap<string, string>,
): (identifier: string | null) => SecretFields {
  const fields = new Map<string, SecretFields>()
  for (const [api, names] of fieldsByApi(all, ({ urn }) => secrets.get(urn) ?? [])) {
    const identifier = identifiers.get(api) ?? api
    fields.set(identifier, new Set([...(fields.get(identifier) ?? ALWAYS_SECRET), ...names]))
  }
  return (identifier) => fields.get(identifier ?? '') ?? ALWAYS_SECRET
}

function toTenantDrift(findings: readonly Finding[]): Drift {
  return Object.fromEntries(findings.map((finding) => [entryKey(finding), toEntry(finding)] as const))
}

function failed(
  status: 'invalid' | 'unreadable',
  tenant: string | null,
  { code, message, advice }: Pick<TenantDriftError, 'code' | 'message' | 'advice'>,
): Check {
  return checkOf({ ...emptyObserved(status), ...(tenant === null ? {} : { tenant }), code, message, advice }, {})
}

/** The policies read what is compared here as they read what the provider compared. */
export function checkOf(observed: Observed, drift: TenantDrift): Check {
  const check = readCheck(TENANT_TYPE, { observed, drift })
  if (check === null) throw new Error('a check of a tenant is one')
  return check
}

function remarksOf(warnings: readonly { readonly message: string }[]): readonly string[] {
  return [...new Set(warnings.map(({ message }) => message))]
}
