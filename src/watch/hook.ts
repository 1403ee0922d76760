import type { Context } from 'hono'
import { DAY_MS } from '../schema/duration.ts'
import { TenantDriftError } from '../schema/errors.ts'
import { isSameSecret, sentToken } from './doors.ts'
import { reduceEvent } from '../tenant/front.ts'
import { itemsIn } from './items-in.ts'
import type { Service } from './service.ts'

const MOST_BYTES = 1024 * 1024
const BODY_MS = 10_000
/** Events are of use as long as Auth0 keeps its logs. */
const EVENTS_MS = 40 * DAY_MS

/**
 * A custom webhook log stream of Auth0 (`POST /hooks/auth0/TENANT`). The token is looked at before the body. With the right one every body is 204 and a look
 * at the whole tenant: a stream that is refused for days is paused, and nobody would see it.
 */
export async function answerHook(c: Context, service: Service, mayRefuseMore: () => boolean): Promise<Response> {
  const { tenants, counters, store, workers, fleet, now, log } = service
  const tenant = tenants.find(({ name }) => name === c.req.param('tenant'))
  const wanted = tenant?.streamToken() ?? null
  const given = sentToken(c.req.header('authorization'))
  // Compared even if there is no such tenant: the time of an answer must not tell which tenants there are.
  const isRight = isSameSecret(given ?? '', wanted ?? `no such stream ${now()}`)
  if (tenant === undefined || wanted === null || given === null || !isRight) {
    counters.hookRefused += 1
    return c.text('', mayRefuseMore() ? 401 : 429)
  }
  const text = await hookBody(c.req.raw)
  const items = text === null ? null : itemsIn(text)
  if (items === null) {
    counters.hookNotUnderstood += 1
    log({ level: 'warn', event: 'hook_not_understood', tenant: tenant.name, tooLong: text === null })
  }
  const events = (items ?? []).flatMap((item) => reduceEvent(item, tenant.keepsPersons) ?? [])
  counters.hookEvents += items?.length ?? 0
  try {
    const ready = await store.use(async (history) => {
      if (events.length > 0) await history.keepLogEvents(tenant.key.address, events, now() - EVENTS_MS)
      // A stream that was not narrowed to writes also sends sign-ins, which are no reason to look.
      const isAboutApis = items === null || events.length > 0
      return isAboutApis ? history.turns(fleet).ask(tenant.name, now(), true) : null
    })
    if (ready !== null) workers.wake(ready)
  } catch (error) {
    if (!(error instanceof TenantDriftError)) throw error
    // Auth0 sends it again.
    return c.text('', 503)
  }
  return c.body(null, 204)
}

/** Null where it is longer than we read, or does not come. */
async function hookBody({ body }: Request): Promise<string | null> {
  if (body === null) return ''
  const chunks: Uint8Array[] = []
  let length = 0
  const reader = body.getReader() as ReadableStreamDefaultReader<Uint8Array>
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), BODY_MS)
  })
  try {
    for (;;) {
      const read = await Promise.race([reader.read(), late])
      if (read === 'late') return null
      if (read.done) return Buffer.concat(chunks).toString('utf8')
      length += read.value.length
      if (length > MOST_BYTES) return null
      chunks.push(read.value)
    }
  } catch {
    return null
  } finally {
    clearTimeout(timer)
    reader.cancel().catch(() => undefined)
  }
}
