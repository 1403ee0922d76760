import { textAt, type JsonObject } from '../schema/json.ts'
import { DASHBOARD } from './log-event.ts'
import type { LogStore } from './log-store.ts'
import { APIS } from './paths.ts'
import { SILENT } from './options.ts'
import type { Write } from './options.ts'

/** The event of a control call, which stands for somebody in the dashboard unless it says who. */
export function logControl(
  log: LogStore,
  write: Write | undefined,
  method: 'post' | 'patch' | 'delete',
  api: JsonObject,
  patch: JsonObject | null,
): void {
  if (write === SILENT) return
  const { actor = DASHBOARD, sent, ...placed } = write ?? {}
  const body = sent ?? patch
  log.add(
    {
      type: 'sapi',
      method,
      path: method === 'post' ? APIS : `${APIS}/${textAt(api, 'id') ?? ''}`,
      query: {},
      ...(body === null ? {} : { sent: body }),
      status: method === 'post' ? 201 : method === 'patch' ? 200 : 204,
      ...(method === 'delete' ? {} : { answer: api }),
      actor,
    },
    placed,
  )
}
