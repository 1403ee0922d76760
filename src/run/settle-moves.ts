import type { Finding } from '../schema/finding.ts'

/**
 * What of a comparison only waits to be applied, where code is followed commit by commit. A difference that counts waits where a later commit than the base says
 * what stands live: `between` is the comparison with each of those, the newest first. What waits for longer than it may (`isOverdue`, of the base) counts.
 */
export function settleMoves(
  findings: readonly Finding[],
  isOverdue: boolean,
  between: readonly (readonly Finding[])[],
): readonly Finding[] {
  const waiting = new Map<string, Finding>()
  for (const others of between)
    for (const finding of others)
      if (finding.origin === 'pending' && !waiting.has(finding.fingerprint)) waiting.set(finding.fingerprint, finding)
  return findings.map((finding) => {
    const { kind, origin, counts, fingerprint } = finding
    if (kind === 'unreadable') return finding
    if (origin === 'pending') return isOverdue ? (waiting.get(fingerprint) ?? counting(finding)) : finding
    return counts ? (waiting.get(fingerprint) ?? finding) : finding
  })
}

/** Without its base: that it says what stands live would read as if a state had taken it over. */
function counting({ base: _base, ...finding }: Finding): Finding {
  return { ...finding, origin: 'drift', counts: true }
}
