import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { TenantDriftError, configMistake } from '../schema/errors.ts'
import type { TenantReader } from '../schema/snapshot.ts'
import { createTenantReader, requestLimit, tenantConfig, type ReaderOptions } from '../tenant/front.ts'
import { mayAskAtOnce } from './early-look.ts'
import { toShown } from './files.ts'
import type { Io } from './io.ts'
import { fileOf, type Plan, type TenantPlan } from './plan.ts'

export interface OpenReader {
  readonly reader: TenantReader
  /** A snapshot file stands in for the tenant. */
  readonly isFile: boolean
}

/**
 * A reader of one tenant: of a snapshot file where one is given, else with its credentials. It asks nothing yet. `declaredTenant` is what the
 * declared files say, for a snapshot of a tenant that nobody names otherwise.
 * @throws MistakesError `invalid_config`; TenantDriftError of a snapshot file
 */
export async function openReader(
  plan: Plan,
  tenant: TenantPlan,
  io: Io,
  about: {
    readonly targets?: readonly string[] | undefined
    readonly declaredTenant?: string | null
    readonly onConnect?: () => void
  } = {},
): Promise<OpenReader> {
  const file = fileOf(tenant.settings.live, tenant)
  if (file !== null) {
    const { openSnapshot } = await import('./open-snapshot.ts')
    const wanted = tenant.domain ?? about.declaredTenant ?? undefined
    const demands = { tenant: wanted, maxAgeMs: tenant.settings.maxAge.value, now: io.now() }
    return { reader: await openSnapshot(file, toShown(plan.root, file), demands, plan.files), isFile: true }
  }
  if (tenant.withoutCredentials !== null) throw configMistake(tenant.withoutCredentials)
  const config = tenantConfig({ env: tenant.env })
  const options = { ...readingOptions(tenant, io), targets: about.targets, onConnect: about.onConnect }
  return { reader: createTenantReader(config, options), isFile: false }
}

/** How a tenant is read under its settings. */
export function readingOptions({ settings }: TenantPlan, io: Io): ReaderOptions {
  const { value: most } = settings.maxRequests
  return { limit: most === null ? undefined : requestLimit(most), onSecret: io.secrets.add }
}

/** Loading the rest would hold a handshake up at each of its steps; one that takes longer than this is far away, and waits for more than us. */
const HANDSHAKE_MS = 50

/**
 * Begins to read a tenant where nothing in the files decides what is asked for, so that it answers while the rest of us loads: the first
 * question is on its way by then. Null where that is not so, or where it cannot be begun: then the run says why.
 */
export async function startReading(plan: Plan, tenant: TenantPlan, io: Io): Promise<TenantReader | null> {
  const { live, target, maxRequests } = tenant.settings
  const canStart = live.value === null && target.value.length === 0 && maxRequests.value === null
  if (!canStart || uselessSettings(tenant).length > 0 || !(await mayAskAtOnce(plan, tenant))) return null
  try {
    const isOnItsWay = Promise.withResolvers<void>()
    const { reader } = await openReader(plan, tenant, io, { onConnect: isOnItsWay.resolve })
    // Whatever goes wrong with it is asked for later.
    reader.inventory().then(() => isOnItsWay.resolve(), isOnItsWay.resolve)
    await Promise.race([isOnItsWay.promise, sleep(HANDSHAKE_MS, undefined, { ref: false })])
    await setImmediate()
    return reader
  } catch (error) {
    if (error instanceof TenantDriftError) return null
    throw error
  }
}

/** Settings without others that they need: what is wrong with them. */
export function uselessSettings({ settings }: TenantPlan): readonly string[] {
  const { gate, base, onlyNew, previous, confirm, live } = settings
  return [
    ...(gate.value === 'touched' && base.value.length === 0
      ? ['--gate touched needs --base: without a base it is not known what this change touches']
      : []),
    ...(onlyNew.value && previous.value === null
      ? ['--only-new needs --previous: without an earlier report everything is new']
      : []),
    ...(confirm.value !== null && live.value !== null
      ? ['--confirm needs a tenant: a snapshot file does not change between two checks']
      : []),
  ]
}
