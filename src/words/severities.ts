import { GRAVEST_FIRST, type Severity } from '../schema/finding.ts'

/** `1 critical, 2 low`: how many there are of each, the gravest first; empty where there are none. */
export function severitiesText(severities: readonly Severity[]): string {
  return GRAVEST_FIRST.flatMap((severity) => {
    const count = severities.filter((each) => each === severity).length
    return count === 0 ? [] : [`${count} ${severity}`]
  }).join(', ')
}
