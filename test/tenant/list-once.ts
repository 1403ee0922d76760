import type { TenantConfig } from '../../src/tenant/front.ts'
import { askList, type ListPage, type ListParameters } from '../../src/tenant/list.ts'
import type { ReaderOptions } from '../../src/tenant/options.ts'
import { createSession } from '../../src/tenant/session.ts'

/** Asks the endpoint once for one page, as the readers do, and closes its connection. The signing secrets are dropped unless `fields` names them. */
export async function listResourceServers(
  config: TenantConfig,
  parameters: ListParameters = {},
  options: ReaderOptions = {},
): Promise<ListPage> {
  const session = createSession(config, options)
  try {
    const keepsSecret = parameters.fields?.includes('signing_secret') === true && parameters.include_fields !== false
    return await askList(session, parameters, { purpose: 'list', what: 'the list', keepsSecret })
  } finally {
    await session.line.release()
  }
}
