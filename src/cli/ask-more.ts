import type { Io } from './io.ts'
import type { AskMore, Begun, ComparedTenant, More } from './look.ts'
import { judge } from './make-report.ts'
import type { TenantPlan } from './plan.ts'
import type { Opened } from './remember-runs.ts'

/**
 * What the settings of a tenant ask for beyond its comparison, whom and who, of what counts alone; what that takes loads while the tenant answers. `opening` is
 * the history that is being opened; null for none.
 */
export function moreToAsk(
  tenant: TenantPlan,
  opening: Promise<Opened> | null,
  io: Io,
): Required<Pick<Begun, 'askMore'>> {
  const { who, affected, live } = tenant.settings
  const asksWho = who.value !== 'false' && live.value === null
  if (!asksWho && !affected.value) return { askMore: undefined }
  const whomLoading = affected.value ? import('../run/learn-affected.ts') : null
  const whoLoading = asksWho ? import('./who.ts') : null
  const askMore: AskMore = async (reader, compared: ComparedTenant) => {
    const counting = judge(compared, tenant, io).findings.filter(({ counts }) => counts)
    if (counting.length === 0) return {}
    const askWhom = async (): Promise<Pick<More, 'affected'>> => {
      if (whomLoading === null) return {}
      const { learnAffected } = await whomLoading
      return { affected: await learnAffected(reader, compared.input, counting) }
    }
    const askWho = async (): Promise<Pick<More, 'who'>> => {
      if (whoLoading === null) return {}
      const { askAboutChangers } = await whoLoading
      return { who: await askAboutChangers(reader, compared, counting, await opening, tenant, io) }
    }
    const [whom, changers] = await Promise.all([askWhom(), askWho()])
    return { ...whom, ...changers }
  }
  return { askMore }
}
