import { execFile } from 'node:child_process'
import { pathOf, pulumiEnvironment } from '../sources/front.ts'
import { findProgram } from '../git/program.ts'
import { workTreeOf } from '../git/work-tree.ts'
import { wrap } from '../report/front.ts'
import { MistakesError, placeText, TenantDriftError } from '../schema/errors.ts'
import { plural } from '../schema/plural.ts'
import { diagnose, tenantConfig, type Diagnosis } from '../tenant/front.ts'
import type { Io } from './io.ts'
import { makePlan, type Flags, type Plan, type TenantPlan } from './plan.ts'
import { readSides } from './sides.ts'

/** The one scope that reading needs. */
const NEEDED_SCOPE = 'read:resource_servers'
const OLDEST_NODE = [22, 19] as const
const OLDEST_PULUMI = [3, 255] as const
/** A plan that asks for many pages waits where the bucket is small. */
const SMALL_BUCKET = 10
const WIDTH = 80
const LABEL = 'note  '.length

/** One line: a fact, and what to do about it where something is to be done. */
interface Line {
  readonly state: 'ok' | 'note' | 'fail'
  readonly fact: string
  readonly advice?: string
}

/** `tenant-drift doctor`: everything a check needs, looked at one by one. 0 where nothing stops a check, 1 where something does. */
export async function doctor(flags: Flags, io: Io): Promise<number> {
  const lines = [nodeLine(), await pulumiLine(io)]
  let plan: Plan | null = null
  try {
    plan = await makePlan(flags, io)
    lines.push({ state: 'ok', fact: `configuration: ${plan.config?.shown ?? 'none found, defaults hold'}` })
  } catch (error) {
    lines.push(...failures('configuration', error))
  }
  for (const tenant of plan?.tenants ?? []) {
    const heading = tenant.name === null ? '' : `${tenant.name}: `
    const found = [...(await tenantLines(tenant, io)), ...(plan === null ? [] : await sideLines(plan, tenant, io))]
    lines.push(...found.map((line) => ({ ...line, fact: heading + line.fact })))
  }
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

function adviceLines(advice: string): readonly string[] {
  return wrap(advice, WIDTH, ' '.repeat(LABEL))
}

async function tenantLines(tenant: TenantPlan, io: Io): Promise<readonly Line[]> {
  if (tenant.withoutCredentials !== null) return [{ state: 'fail', fact: `credentials: ${tenant.withoutCredentials}` }]
  let config
  try {
    config = tenantConfig({ env: tenant.env })
  } catch (error) {
    return failures('credentials', error)
  }
  const kinds = {
    token: 'a given token',
    'client-secret': 'client id and secret',
    'private-key': 'client id and private key',
  }
  const facts: Line[] = [
    { state: 'ok', fact: `domain: ${config.tenant}${config.loopback ? ' (loopback)' : ''}` },
    { state: 'ok', fact: `credentials: ${kinds[config.credential.kind]}` },
  ]
  const found = await diagnose(config, { onSecret: io.secrets.add })
  return [...facts, ...scopeLines(found), ...expiryLines(found, io), ...readingLines(found), rateLine(found)]
}

function scopeLines({ scopes, reading }: Diagnosis): readonly Line[] {
  if (scopes === null) {
    return reading.ok ? [{ state: 'note', fact: 'scopes: the token does not say them; reading works' }] : []
  }
  const excess = scopes.filter((scope) => scope !== NEEDED_SCOPE)
  const missing: Line[] = scopes.includes(NEEDED_SCOPE)
    ? [{ state: 'ok', fact: `scopes: ${NEEDED_SCOPE} is there` }]
    : [
        {
          state: 'fail',
          fact: `scopes: ${NEEDED_SCOPE} is missing`,
          advice: `Grant the application ${NEEDED_SCOPE} on the Management API.`,
        },
      ]
  if (excess.length === 0) return missing
  const shown = excess.slice(0, 5).join(', ') + (excess.length > 5 ? ` and ${excess.length - 5} more` : '')
  const advice = 'Take them away: a check needs one scope, and a stolen credential can do what it is allowed to.'
  return [...missing, { state: 'note', fact: `scopes in excess: ${shown}`, advice }]
}

function expiryLines({ expiresAt }: Diagnosis, io: Io): readonly Line[] {
  if (expiresAt === null) return []
  const minutes = Math.round((expiresAt - io.now()) / 60_000)
  if (minutes < 0)
    return [{ state: 'fail', fact: 'token: it has expired', advice: 'Get a new one, or give client credentials.' }]
  const left = minutes < 120 ? plural(minutes, 'more minute') : `${Math.floor(minutes / 60)} more hours`
  return [{ state: 'ok', fact: `token: good for ${left}` }]
}

function readingLines({ reading, audiences }: Diagnosis): readonly Line[] {
  if (!reading.ok)
    return [{ state: 'fail', fact: `reading: ${reading.code}: ${reading.message}`, advice: reading.advice }]
  const { snapshot } = reading
  const { canary } = snapshot.proof
  const read: Line = snapshot.complete
    ? {
        state: 'ok',
        fact: `reading: complete, ${plural(snapshot.items.length, 'API')} on ${plural(snapshot.proof.pages, 'page')}`,
      }
    : {
        state: 'fail',
        fact: 'reading: the tenant refuses to list all its APIs',
        advice: 'Compare named APIs with check --target.',
      }
  if (canary === null) return [read]
  if (canary.binding === 'unbound') {
    const advice = `Set AUTH0_AUDIENCE to ${canary.identifier}: then a token or a list of another tenant is noticed.`
    return [read, { state: 'note', fact: 'audience: the token names none, so the list is not bound to it', advice }]
  }
  const how = canary.binding === 'token-audience' ? 'that the token is for' : 'of AUTH0_AUDIENCE'
  const more = audiences.length > 1 ? ` (one of ${audiences.length} audiences)` : ''
  return [
    read,
    { state: 'ok', fact: `audience: the list holds the Management API ${how}, ${canary.identifier}${more}` },
  ]
}

function rateLine({ rate }: Diagnosis): Line {
  if (rate === null) return { state: 'note', fact: 'rate limit: the tenant does not tell one' }
  const fact = `rate limit: ${rate.remaining} of ${rate.limit} requests left`
  if (rate.limit >= SMALL_BUCKET) return { state: 'ok', fact }
  return { state: 'note', fact, advice: 'It is small: a check of many APIs waits, so give it a longer --deadline.' }
}

async function sideLines(plan: Plan, tenant: TenantPlan, io: Io): Promise<readonly Line[]> {
  try {
    const { declared, base, recorded } = await readSides(plan, tenant, io)
    return [
      { state: 'ok', fact: `declared: ${plural(declared.apis.length, 'API')}` },
      ...(base === null ? [] : [{ state: 'ok', fact: `base: ${plural(base.apis.length, 'API')}` } as const]),
      recorded === null
        ? {
            state: 'note',
            fact: 'recorded: nothing',
            advice: 'Run tenant-drift record: then what nobody declares is watched too.',
          }
        : { state: 'ok', fact: `recorded: ${plural(recorded.items.length, 'API')}` },
      ...(tenant.rules.length === 0 ? [] : [{ state: 'ok', fact: `accept rules: ${tenant.rules.length}` } as const]),
    ]
  } catch (error) {
    return failures('declared', error)
  }
}

function failures(what: string, error: unknown): readonly Line[] {
  if (!(error instanceof TenantDriftError)) throw error
  const { advice, code } = error
  if (!(error instanceof MistakesError)) return [{ state: 'fail', fact: `${what}: ${code}: ${error.message}`, advice }]
  return error.mistakes.map((each) => ({ state: 'fail', fact: `${what}: ${placeText(each)}${each.message}` }))
}

function nodeLine(): Line {
  const isNew = isAtLeast(process.versions.node, OLDEST_NODE)
  const fact = `Node ${process.versions.node}`
  return isNew
    ? { state: 'ok', fact }
    : { state: 'fail', fact, advice: `Install Node ${OLDEST_NODE.join('.')} or newer.` }
}

/** Only previews need it; a check does not. */
async function pulumiLine({ env, cwd }: Io): Promise<Line> {
  const outsideOf = [workTreeOf(cwd)]
  const program = findProgram('pulumi', { path: pathOf(env), outsideOf })
  const output = await new Promise<string | null>((resolve) => {
    if (program === null) {
      resolve(null)
      return
    }
    execFile(program, ['version'], { timeout: 5000, env: pulumiEnvironment(env, outsideOf) }, (error, stdout) =>
      resolve(error === null ? stdout.trim() : null),
    )
  })
  if (output === null) return { state: 'note', fact: 'Pulumi: not on PATH (only previews need it)' }
  const version = output.replace(/^v/, '')
  if (isAtLeast(version, OLDEST_PULUMI)) return { state: 'ok', fact: `Pulumi ${version}` }
  return {
    state: 'note',
    fact: `Pulumi ${version}`,
    advice: `Previews need ${OLDEST_PULUMI.join('.')} or newer; a check does not.`,
  }
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [has = 0, and = 0] = version.split('.').map(Number)
  return has > major || (has === major && and >= minor)
}
