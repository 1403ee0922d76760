import { own, type JsonObject } from '../schema/json.ts'
import { findCanary } from './canary.ts'
import type { Canary } from './canary.ts'
import { checkPage, checkSame, checkUnique, planOf } from './completeness.ts'
import { RequestFault, unexpectedShape } from './faults.ts'
import { withFields } from './content.ts'
import type { Content } from './content.ts'
import { askList, isRefusedPaging } from './list.ts'
import type { ListPage, ListParameters } from './list.ts'
import { SIDE_BY_SIDE } from './line.ts'
import { PER_PAGE } from './request-sizes.ts'
import type { Session } from './session.ts'
import type { Purpose } from './tally.ts'

/** A reading longer than this looks at page 0 once more, in ms. */
const LOOK_AGAIN_AFTER_MS = 2000
/** How often a list is read anew that does not fit itself. An implausible one costs a whole list each time and rarely mends. */
const REREADS: Readonly<Record<string, number>> = { unstable_list: 2, implausible_list: 1 }
const PAUSE_MS = 300

export interface WholeList {
  readonly items: readonly JsonObject[]
  readonly total: number
  readonly pages: number
  readonly secondLook: boolean
  readonly canary: Canary
  /** False where the tenant refuses to list them all: then absence from `items` means nothing. */
  readonly complete: boolean
}

/**
 * Reads the whole list and proves it: every page, every announced item once, the canary in it. What does not fit is read again, a few times.
 * @throws RequestFault
 */
export async function readWholeList(session: Session, purpose: Purpose, content: Content): Promise<WholeList> {
  for (let again = 0; ; again += 1) {
    try {
      return await session.budget.run(() => readOnce(session, purpose, content))
    } catch (error) {
      const most = error instanceof RequestFault ? (own(REREADS, error.code) ?? 0) : 0
      if (again >= most) throw error
      const pause = PAUSE_MS * (again + 0.5 + session.clocks.random() / 2)
      if (pause >= session.budget.rest()) throw error
      await session.budget.run(() => session.clocks.sleep(pause, new AbortController().signal))
      session.tally.rereads += 1
    }
  }
}

async function readOnce(session: Session, purpose: Purpose, content: Content): Promise<WholeList> {
  const stop = new AbortController()
  const begun = session.clocks.clock()
  const page = (index: number, size: number): Promise<ListPage> =>
    askPage(session, { page: index, per_page: size, include_totals: true }, purpose, content, stop.signal)

  const page0 = await page(0, PER_PAGE).catch((error: unknown) => {
    throw isRefusedPaging(error) ? refusesToList() : error
  })
  const plan = planOf(page0, PER_PAGE)
  if (plan === null) throw unexpectedShape('page 0 of the list', 'it does not say how many APIs there are')
  checkPage(page0, 0, plan)
  session.limit?.expect(plan.pages - 1)

  const later = await readPages(plan.pages, stop, async (index) => {
    const next = await page(index, plan.pageSize)
    checkPage(next, index, plan)
    return next
  })
  const items = [page0, ...later.pages].flatMap((each) => each.items)
  checkUnique(items)
  const secondLook = session.clocks.clock() - begun > LOOK_AGAIN_AFTER_MS
  if (secondLook) checkSame(page0, await page(0, plan.pageSize))
  const { audiences } = await session.token()
  const canary = findCanary(items, audiences, session.config.audience)
  return { items, total: plan.total, pages: 1 + later.pages.length, secondLook, canary, complete: !later.refused }
}

function askPage(
  session: Session,
  place: ListParameters,
  purpose: Purpose,
  content: Content,
  signal: AbortSignal,
): Promise<ListPage> {
  const what = `page ${place.page ?? 0} of the list`
  const question = { purpose, what, keepsSecret: content === 'secrets', signal }
  return withFields(session, content, (fields) => askList(session, { ...place, ...fields }, question))
}

/**
 * Pages 1 and on, side by side, in order. The first failure stops the rest. A tenant that refuses deep offsets ends the list there:
 * pages already read stay, and no further ones are begun.
 */
async function readPages(
  count: number,
  stop: AbortController,
  read: (index: number) => Promise<ListPage>,
): Promise<{ readonly pages: readonly ListPage[]; readonly refused: boolean }> {
  const pages = new Map<number, ListPage>()
  let next = 1
  let refused = false
  let failure: { readonly error: unknown } | null = null
  const work = async (): Promise<void> => {
    while (next < count && !refused && failure === null) {
      const index = next
      next += 1
      try {
        pages.set(index, await read(index))
      } catch (error) {
        if (isRefusedPaging(error)) refused = true
        else {
          failure ??= { error }
          stop.abort(error)
        }
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(SIDE_BY_SIDE, count - 1) }, work))
  if (failure !== null) throw (failure as { readonly error: unknown }).error
  const inOrder = [...pages].sort(([a], [b]) => a - b).map(([, page]) => page)
  return { pages: inOrder, refused }
}

function refusesToList(): RequestFault {
  return new RequestFault(
    'incomplete_inventory',
    'The tenant refuses to list its APIs (page 0 of the list: HTTP 400, invalid_paging)',
    'Check named APIs with --target, or ask the support of Auth0 about the limit of your tenant.',
    { retry: 'never' },
  )
}
