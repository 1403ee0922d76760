import type { TrustedFiles } from '../git/disk-files.ts'
import { WIDTH, wrap } from '../report/front.ts'
import { TenantDriftError } from '../schema/errors.ts'
import { firstNames, plural } from '../words/plural.ts'
import type { TenantReader } from '../schema/snapshot.ts'
import { diagnose, tenantConfig, type Diagnosis } from '../tenant/front.ts'
import type { DoctorLine } from './doctor-line.ts'
import { moreScopeLines, NEEDED_SCOPE, usedScopes } from './doctor-scopes.ts'
import { nodeLine, pulumiLine } from './doctor-machine.ts'
import { mayAskAtOnce } from './early-look.ts'
import type { Io } from './io.ts'
import {
  errorsOf,
  lookAtTenant,
  notComparedLook,
  readInputs,
  type Inputs,
  type TenantLook,
  type ReportError,
} from './look.ts'
import { makeReports } from './make-report.ts'
import { readingOptions } from './open-reader.ts'
import { parseOutputs } from './outputs.ts'
import { outputPlaces } from './parse-outputs.ts'
import { refuseInputs } from './refuse-inputs.ts'
import { domainAddress, makePlan, trustedBy, type Flags, type Plan, type TenantPlan } from './plan.ts'
import { linesOnly } from './progress.ts'
import { refuseOtherTenant } from './sides.ts'

/** A plan that asks for many pages waits where the bucket is small. */
const SMALL_BUCKET = 10
const LABEL = 'note  '.length

/**
 * `tenant-drift doctor`: everything a check needs, looked at one by one, and then whatever the check itself would stop at. 0 where nothing stops a check, 1
 * where something does.
 */
export async function doctor(flags: Flags, io: Io): Promise<number> {
  const lines = [nodeLine(), await pulumiLine(io), ...(await checkLines(flags, io))]
  // Before the lines are broken: half a secret is not found any more.
  const { hide } = io.secrets.hider()
  for (const { state, fact, advice } of lines) {
    const shown = [
      ...wrap(hide(fact), WIDTH, state.padEnd(LABEL)),
      ...(advice === undefined ? [] : adviceLines(hide(advice))),
    ]
    io.out(`${shown.join('\n')}\n`)
  }
  return lines.some((line) => line.state === 'fail') ? 1 : 0
}

async function checkLines(flags: Flags, io: Io): Promise<readonly DoctorLine[]> {
  let files: TrustedFiles | null = null
  try {
    files = await trustedBy(flags, io)
    const plan = await makePlan(flags, io, files)
    const lines: DoctorLine[] = [
      { state: 'ok', fact: `configuration: ${plan.config?.shown ?? 'none found, so the defaults apply'}` },
    ]
    lines.push(...(await outputLines(plan, io)))
    const looks: TenantLook[] = []
    for (const tenant of plan.tenants) {
      const { look, lines: found } = await tenantLines(plan, tenant, io)
      looks.push(look)
      const heading = tenant.name === null ? '' : `${tenant.name}: `
      lines.push(...found.map((line) => ({ ...line, fact: heading + line.fact })))
    }
    return [...lines, ...exitLines(plan, looks, io)]
  } catch (error) {
    return failures('configuration', error)
  } finally {
    files?.close()
  }
}

async function outputLines(plan: Plan, io: Io): Promise<readonly DoctorLine[]> {
  try {
    const outputs = parseOutputs(plan.settings.output, plan.tenants)
    await refuseInputs(outputPlaces(outputs, plan.tenants), plan, io)
    return []
  } catch (error) {
    return failures('configuration', error)
  }
}

/** What a check ends with 1 for, although every tenant could be read and compared. */
function exitLines(plan: Plan, looks: readonly TenantLook[], io: Io): readonly DoctorLine[] {
  return makeReports(plan, looks, io).flatMap((report) =>
    report.exitCode === 1 && report.errors.length === 0
      ? report.notes.map((note) => ({ state: 'fail', fact: `check: ${note}` }) as const)
      : [],
  )
}

function adviceLines(advice: string): readonly string[] {
  return wrap(advice, WIDTH, ' '.repeat(LABEL))
}

