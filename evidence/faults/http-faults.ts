import type { ErrorCode } from '../../src/schema/errors.ts'
import { FAULT_KINDS, type FaultKind } from '../../src/simulator/front.ts'
import { EVER, SCENES, type Allowed, type FaultCase } from './case.ts'
import { PLACES, whenAsked, WIRES, type Place } from './stage.ts'

/** What a fault for ever may be called, and whether one that passes has to be overcome. */
interface Truth {
  readonly codes: readonly ErrorCode[]
  readonly passes: 'must be overcome' | 'may be overcome'
  /** It is overcome, however long it lasts. */
  readonly truthForEver?: true
  readonly truthOfOne?: boolean
  readonly tells?: RegExp
}

/** Beyond the deadline. */
const SLOW_MS = 6000
const OVERCOME = 'must be overcome'
const MAYBE = 'may be overcome'

/** A list in place of something else is of another shape, and asking again for the same would not help. */
const byPlace =
  (inLists: readonly ErrorCode[]) =>
  (place: Place): Truth =>
    isList(place) ? { codes: inLists, passes: OVERCOME } : { codes: ['unexpected_shape'], passes: MAYBE }
const isList = (place: Place) => place !== 'the token' && place !== 'the confirmation'
const unstable = byPlace(['unstable_list'])

const KINDS: Readonly<Record<Exclude<FaultKind, 'status'>, (place: Place) => Truth | null>> = {
  reset: () => ({ codes: ['unreachable'], passes: OVERCOME }),
  slow: () => ({ codes: ['timed_out'], passes: MAYBE, tells: /TENANT_DRIFT_DEADLINE/ }),
  hang: () => ({ codes: ['timed_out'], passes: MAYBE, tells: /TENANT_DRIFT_DEADLINE/ }),
  truncate: () => ({ codes: ['malformed_body'], passes: OVERCOME }),
  cut: () => ({ codes: ['malformed_body', 'unreachable'], passes: OVERCOME }),
  empty: () => ({ codes: ['malformed_body'], passes: OVERCOME }),
  html: () => ({ codes: ['malformed_body'], passes: OVERCOME, tells: /proxy/ }),
  'short-page': unstable,
  duplicate: unstable,
  'total-changes': unstable,
  'total-too-small': unstable,
  'empty-list': byPlace(['implausible_list', 'unstable_list']),
  'refuse-offset': (place) =>
    // A question for one API by name is refused, too, where it takes the second list's place.
    isList(place)
      ? {
          codes: place === 'the second list' ? ['incomplete_inventory', 'bad_request'] : ['incomplete_inventory'],
          passes: MAYBE,
          truthOfOne: true,
        }
      : null,
  // Whoever is refused one asks without it.
  'refuse-fields': () => ({ codes: ['bad_request'], passes: OVERCOME, truthForEver: true }),
}

/** The body that goes with it says `access_denied`, whatever the status. */
const REFUSED_TOKEN: readonly ErrorCode[] = ['unauthorized']

const STATUSES: Readonly<Record<number, (place: Place) => Truth | null>> = {
  204: () => ({ codes: ['unexpected_shape'], passes: MAYBE }),
  302: (place) => ({
    codes: place === 'the token' ? REFUSED_TOKEN : ['not_found'],
    passes: MAYBE,
    tells: /AUTH0_DOMAIN/,
  }),
  400: (place) => ({ codes: place === 'the token' ? REFUSED_TOKEN : ['bad_request'], passes: MAYBE }),
  401: () => ({ codes: ['unauthorized'], passes: MAYBE, tells: /AUTH0_/ }),
  403: (place) =>
    place === 'the token'
      ? { codes: ['unauthorized'], passes: MAYBE, tells: /Management API/ }
      : { codes: ['insufficient_scope'], passes: MAYBE, tells: /read:resource_servers/ },
  // With the tenant's own words it would be the answer that confirms.
  404: (place) =>
    place === 'the confirmation'
      ? null
      : { codes: place === 'the token' ? REFUSED_TOKEN : ['not_found'], passes: MAYBE, tells: /AUTH0_DOMAIN/ },
  408: () => ({ codes: ['timed_out'], passes: OVERCOME }),
  429: () => ({ codes: ['rate_limited'], passes: OVERCOME }),
  500: () => ({ codes: ['server_error'], passes: OVERCOME, tells: /status page/ }),
  503: () => ({ codes: ['server_error'], passes: OVERCOME, tells: /status page/ }),
}

/** Every fault kind of the embedded tenant, at each place, over both wires, for ever and once. */
export function httpFaults(): readonly FaultCase[] {
  const faults = [
    ...FAULT_KINDS.flatMap((kind) =>
      kind === 'status' ? [] : [{ kind, name: kind, status: undefined, truthAt: KINDS[kind] }],
    ),
    ...Object.entries(STATUSES).map(([status, truthAt]) => ({
      kind: 'status' as const,
      name: `status ${status}`,
      status: Number(status),
      truthAt,
    })),
  ]
  return WIRES.flatMap((wire) =>
    PLACES.flatMap((place) =>
      faults.flatMap(({ kind, name, status, truthAt }) => {
        const truth = truthAt(place)
        if (truth === null) return []
        return SCENES[place].flatMap((scene) =>
          [EVER, 1].map((times): FaultCase => ({
            group: times === 1 ? 'answers of the tenant, once' : 'answers of the tenant, for ever',
            title: `${name} at ${place} (${scene}, ${wire}, ${times === 1 ? 'once' : 'for ever'})`,
            wire,
            place,
            scene,
            allowed: allowedBy(truth, times),
            begin({ tenant, ends }) {
              ends.push(
                whenAsked(tenant, place, times, ({ path, page }) => {
                  tenant.setFault({
                    kind,
                    times: 1,
                    ms: SLOW_MS,
                    match: { path, ...(page === null ? {} : { page }) },
                    ...(status === undefined ? {} : { status }),
                  })
                }),
              )
            },
          })),
        )
      }),
    ),
  )
}

function allowedBy({ codes, passes, truthOfOne, truthForEver, tells }: Truth, times: number): Allowed {
  if (times === 1) return { truth: true, codes: passes === OVERCOME ? [] : codes }
  // Repeats may use up all the time there is.
  const ends: readonly ErrorCode[] = passes === OVERCOME ? [...codes, 'timed_out'] : codes
  return { truth: truthForEver === true, codes: ends, ...(truthOfOne && { truthOfOne }), ...(tells && { tells }) }
}
