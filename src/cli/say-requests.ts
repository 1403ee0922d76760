import type { Sides } from '../compare/front.ts'
import { TenantDriftError } from '../schema/errors.ts'
import { NAMED_AT_ONCE, ONE_BY_ONE, PER_PAGE } from '../tenant/front.ts'
import { plural } from '../words/plural.ts'
import type { TenantPlan } from './plan.ts'
import type { Progress } from './progress.ts'
import type { Targets } from './targets.ts'
import { SIGNING_SECRET } from '../schema/secret-field.ts'

/**
 * What `--max-requests` promises: what the run needs, as far as anybody knows before the tenant is asked, and a refusal where that is too much. What
 * the tenant then turns out to hold may take more; the reader counts, and refuses too.
 * @throws TenantDriftError `request_limit`
 */
export function sayRequests(tenant: TenantPlan, sides: Sides, targets: Targets | null, progress: Progress): void {
  const most = tenant.settings.maxRequests.value
  if (most === null || tenant.settings.live.value !== null) return
  const needs = needsOf(tenant, sides, targets)
  const sum = needs.reduce((total, { count }) => total + count, 0)
  const words = `${plural(sum, 'request')}: ${needs.map(({ count, what }) => `${count} for ${what}`).join(', ')}`
  if (sum > most) {
    const advice = 'Allow more with --max-requests, or check fewer APIs with --target.'
    throw new TenantDriftError('request_limit', `--max-requests ${most}: this run needs ${words}`, advice)
  }
  progress.say(`this run needs ${words}`)
  const { affected, who } = tenant.settings
  const more = [
    ...(affected.value ? ['the applications that differences hit (--affected)'] : []),
    ...(who.value === 'false' ? [] : ['who changed them (--who)']),
  ].map((what) => `, and ${what}`)
  progress.say(`missing or new APIs and retries${more.join('')} take more requests; at most ${most} are sent`)
}

function needsOf(
  tenant: TenantPlan,
  { declared, recorded }: Sides,
  targets: Targets | null,
): readonly { readonly count: number; readonly what: string }[] {
  const isNeeded = (tenant.env.AUTH0_API_TOKEN ?? '') === ''
  const known = Math.max(declared.apis.length + 1, recorded?.items.length ?? 0)
  const named = targets?.named?.length ?? null
  const list =
    named === null
      ? // A full last page is followed by one more request.
        { count: Math.floor(known / PER_PAGE) + 1, what: `the list of the ${plural(known, 'API')} known so far` }
      : { count: Math.ceil(named / NAMED_AT_ONCE), what: plural(named, 'named API') }
  const looked = declared.apis.filter(({ identifier }) => targets?.includes(identifier) !== false)
  const secrets = looked.filter(({ values }) => Object.hasOwn(values, SIGNING_SECRET)).length
  const second = { count: secrets > ONE_BY_ONE ? list.count : secrets, what: 'declared secrets' }
  return [...(isNeeded ? [{ count: 1, what: 'a token' }] : []), list, ...(secrets === 0 ? [] : [second])]
}
