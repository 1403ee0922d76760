import type { Io } from './io.ts'
import type { AskMore, Begun } from './look.ts'
import { judgeCompared } from './make-report.ts'
import type { TenantPlan } from './plan.ts'
import type { OpenedHistory } from './remember-runs.ts'

/**
 * What the settings of a tenant ask for beyond its comparison, whom and who, of what counts alone; what that takes loads while the tenant answers. `opening` is
 * the history that is being opened; null for none.
 */
export function moreToAsk(tenant: TenantPlan, opening: Promise<OpenedHistory> | null, io: Io): Pick<Begun, 'askMore'> {
  const { who: whose, affected: whom, live } = tenant.settings
  const whoLoading = whose.value !== 'false' && live.value === null ? import('./who.ts') : null
  const whomLoading = whom.value ? import('../run/learn-affected.ts') : null
  if (whoLoading === null && whomLoading === null) return {}
  const askMore: AskMore = async (reader, compared) => {
    const counting = judgeCompared(compared, tenant, io).findings.filter(({ counts }) => counts)
    if (counting.length === 0) return {}
    const [affected, who] = await Promise.all([
      whomLoading?.then(({ learnAffected }) => learnAffected(reader, compared.input, counting)),
      whoLoading?.then(async ({ askAboutChangers }) =>
        askAboutChangers(reader, compared, counting, await opening, tenant, io),
      ),
    ])
    return { ...(affected === undefined ? {} : { affected }), ...(who === undefined ? {} : { who }) }
  }
  return { askMore }
}
