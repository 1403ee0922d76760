import { existsSync } from 'node:fs'
import path from 'node:path'
import { allBut, type Includes } from '../compare/front.ts'
import { readAgreed, recordedPlace, type Agreed } from '../declared/agreed.ts'
import { readDeclared } from '../sources/front.ts'
import { dayOf } from '../schema/clock.ts'
import type { DeclaredState } from '../schema/declared.ts'
import type { Json, JsonObject } from '../schema/json.ts'
import { PROJECT_FILES } from '../schema/pulumi-project.ts'
import { fromVariable } from '../schema/setting-layers.ts'
import type { Snapshot, TenantReader } from '../schema/snapshot.ts'
import { ofAuth0Tenant } from './of-auth0-tenant.ts'
import type { Surroundings } from './surroundings.ts'
import {
  createTenantReader,
  openTenant,
  readRecorded,
  readsSnapshot,
  tenantConfig,
  type TenantConfig,
} from '../tenant/front.ts'

/** What people agreed on, ready to be asked. */
export interface AgreedScope extends Agreed {
  /** Whether an API is looked at; null where all are. */
  readonly includes: Includes | null
}

/** A recorded file; `snapshot` is null where there is none, and nobody named one. */
export interface Recording {
  readonly snapshot: Snapshot | null
  readonly isNamed: boolean
}

/**
 * One run of the engine: one tenant, one shared reading, one base. Everything is opened at the first need and then shared; what goes wrong is
 * thrown as a `TenantDriftError`, which a check turns into data.
 */
export interface EngineRun {
  /** Folder of Pulumi.yaml: relative paths begin here. */
  readonly root: string
  reader(): Promise<TenantReader>
  /** Looks at the tenant by the shared reading, or (`fresh`) as it stands now: at one API, or (null) at all. */
  withReader<T>(fresh: boolean, identifier: string | null, look: (reader: TenantReader) => Promise<T>): Promise<T>
  /** The base that a source (or TENANT_DRIFT_BASE) names, with the values for variables in its files; null where none does. */
  base(sources: readonly string[] | null, variables: Readonly<Record<string, string>>): Promise<DeclaredState | null>
  /** What people agreed on for the tenant, by the input `rules`, else by the configuration. */
  agreed(rules: Json | undefined, tenant: string): Promise<AgreedScope>
  /** What was recorded: in the file that is named, else in the one that was agreed on, else in the usual one. */
  recorded(file: string | null, agreed: Agreed): Promise<Recording>
  /** `YYYY-MM-DD` (UTC), the same for the whole run. */
  readonly today: string
  declared(sources: readonly string[], variables: Readonly<Record<string, string>>): Promise<DeclaredState>
  /** What was declared before, by a name for what is declared now: the engine checks a replacement twice, and tells the second check nothing. */
  readonly before: Map<string, JsonObject>
  /** Whether the program said that this is a preview. */
  inPreview: boolean
}

export function openEngineRun(outside: Surroundings): EngineRun {
  const { surroundings, missing } = ofAuth0Tenant(outside)
  const { env } = surroundings
  const root = projectRoot(surroundings.cwd)
  const bases = new Map<string, Promise<DeclaredState>>()
  const recordings = new Map<string, Promise<Recording>>()
  const agreements = new Map<string, Promise<AgreedScope>>()
  let config: TenantConfig | undefined
  let reader: Promise<TenantReader> | undefined

  const configured = () => (config ??= tenantConfig({ pulumi: surroundings.config, env }))

  const openReader = async (): Promise<TenantReader> => {
    if (missing !== null) throw missing
    return openTenant({ pulumi: surroundings.config, env, root, now: surroundings.now() })
  }

  const session: EngineRun = {
    root,
    before: new Map(),
    inPreview: false,
    today: dayOf(surroundings.now()),
    reader: () => (reader ??= openReader()),
    async withReader(fresh, identifier, look) {
      const shared = await session.reader()
      if (!fresh || readsSnapshot(env)) return look(shared)
      const own = identifier === null ? shared.fresh() : createTenantReader(configured(), { targets: [identifier] })
      try {
        return await look(own)
      } finally {
        await own.close()
      }
    },
    async base(given, variables) {
      const sources = given ?? fromVariable('base', env)
      if (sources === null) return null
      return once(bases, JSON.stringify([sources, variables]), () =>
        readDeclared(sources, { cwd: root, variables, env, role: 'base' }),
      )
    },
    agreed(rules, tenant) {
      return once(agreements, JSON.stringify([rules ?? null, tenant]), async () => {
        const agreed = await readAgreed(rules, { tenant, root, env })
        // A thousand checks ask which APIs are looked at: the globs are made ready once.
        return { ...agreed, includes: allBut(agreed.exclude) }
      })
    },
    recorded(file, agreed) {
      const { file: place, isNamed } = recordedPlace(agreed, file ?? '')
      return once(recordings, place, async () => ({ snapshot: await readRecorded(root, place, isNamed), isNamed }))
    },
    declared(sources, variables) {
      // The tenant answers while the files are read: of thousands of APIs, both take about as long. Who needs the reading is told how it failed.
      session
        .reader()
        .then((shared) => shared.inventory())
        .catch(() => undefined)
      return readDeclared(sources, { cwd: root, variables, env })
    },
  }
  return session
}

/** What is made once for each key, however often and how soon it is asked for. */
function once<T>(made: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = made.get(key) ?? make()
  made.set(key, known)
  return known
}

/** The nearest folder upwards that holds Pulumi.yaml; the working directory itself where none does. */
function projectRoot(cwd: string): string {
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    if (PROJECT_FILES.some((name) => existsSync(path.join(folder, name)))) return folder
    if (path.dirname(folder) === folder) return cwd
  }
}

/** The tenant's name for digests; a fixed word where no tenant is configured, so that a secret is never kept for want of one. */
export async function tenantOfRun(session: EngineRun): Promise<string> {
  try {
    return (await session.reader()).tenant
  } catch {
    return 'unconfigured'
  }
}
