import type { JudgedFinding } from '../compare/front.ts'
import { configMistake } from './settings.ts'

/** A finding that is not adopted, and what there is to do instead. */
export interface Left {
  readonly finding: JudgedFinding
  readonly why: string
}

export interface Choice {
  readonly taken: readonly JudgedFinding[]
  readonly left: readonly Left[]
}

/** Shortest beginning of a fingerprint that is taken for one. */
const LEAST_DIGITS = 6

/** Findings by the beginnings of their fingerprints. */
export function findByFingerprint(
  fingerprints: readonly string[],
  findings: readonly JudgedFinding[],
): readonly JudgedFinding[] {
  const wrong: string[] = []
  const found = fingerprints.flatMap((text) => {
    const isOne = new RegExp(`^[0-9a-f]{${LEAST_DIGITS},32}$`).test(text)
    const matches = isOne ? findings.filter(({ fingerprint }) => fingerprint.startsWith(text)) : []
    if (!isOne) wrong.push(`--only ${text}: a fingerprint has ${LEAST_DIGITS} to 32 digits, 0-9 and a-f`)
    else if (matches.length === 0) wrong.push(`--only ${text}: no finding has this fingerprint`)
    else if (matches.length > 1) wrong.push(`--only ${text}: several findings begin with it: write more of it`)
    return matches
  })
  if (wrong.length > 0) throw configMistake(...wrong)
  return [...new Set(found)]
}

/** Of all that counts, what may be taken without being named: drift of what is declared, and APIs that came. */
export function choose(findings: readonly JudgedFinding[], isNamed: boolean, acceptWeakened: boolean): Choice {
  const taken: JudgedFinding[] = []
  const left: Left[] = []
  for (const finding of findings) {
    const why = whyNot(finding, isNamed, acceptWeakened)
    if (why === null) taken.push(finding)
    else left.push({ finding, why })
  }
  return { taken, left }
}

function whyNot(finding: JudgedFinding, isNamed: boolean, acceptWeakened: boolean): string | null {
  const { kind, origin, direction } = finding
  switch (kind) {
    case 'unreadable':
      return 'what could not be read cannot be adopted'
    case 'not-compared':
      return 'it was not compared: no declaration of ours can hold it'
    case 'unknown-field':
      return 'no declaration can hold it: update tenant-drift, or agree to it with tenant-drift record'
    case 'weaker-declaration':
      return 'it is the code that changed, not the tenant: change the code'
    case 'missing':
      if (finding.declared === undefined) return 'nothing declares it: agree to it with tenant-drift record'
      if (!isNamed) return 'name it with --only to take the API out of the files'
      break
    case 'undeclared':
      if (!isNamed)
        return 'nobody declares it: agree to it with tenant-drift record, or name it with --only to declare it'
      break
    case 'unmanaged':
    case 'changed':
      if (!isNamed && origin === 'conflict') return 'both sides changed it: name it with --only to take the live value'
  }
  return direction === 'weakened' && !acceptWeakened
    ? 'it is less safe than what is declared: --accept-weakened takes it'
    : null
}
