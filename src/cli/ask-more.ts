import type { Io } from './io.ts'
import type { AskMore, Begun, ComparedTenant } from './look.ts'
import { judge } from './make-report.ts'
import type { TenantPlan } from './plan.ts'
import type { Opened } from './remember-runs.ts'

/** What the settings of a tenant ask for beyond its comparison: whom and who. `opening` is the history that is being opened; null for none. */
export function moreToAsk(
  tenant: TenantPlan,
  opening: Promise<Opened> | null,
  io: Io,
): Required<Pick<Begun, 'judged' | 'askMore'>> {
  return {
    judged: (compared: ComparedTenant) => judge(compared, tenant, io).findings,
    askMore: asksWho(tenant) ? whoAsker(tenant, opening, io) : undefined,
  }
}

function asksWho({ settings }: TenantPlan): boolean {
  return settings.who.value !== 'false' && settings.live.value === null
}

/** Who changed what counts; what that takes loads where something does. */
function whoAsker(tenant: TenantPlan, opening: Promise<Opened> | null, io: Io): AskMore {
  return async (reader, compared) => {
    const counting = judge(compared, tenant, io).findings.filter(({ counts }) => counts)
    if (counting.length === 0) return {}
    const { askAboutChangers } = await import('./who.ts')
    return { who: await askAboutChangers(reader, compared, counting, await opening, tenant, io) }
  }
}
