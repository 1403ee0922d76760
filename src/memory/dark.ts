import type { ErrorCode } from '../schema/errors.ts'
import type { Report } from '../schema/report.ts'
import type { Place, StandingAt } from '../schema/standing.ts'
import { byPlace, isWithin, keyOfPlace } from './place.ts'
import type { Dark, DarkTransition } from './types.ts'

type FoundDark = Place & Pick<Dark, 'code' | 'says'>

/** Errors whose message says what somebody has to mend, and where: it is kept. Other codes speak for themselves. */
const NAMES_IT: ReadonlySet<ErrorCode> = new Set(['invalid_declaration', 'invalid_config', 'not_fetched', 'bug'])

/** Places that a report says could not be read. One that compared nothing at all could not read the tenant. */
function darkIn(report: Report): readonly FoundDark[] {
  const places = new Map<string, FoundDark>()
  for (const { kind, identifier, path, code } of report.findings) {
    if (kind === 'unreadable' && code !== undefined)
      places.set(keyOfPlace({ identifier, path }), { identifier, path, code })
  }
  const [error] = report.errors
  if (report.findings.length === 0 && error !== undefined) {
    const tenant = { identifier: null, path: '', code: error.code }
    places.set(keyOfPlace(tenant), tenant)
  }
  return [...places.values()].map((place) => withWhat(place, report)).sort(byPlace)
}

function withWhat(place: FoundDark, { errors }: Report): FoundDark {
  if (!isTenant(place) || !NAMES_IT.has(place.code)) return place
  const said = errors.find(({ code }) => code === place.code)
  return said === undefined ? place : { ...place, says: said.message }
}

/** The keys of these places. */
export function darkKeys(report: Report): ReadonlySet<string> {
  return new Set(darkIn(report).map(keyOfPlace))
}

interface DarkRun {
  readonly report: Report
  readonly standing: StandingAt | null
}

/**
 * Which places became unreadable, and which are readable again. While the tenant as a whole cannot be read, nothing is told of its APIs: it is one
 * outage. A place is readable again when a run looked there and could read it.
 */
export function moveDark(before: readonly Dark[], run: DarkRun, now: number): readonly DarkTransition[] {
  const known = new Map(before.map((dark) => [keyOfPlace(dark), dark] as const))
  const found = darkIn(run.report)
  const isTenantDark = found.some(isTenant)
  const appeared = found
    .filter((place) => !known.has(keyOfPlace(place)))
    .map((place): DarkTransition => {
      const told = isTenant(place) || !isTenantDark
      return { about: 'dark', type: 'unreadable', at: now, told, dark: { ...place, since: now, row: 0, told } }
    })
  const there = new Set(found.map(keyOfPlace))
  const vanished = before
    .filter((dark) => !there.has(keyOfPlace(dark)) && canTell(dark, run, found))
    .map((dark): DarkTransition => ({ about: 'dark', type: 'readable', at: now, told: dark.told, dark }))
  // The tenant can be read again, and these APIs still cannot: nobody was told of them before.
  const left = found.flatMap((place) => {
    const dark = known.get(keyOfPlace(place))
    return dark === undefined || dark.told || isTenantDark ? [] : [{ ...dark, code: place.code, told: true }]
  })
  const told = left.map((dark): DarkTransition => ({ about: 'dark', type: 'unreadable', at: now, told: true, dark }))
  return [...appeared, ...told, ...vanished].sort((a, b) => byPlace(a.dark, b.dark))
}

function isTenant({ identifier, path }: Place): boolean {
  return identifier === null && path === ''
}

function canTell(dark: Dark, { standing }: DarkRun, found: readonly Place[]): boolean {
  if (standing === null) return false
  if (found.some((place) => isWithin(dark, place))) return false
  // For the tenant as a whole this is the place without identifier and path, which every run that compared the tenant looked at.
  return standing(dark.identifier, dark.path).look !== 'none'
}
