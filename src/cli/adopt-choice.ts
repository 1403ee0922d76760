import type { JudgedFinding } from '../compare/front.ts'
import type { Left } from '../repair/front.ts'

export interface AdoptChoice {
  readonly taken: readonly JudgedFinding[]
  readonly left: readonly Left[]
}

/** Of what is asked for, what may be taken, and why the rest may not. */
export function choose(
  findings: readonly JudgedFinding[],
  whyNot: (finding: JudgedFinding) => string | null,
): AdoptChoice {
  const taken: JudgedFinding[] = []
  const left: Left[] = []
  for (const finding of findings) {
    const why = whyNot(finding)
    if (why === null) taken.push(finding)
    else left.push({ finding, why })
  }
  return { taken, left }
}

/** Why a finding is not adopted; null where it may be, unless named only drift of what is declared, and APIs that came. */
export function whyNotAdopted(finding: JudgedFinding, isNamed: boolean, acceptWeakened: boolean): string | null {
  const { kind, origin, direction } = finding
  switch (kind) {
    case 'unreadable':
      return 'what could not be read cannot be adopted'
    case 'not-compared':
      return 'it was not compared, and a declared file cannot express it'
    case 'unknown-field':
      return 'a declaration cannot express it: update tenant-drift, or record it with tenant-drift record'
    case 'weaker-declaration':
      return 'the code changed, not the tenant: change the code'
    case 'missing':
      if (finding.declared === undefined) return 'nobody declares it: record it with tenant-drift record'
      if (!isNamed) return 'name it with --only to take the API out of the files'
      break
    case 'undeclared':
      if (!isNamed)
        return 'nobody declares it: record it with tenant-drift record, or name it with --only to declare it'
      break
    case 'unmanaged':
    case 'changed':
      if (!isNamed && origin === 'conflict') return 'both sides changed it: name it with --only to take the live value'
  }
  return direction === 'weakened' && !acceptWeakened
    ? 'it is less safe than what is declared: give --accept-weakened to take it'
    : null
}
