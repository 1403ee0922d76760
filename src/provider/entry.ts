import { dynamicMethods, type DynamicMethods } from './methods.ts'
import { resourceServerKind } from './resource-server.ts'
import { openEngineRun, type EngineRun } from './engine-run.ts'
import { tenantKind } from './tenant.ts'

/**
 * What the text in a stack's state loads (`tenant-drift/provider`). Its exported names are a contract for ever: `configure`,
 * `resourceServerCheck`, `tenantCheck`. One process serves one run of the engine.
 */
let session: EngineRun | undefined

interface ConfigureRequest {
  readonly config: { get(key: string): string | undefined }
}

/** Called once for each kind of resource, with the configuration of the stack. Opens nothing yet, so nothing can fail here. */
export function configure(request: ConfigureRequest): Promise<void> {
  session ??= openEngineRun({
    config: (key) => request.config.get(key),
    env: process.env,
    cwd: process.cwd(),
    now: () => Date.now(),
  })
  return Promise.resolve()
}

function current(): EngineRun {
  if (session === undefined) throw new Error('configure comes first')
  return session
}

export const resourceServerCheck: DynamicMethods = dynamicMethods(resourceServerKind, current)
export const tenantCheck: DynamicMethods = dynamicMethods(tenantKind, current)
