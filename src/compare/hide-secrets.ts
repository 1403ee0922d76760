import { worstSeverity } from '../schema/examples.ts'
import { HIDDEN, type Finding, type Shown } from '../schema/finding.ts'
import { isJsonObject } from '../schema/json.ts'
import { parsePath, pathText } from '../schema/path.ts'
import type { SecretFields } from './secret-values.ts'

/**
 * Of a field that the program made a secret, findings say that it differs and nothing else: a path would name a part of it, and direction
 * and severity would tell which way: so the worst is assumed. All that is wrong in one such field is one finding. (The signing secret is hidden where it is compared.)
 */
export function hideSecrets(
  findings: readonly Finding[],
  secretsOf: (identifier: string | null) => SecretFields,
): readonly Finding[] {
  const merged = new Map<string, Finding>()
  for (const finding of findings) {
    const veiled = veil(finding, secretsOf(finding.identifier))
    const { identifier, path, counts, origin, kind } = veiled
    const key = JSON.stringify([identifier, path, counts, origin === 'pending', veiled === finding && kind])
    const first = merged.get(key)
    merged.set(key, first === undefined || veiled === finding ? veiled : graver(first, veiled))
  }
  return [...merged.values()]
}

function veil(finding: Finding, secrets: SecretFields): Finding {
  const { base, ...rest } = finding
  if (finding.path === '') {
    if (!secrets.has('name')) return finding
    const { declared, live } = finding
    return { ...rest, ...nameless('declared', declared), ...nameless('base', base), ...nameless('live', live) }
  }
  const field = parsePath(finding.path)?.[0] ?? ''
  if (field === 'signing_secret' || !secrets.has(field)) return finding
  return {
    ...rest,
    path: pathText([field]),
    declared: HIDDEN,
    live: HIDDEN,
    direction: 'neutral',
    impact: null,
    severity: finding.kind === 'unreadable' ? 'high' : worstSeverity(field),
  }
}

/** What could not be read hides the rest; a conflict is said even where there is a drift beside it. */
function graver(a: Finding, b: Finding): Finding {
  const kept = b.kind === 'unreadable' ? b : a
  return a.origin === 'conflict' || b.origin === 'conflict' ? { ...kept, origin: 'conflict' } : kept
}

function nameless(side: 'declared' | 'base' | 'live', plate: Shown | undefined): Partial<Record<typeof side, Shown>> {
  if (!isJsonObject(plate)) return plate === undefined ? {} : { [side]: plate }
  const { name: _secret, ...others } = plate
  return { [side]: others }
}
