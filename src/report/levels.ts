import type { Severity } from '../schema/finding.ts'

/** Three levels, as GitHub and SARIF have them: what forges, opens or stops something is an error. */
export const LEVELS = { critical: 'error', high: 'error', medium: 'warning', low: 'note' } as const satisfies Record<
  Severity,
  string
>