interface TenantLines {
  readonly lines: readonly DoctorLine[]
  readonly look: TenantLook
}

/** In the order of a check: what stands in files, then the tenant, which is not asked where the files are about another one. Then the check itself. */
async function tenantLines(plan: Plan, tenant: TenantPlan, io: Io): Promise<TenantLines> {
  const said: DoctorLine[] = []
  const progress = linesOnly((text) => said.push({ state: 'note', fact: text }))
  const stopped = (error: unknown): TenantLook => notComparedLook(tenant, reportErrors(error, { root: plan.root, io }))
  let inputs: Inputs | null = null
  let look: TenantLook | null = null
  try {
    inputs = await readInputs(plan, tenant, io, progress)
    const address = domainAddress(tenant.domain)
    if (address !== null) refuseOtherTenant(inputs.sides, address)
  } catch (error) {
    look = stopped(error)
  }
  const sides = inputs === null ? [] : sideLines(inputs, tenant)
  const isAsked =
    tenant.settings.live.value === null &&
    (look === null || (await mayAskAtOnce(plan, tenant)) || domainAddress(tenant.domain) === null)
  const { lines: asked, reader } = isAsked ? await askedLines(tenant, io) : { lines: [], reader: null }
  const isReadable = reader !== null || !isAsked
  if (look === null && inputs !== null && isReadable) {
    look = await lookAtTenant(plan, tenant, io, progress, { reader, inputs })
  } else await reader?.close()
  // What the reading said is told above.
  const told = new Set(asked.map(({ fact }) => fact))
  const errors = (look?.errors ?? []).filter(({ code, message }) => !told.has(readingFact(code, message)))
  const lines = [...asked, ...sides, ...said, ...errors.map(errorLine)]
  if (!isAsked && look?.compared !== null && look !== null) lines.push(fileLine(look))
  return { lines, look: look ?? stopped(null) }
}

/** What the credentials are good for; no reader where there are none. */
async function askedLines(
  tenant: TenantPlan,
  io: Io,
): Promise<{ readonly lines: readonly DoctorLine[]; readonly reader: TenantReader | null }> {
  if (tenant.withoutCredentials !== null) {
    return { lines: [{ state: 'fail', fact: `credentials: ${tenant.withoutCredentials}` }], reader: null }
  }
  let config
  try {
    config = tenantConfig({ env: tenant.env })
  } catch (error) {
    return { lines: failures('credentials', error), reader: null }
  }
  const kinds = {
    token: 'a given token',
    'client-secret': 'client id and secret',
    'private-key': 'client id and private key',
  }
  const { found, reader } = await diagnose(config, readingOptions(tenant, io))
  const lines: readonly DoctorLine[] = [
    { state: 'ok', fact: `domain: ${config.tenant}${config.loopback ? ' (loopback)' : ''}` },
    { state: 'ok', fact: `credentials: ${kinds[config.credential.kind]}` },
    ...scopeLines(found, usedScopes(tenant.settings)),
    ...moreScopeLines(found.scopes, tenant.settings),
    ...expiryLines(found, io),
    ...readingLines(found),
    rateLine(found),
  ]
  return { lines, reader }
}

function fileLine({ address, proof }: TenantLook): DoctorLine {
  return {
    state: 'ok',
    fact: `live: a snapshot file of ${address ?? 'no tenant'}, ${plural(proof?.items ?? 0, 'API')}`,
  }
}

function scopeLines({ scopes, reading }: Diagnosis, used: readonly string[]): readonly DoctorLine[] {
  if (scopes === null) {
    return reading.ok ? [{ state: 'note', fact: 'scopes: the token does not name them, but reading works' }] : []
  }
  const excess = scopes.filter((scope) => scope !== NEEDED_SCOPE && !used.includes(scope))
  const missing: DoctorLine[] = scopes.includes(NEEDED_SCOPE)
    ? [{ state: 'ok', fact: `scopes: ${NEEDED_SCOPE} is there` }]
    : [
        {
          state: 'fail',
          fact: `scopes: ${NEEDED_SCOPE} is missing`,
          advice: `Grant the application ${NEEDED_SCOPE} on the Management API.`,
        },
      ]
  if (excess.length === 0) return missing
  const advice = 'Remove them: a check with these settings does not use them, and whoever steals the credential can.'
  return [...missing, { state: 'note', fact: `scopes that are not needed: ${firstNames(excess, 5)}`, advice }]
}

