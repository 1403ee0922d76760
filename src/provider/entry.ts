import { dynamicMethods, type DynamicMethods } from './methods.ts'
import { resourceServerKind } from './resource-server.ts'
import { openSession, type Session } from './session.ts'
import { tenantKind } from './tenant.ts'

/**
 * What the text in a stack's state loads (`tenant-drift/provider`). Its exported names are a contract for ever: `configure`,
 * `resourceServerCheck`, `tenantCheck`. One process serves one run of the engine.
 */
let session: Session | undefined

interface ConfigureRequest {
  readonly config: { get(key: string): string | undefined }
}

/** Called once for each kind of resource, with the configuration of the stack. Opens nothing yet, so nothing can fail here. */
export function configure(request: ConfigureRequest): Promise<void> {
  session ??= openSession({
    config: (key) => request.config.get(key),
    env: process.env,
    cwd: process.cwd(),
    now: () => Date.now(),
  })
  return Promise.resolve()
}

function current(): Session {
  if (session === undefined) throw new Error('configure comes first')
  return session
}

export const resourceServerCheck: DynamicMethods = dynamicMethods(resourceServerKind, current)
export const tenantCheck: DynamicMethods = dynamicMethods(tenantKind, current)
