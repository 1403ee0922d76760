import type { ApiRepair, Inverse, LeftOut, Repair, RepairPlan } from '../schema/repair.ts'
import { jsonLine } from '../words/json-text.ts'
import { plural } from '../words/plural.ts'
import { harmlessLine } from '../words/harmless.ts'
import { showAddress, showName } from '../words/show.ts'
import { showValue } from '../words/show-value.ts'
import { affectedText } from '../words/affected.ts'

/** The plan for people: what it does, to whom, how it is undone, and what it leaves out. */
export function renderPlanText(plan: RepairPlan): string {
  const { apis, leftOut, way } = plan
  const lines = [
    ...apis.flatMap((api) => apiLines(api, way)),
    ...(leftOut.length === 0 ? [] : [`Left out, ${plural(leftOut.length, 'difference')}:`]),
    ...leftOut.flatMap(leftLines),
    ...(leftOut.length === 0 ? [] : ['']),
    summaryOf(plan),
  ]
  return `${lines.join('\n')}\n`
}

function apiLines({ identifier, id, repairs, patch, inverse, elsewhere }: ApiRepair, way: RepairPlan['way']) {
  const secrets = Object.entries(patch.secrets).map(([field, name]) => `    ${field} comes from \${${name}}`)
  return [
    `${showName(identifier)}`,
    ...(way === 'repair' ? repairs.flatMap(repairLines) : []),
    `  PATCH /api/v2/resource-servers/${id}`,
    `    ${harmlessLine(jsonLine(patch.body), MOST_OF_A_BODY)}`,
    ...secrets,
    ...(way === 'repair' ? inverseLines(inverse) : []),
    ...elsewhere.flatMap(({ tool, command, address, note }) => [
      `  Or by ${tool}, which declares it as ${showAddress(address)}: ${command}`,
      `    ${note}`,
    ]),
    '',
  ]
}

const MOST_OF_A_BODY = 600

function repairLines({
  path,
  live,
  wanted,
  severity,
  says,
  warnings,
  affected,
  fingerprint,
}: Repair): readonly string[] {
  const hit = affected === undefined ? null : affectedText(affected)
  const [from, to] = [showValue(live, path), showValue(wanted, path)]
  return [
    `  ${severity} ${showName(path)}: ${from ?? 'not set'} -> ${to ?? 'not set'} [${fingerprint.slice(0, 12)}]`,
    `    ${says}`,
    ...(hit === null ? [] : [`    ${hit}`]),
    ...warnings.map((warning) => `    Mind: ${warning}`),
  ]
}

function inverseLines({ patch, lost }: Inverse): readonly string[] {
  return [
    ...(patch === null ? [] : [`  Undone by ${harmlessLine(jsonLine(patch.body), MOST_OF_A_BODY)}`]),
    ...lost.map(({ field, why }) => `  Cannot be restored: ${showName(field)}, because ${why}`),
  ]
}

function leftLines({ identifier, path, severity, why, fingerprint }: LeftOut): readonly string[] {
  const place = path === '' ? 'the API' : showName(path)
  const api = identifier === null ? 'the tenant' : showName(identifier)
  return [`  ${severity} ${place} of ${api} [${fingerprint.slice(0, 12)}]`, `    Why: ${why}.`]
}

function summaryOf({ apis, leftOut, way, exitCode }: RepairPlan): string {
  const held = apis.reduce((sum, { repairs }) => sum + repairs.length, 0)
  const could = exitCode === 1 ? 'Not everything could be read. ' : ''
  if (apis.length === 0 && leftOut.length === 0) return `${could}Nothing to put back.`
  const does = way === 'repair' ? 'puts back' : 'undoes'
  return `${could}The plan ${does} ${plural(held, 'difference')} on ${plural(apis.length, 'API')}, and leaves ${leftOut.length} out. Nothing was sent${apis.length === 0 ? '' : ': --output sh prints the script'}.`
}
