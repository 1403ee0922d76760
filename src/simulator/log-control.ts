import { own } from '../schema/json.ts'
import type { JsonObject } from '../schema/json.ts'
import { DASHBOARD } from './log-event.ts'
import type { LogStore } from './log-store.ts'
import { SILENT } from './options.ts'
import type { Write } from './options.ts'

const LIST = '/api/v2/resource-servers'

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
  const id = own(api, 'id')
  const body = sent ?? patch
  log.add(
    {
      type: 'sapi',
      method,
      path: method === 'post' ? LIST : `${LIST}/${typeof id === 'string' ? id : ''}`,
      query: {},
      ...(body === null ? {} : { sent: body }),
      status: method === 'post' ? 201 : method === 'patch' ? 200 : 204,
      ...(method === 'delete' ? {} : { answer: api }),
      actor,
    },
    placed,
  )
}
