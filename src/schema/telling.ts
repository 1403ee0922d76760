/** What can be told of a difference, a tenant or an API, as `on` of a channel names it. */
export const TELLING = [
  'opened',
  'changed',
  'reopened',
  'resolved',
  'accepted',
  'expired',
  'reminder',
  'unreadable',
  'readable',
] as const
export type Telling = (typeof TELLING)[number]

/** Its name in a CloudEvent. */
export function eventTypeOf(telling: Telling): string {
  return `tenant_drift.${telling === 'unreadable' || telling === 'readable' ? 'tenant' : 'difference'}.${telling}`
}
