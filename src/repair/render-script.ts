import type { Json } from '../schema/json.ts'
import type { ApiRepair, PatchPlan, RepairPlan, FieldStanding } from '../schema/repair.ts'
import { parseAddress } from '../schema/tenant-address.ts'
import { jsonLine } from '../words/json-text.ts'
import { plural } from '../words/plural.ts'
import { shellName, shellWord } from '../words/shell.ts'
import { COMMON, TRANSPORTS, type Transport } from './script-parts.ts'

/** The plan as a script of bash: it reads each API again, stops where that is not as the plan saw it, changes it, and reads it once more. */
export function renderScript(plan: RepairPlan, transport: Transport): string {
  const { apis } = plan
  const what = plan.way === 'repair' ? 'puts back' : 'undoes'
  const variables = [...new Set(apis.flatMap(({ patch, inverse }) => [patch, inverse.patch].flatMap(variablesOfPatch)))]
  const lines = [
    '#!/usr/bin/env bash',
    `# Made by tenant-drift repair at ${plan.generatedAt}, of what was read at ${plan.readAt}. Nothing was sent.`,
    `#   bash FILE            ${what} what is listed below, on ${plural(apis.length, 'API')}`,
    '#   bash FILE --inverse  the other way round',
    `# It needs ${TRANSPORTS[transport].needs}. Exit 0: done, and read again; 1: stopped, with a sentence.`,
    'if [ -z "${BASH_VERSION:-}" ]; then',
    "  echo 'stopped: run this with bash; nothing was sent' >&2",
    '  exit 1',
    'fi',
    'set +x -u -o pipefail',
    'export LC_ALL=C',
    ...placeLines(plan.tenant, transport),
    COMMON.head,
    TRANSPORTS[transport].script,
    ...variables.map((name) => `needs_secret ${shellWord(name)}`),
    COMMON.step,
    '',
    '# In one piece: of a file that was cut off, nothing is done.',
    'steps() {',
    ...(apis.length === 0 ? ['  :'] : apis.flatMap(stepLines)),
    '}',
    'steps',
    'finish',
    '',
  ]
  return lines.join('\n')
}

/** Where the tenant is, as each transport needs it. */
function placeLines(tenant: string, transport: Transport): readonly string[] {
  if (transport === 'auth0') return [`tenant=${shellWord(tenant.replace(/^https?:\/\//, ''))}`]
  const address = parseAddress(tenant)
  // What a reading came from is an address.
  const origin = 'origin' in address ? address.origin : `https://${tenant}`
  const isNear = origin.startsWith('http:')
  return [
    `origin=${shellWord(origin)}`,
    `proto=${shellWord(isNear ? '=http' : '=https')}`,
    // No proxy is asked for what is on this machine.
    `direct=${shellWord(isNear ? '*' : '')}`,
  ]
}

function variablesOfPatch(patch: PatchPlan | null): readonly string[] {
  return patch === null ? [] : Object.values(patch.secrets)
}

function stepLines({ identifier, id, patch, inverse }: ApiRepair): readonly string[] {
  const line: Json = { id, identifier, repair: toJson(patch), inverse: toJson(inverse.patch) }
  return [`step ${shellName(identifier)} <<'END_OF_PLAN'`, jsonLine(line), 'END_OF_PLAN']
}

function toJson(patch: PatchPlan | null): Json {
  if (patch === null) return null
  const { body, secrets, before, after } = patch
  return { body, secrets, before: before.map(standingJson), after: after.map(standingJson) }
}

function standingJson({ field, value }: FieldStanding): Json {
  return value === undefined ? { field } : { field, value }
}