function expiryLines({ expiresAt }: Diagnosis, io: Io): readonly DoctorLine[] {
  if (expiresAt === null) return []
  const minutes = Math.round((expiresAt - io.now()) / 60_000)
  if (minutes < 0)
    return [{ state: 'fail', fact: 'token: it has expired', advice: 'Get a new one, or give client credentials.' }]
  const left = minutes < 120 ? plural(minutes, 'more minute') : `${Math.floor(minutes / 60)} more hours`
  return [{ state: 'ok', fact: `token: valid for ${left}` }]
}

function readingLines({ reading, audiences }: Diagnosis): readonly DoctorLine[] {
  if (!reading.ok) return [{ state: 'fail', fact: readingFact(reading.code, reading.message), advice: reading.advice }]
  const { snapshot } = reading
  const { canary } = snapshot.proof
  const read: DoctorLine = snapshot.complete
    ? {
        state: 'ok',
        fact: `reading: complete, ${plural(snapshot.items.length, 'API')} on ${plural(snapshot.proof.pages, 'page')}`,
      }
    : {
        state: 'fail',
        fact: 'reading: the tenant refuses to list all its APIs',
        advice: 'Check named APIs with --target.',
      }
  if (canary === null) return [read]
  if (canary.binding === 'unbound') {
    const advice = `Set AUTH0_AUDIENCE to ${canary.identifier}, so that a token or a list of another tenant is noticed.`
    return [
      read,
      { state: 'note', fact: 'audience: the token names none, so nothing binds the list to the token', advice },
    ]
  }
  const how = canary.binding === 'token-audience' ? 'that the token is for' : 'of AUTH0_AUDIENCE'
  const more = audiences.length > 1 ? ` (one of ${audiences.length} audiences)` : ''
  return [
    read,
    { state: 'ok', fact: `audience: the list holds the Management API ${how}, ${canary.identifier}${more}` },
  ]
}

function readingFact(code: string, message: string): string {
  return `reading: ${code}: ${message}`
}

function rateLine({ rate }: Diagnosis): DoctorLine {
  if (rate === null) return { state: 'note', fact: 'rate limit: the tenant does not name one' }
  const fact = `rate limit: ${rate.remaining} of ${rate.limit} requests left`
  if (rate.limit >= SMALL_BUCKET) return { state: 'ok', fact }
  return {
    state: 'note',
    fact,
    advice: 'It is small. A check of many APIs has to wait, so give it a longer --deadline.',
  }
}

function sideLines({ sides: { declared, base, recorded } }: Inputs, { rules }: TenantPlan): readonly DoctorLine[] {
  return [
    { state: 'ok', fact: `declared: ${plural(declared.apis.length, 'API')}` },
    ...(base === null ? [] : [{ state: 'ok', fact: `base: ${plural(base.apis.length, 'API')}` } as const]),
    recorded === null
      ? {
          state: 'note',
          fact: 'recorded: nothing',
          advice: 'Run tenant-drift record, so that what nobody declares is watched, too.',
        }
      : { state: 'ok', fact: `recorded: ${plural(recorded.items.length, 'API')}` },
    ...(rules.length === 0 ? [] : [{ state: 'ok', fact: `accept rules: ${rules.length}` } as const]),
  ]
}

function failures(what: string, error: unknown): readonly DoctorLine[] {
  return reportErrors(error, null).map(({ code, message, advice }) => ({
    state: 'fail',
    fact: `${what}: ${code}: ${message}`,
    advice,
  }))
}

function errorLine({ code, message, advice }: ReportError): DoctorLine {
  return { state: 'fail', fact: `check: ${code}: ${message}`, advice }
}

/** Expected failures; anything else is a bug, and goes on. */
function reportErrors(error: unknown, at: Parameters<typeof errorsOf>[1]): readonly ReportError[] {
  if (error instanceof TenantDriftError) return errorsOf(error, at)
  if (error === null) return []
  throw error instanceof Error ? error : new Error('something was thrown that is not an error')
}
