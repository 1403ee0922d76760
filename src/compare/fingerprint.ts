import { hash } from 'node:crypto'
import type { Finding, FindingKind } from '../schema/finding.ts'

/** Stable name of a finding: 32 hex digits of a hash of tenant, identifier, path and kind. Values are not in it: a drift that moves on stays the same finding. */
export function fingerprint(tenant: string, identifier: string | null, path: string, kind: FindingKind): string {
  return hash('sha256', JSON.stringify([tenant, identifier, path, kind]), 'hex').slice(0, 32)
}

/**
 * Findings whose fingerprints are made of hidden words: of a secret in an identifier or a path, a fingerprint would tell whoever guesses it. The same
 * finding where nothing in it is hidden.
 */
export function fingerprintsOf(
  findings: readonly Finding[],
  tenant: string,
  hide: (text: string) => string,
): readonly Finding[] {
  return findings.map((finding) => {
    const identifier = finding.identifier === null ? null : hide(finding.identifier)
    const [name, path] = [hide(tenant), hide(finding.path)]
    const isShown = name === tenant && path === finding.path
    const on = finding.on?.map((bearer) => {
      const shown = hide(bearer.identifier)
      if (isShown && shown === bearer.identifier) return bearer
      return { ...bearer, fingerprint: fingerprint(name, shown, path, finding.kind) }
    })
    const told =
      on === undefined || on.every((bearer, index) => bearer === finding.on?.[index]) ? finding : { ...finding, on }
    if (isShown && identifier === finding.identifier) return told
    return { ...told, fingerprint: fingerprint(name, identifier, path, finding.kind) }
  })
}
