/** A message that the webhook was sent. */
export interface Told {
  readonly id: string
  /** `opened`, `changed`, `reopened`, `resolved`, `unreadable`, `readable`. */
  readonly type: string
  readonly tenant: string
  /** Identifier and path; empty for the tenant as a whole. */
  readonly subject: string
  readonly live: unknown
}

/** A line of the service's log that says that a check ended. */
export interface CheckLine {
  readonly tenant: string
  readonly verdict: string
  readonly remembered: boolean
}

const BEGINS: ReadonlySet<string> = new Set(['opened', 'reopened', 'unreadable'])
const ENDS: ReadonlySet<string> = new Set(['resolved', 'readable'])

/** Each message once, where it was heard first: a receiver drops what comes again under its id. */
export function onceById(told: readonly Told[]): readonly Told[] {
  const seen = new Set<string>()
  return told.filter(({ id }) => !seen.has(id) && seen.add(id))
}

/** What was told out of turn: a beginning of what stands already, or an end of what does not. */
export function outOfTurn(told: readonly Told[]): readonly string[] {
  const standing = new Set<string>()
  return onceById(told).flatMap(({ tenant, subject, type }) => {
    const what = `${tenant} ${subject}`.trim()
    const stands = standing.has(what)
    if (BEGINS.has(type)) standing.add(what)
    if (ENDS.has(type)) standing.delete(what)
    if (BEGINS.has(type) && stands) return [`${what}: ${type} is told, and it stood already`]
    if (!BEGINS.has(type) && !stands) return [`${what}: ${type} is told, and it did not stand`]
    return []
  })
}

/** What a receiver believes at the end: the live value of what stands, by tenant and subject. */
export function beliefs(told: readonly Told[]): ReadonlyMap<string, unknown> {
  const standing = new Map<string, unknown>()
  for (const { tenant, subject, type, live } of onceById(told)) {
    if (ENDS.has(type)) standing.delete(`${tenant} ${subject}`)
    else standing.set(`${tenant} ${subject}`, live)
  }
  return standing
}

/** Stretches of checks that could not judge a tenant, and how many of them are over. */
export function outagesOf(
  lines: readonly CheckLine[],
  tenant: string,
): { readonly begun: number; readonly over: number } {
  let [begun, over, isOut] = [0, 0, false]
  for (const line of lines) {
    if (line.tenant !== tenant || !line.remembered) continue
    const isNow = line.verdict === 'incomplete'
    if (isNow && !isOut) begun += 1
    if (!isNow && isOut) over += 1
    isOut = isNow
  }
  return { begun, over }
}

/** Outages that the service saw and told another number of times than once, and ends of them: for a time in which its channel could be reached. */
export function wronglyToldOutages(
  told: readonly Told[],
  lines: readonly CheckLine[],
  tenant: string,
): readonly string[] {
  const { begun, over } = outagesOf(lines, tenant)
  const count = (type: string): number =>
    onceById(told).filter((each) => each.tenant === tenant && each.type === type).length
  return [
    ...(count('unreadable') === begun ? [] : [`${tenant}: ${begun} outages, ${count('unreadable')} told`]),
    ...(count('readable') === over ? [] : [`${tenant}: ${over} outages ended, ${count('readable')} ends told`]),
  ]
}
