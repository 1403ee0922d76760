import { simulatorApp } from './app.ts'
import { listenAsTenant } from './listen.ts'
import { openLogStream } from './log-stream.ts'
import type { Simulator, SimulatorOptions } from './options.ts'
import { Tenant } from './tenant.ts'

export { FAULT_KINDS } from './options.ts'
export type { StreamOptions } from './log-stream.ts'
export type { FaultKind, Rate, Simulator, SimulatorOptions } from './options.ts'

/**
 * Starts an embedded tenant on 127.0.0.1: the Management API's resource servers as recorded traffic shows them, the token endpoint,
 * who may get tokens (client grants, clients, settings of the tenant), and control under `/__simulator/`. Rejects where the port is taken or `load` is no list of resource servers.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const stream = options.logStream === undefined ? null : openLogStream(options.logStream)
  let endHanging = (): void => {}
  const closed = new Promise<void>((resolve) => {
    endHanging = resolve
  })
  const listening = await listenAsTenant(options.port ?? 0, options.tls === true)
  const close = async (): Promise<void> => {
    endHanging()
    await stream?.close()
    await listening.close()
  }
  try {
    const tenant = new Tenant(options, `127.0.0.1:${listening.port}`)
    tenant.log.onAdd = stream?.send ?? null
    listening.serve(simulatorApp(tenant, closed))
    return control(tenant, listening.ca, await tenant.issueToken(), close)
  } catch (error) {
    await close()
    throw error
  }
}

function control(tenant: Tenant, ca: string | null, token: string, close: () => Promise<void>): Simulator {
  return {
    url: tenant.url,
    domain: ca === null ? tenant.url : tenant.host,
    token,
    client_id: tenant.clientId,
    client_secret: tenant.clientSecret,
    get audience() {
      return tenant.audience
    },
    ...(ca !== null && { ca }),
    edit: (identifier, patch, write) => tenant.edit(identifier, patch, write),
    remove: (identifier, write) => tenant.remove(identifier, write),
    create: (api, write) => tenant.add(api, write),
    put: (api) => tenant.store.put(api),
    putClient: (client) => {
      tenant.clients.put(client)
    },
    putGrant: (grant) => {
      tenant.grants.put(grant)
    },
    setSettings: (settings) => {
      tenant.settings = { ...tenant.settings, ...settings }
    },
    clients: () => tenant.clients.items,
    grants: () => tenant.grants.items,
    list: () => tenant.store.entries.map(({ api }) => api),
    logs: () => tenant.log.readable(),
    putLog: (entry) => tenant.log.put(entry),
    requests: () => tenant.requests(),
    setFault: (fault) => tenant.faults.add(fault),
    reset: () => tenant.reset(),
    onRequest: (hook) => {
      tenant.hooks.add(hook)
      return () => tenant.hooks.delete(hook)
    },
    issueToken: (issue) => tenant.issueToken(issue),
    trustKey: (pem) => {
      tenant.assertionKeys.push(pem)
    },
    close,
  }
}
