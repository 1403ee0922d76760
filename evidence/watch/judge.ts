import { onceById, type Told } from '../told.ts'

/** A line of the service's log that says that a check ended. */
export interface CheckLine {
  readonly tenant: string
  readonly verdict: string
  readonly remembered: boolean
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
