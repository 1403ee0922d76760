import type { StoredEpisode, StoredRun, TenantKey } from '../history/front.ts'
import { fleetOf, type FleetLine, type Service } from './service.ts'

/** What addresses of pages and of the API name; null for what is not there, or is another service's in the same store. */

export const PAGE_SIZE = 100

export async function fleetLineOf(service: Service, name: string | undefined): Promise<FleetLine | null> {
  return (await fleetOf(service)).find(({ tenant }) => tenant.name === name) ?? null
}

export async function ownEpisode(service: Service, text: string | undefined): Promise<StoredEpisode | null> {
  const id = numberIn(text)
  const found = id === null ? null : await service.store.use((history) => history.overview.episode(id))
  return found !== null && isOwn(service, found.tenant) ? found : null
}

export async function ownRun(service: Service, text: string | undefined): Promise<StoredRun | null> {
  const id = numberIn(text)
  const found = id === null ? null : await service.store.use((history) => history.overview.run(id))
  return found !== null && isOwn(service, found.tenant) ? found : null
}

/** In the configuration; null for another service's. */
export function nameOfTenant({ tenants }: Pick<Service, 'tenants'>, { address, view }: TenantKey): string | null {
  return tenants.find(({ key }) => key.address === address && key.view === view)?.name ?? null
}

function isOwn(service: Pick<Service, 'tenants'>, key: TenantKey): boolean {
  return nameOfTenant(service, key) !== null
}

/** What of a difference may hold the text that somebody searches for. */
export const SEARCHED = 'API, setting, kind, fingerprint or tenant'
/** As many as are found at once; more is for a longer text. */
export const MOST_FOUND = 100
export const LONGEST_TEXT = 200

/** Text that somebody searches for, as it is looked for. */
export function searchText(text: string | undefined): string {
  return (text ?? '').trim().slice(0, LONGEST_TEXT)
}

/** Differences of this service with the text, each with the name of its tenant. */
export async function searchFor(
  service: Service,
  text: string,
): Promise<readonly (readonly [episode: StoredEpisode, tenant: string])[]> {
  if (text === '') return []
  const keys = service.tenants.map(({ key }) => key)
  const found = await service.store.use((history) => history.overview.search(text, MOST_FOUND, keys))
  return found.flatMap((episode) => {
    const tenant = nameOfTenant(service, episode.tenant)
    return tenant === null ? [] : [[episode, tenant] as const]
  })
}

/** When it will be taken, in epoch ms. */
export async function checkNow({ store, workers, fleet, now }: Service, name: string): Promise<number | null> {
  const ready = await store.use((history) => history.turns(fleet).ask(name, now(), false))
  if (ready !== null) workers.wake(ready)
  return ready
}

export function pageOf<T>(all: readonly T[], text: string | undefined) {
  const pages = Math.max(1, Math.ceil(all.length / PAGE_SIZE))
  const page = Math.min(pages, Math.max(1, numberIn(text) ?? 1))
  return { page, pages, shown: all.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE) }
}

function numberIn(text: string | undefined): number | null {
  return /^\d{1,12}$/.test(text ?? '') ? Number(text) : null
}
