import type { DeclaredFiles } from '../declared/files.ts'
import { nodeFiles, parseDeclaredFiles } from '../sources/front.ts'
import { TenantDriftError } from '../schema/errors.ts'
import { variableOf } from '../schema/settings.ts'
import type { Io } from './io.ts'
import { makePlan, sourcesFrom, type Flags, type Plan, type TenantPlan } from './plan.ts'

/** Which declared files the configuration's other tenants read too, by path from the root; the value names them. */
export async function filesOfOthers(
  plan: Plan,
  tenant: TenantPlan,
  flags: Flags,
  io: Io,
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>()
  if (Object.keys(plan.config?.config.tenants ?? {}).length < 2) return names
  const { tenant: _chosen, declared: _given, ...rest } = flags
  const { [variableOf('tenant')]: _named, [variableOf('declared')]: _listed, ...env } = io.env
  const whole = await makePlan(rest, { ...io, env })
  for (const other of whole.tenants) {
    if (other.name === null || other.name === tenant.name) continue
    for (const file of await filesRead(sourcesFrom(other.settings.declared, plan.root, other), plan, other, io)) {
      const before = names.get(file)
      names.set(file, before === undefined ? `tenant ${other.name}` : `${before} and ${other.name}`)
    }
  }
  return names
}

/** The files that SOURCEs are read from, with what these extend, by path from the root. Nothing of them is judged, and no process is started. */
export async function filesRead(
  sources: readonly string[],
  plan: Plan,
  tenant: TenantPlan,
  io: Io,
): Promise<ReadonlySet<string>> {
  const read = new Set<string>()
  const disk = nodeFiles(plan.root)
  // Without a process: what another tool says of another tenant is in no file that would be edited.
  const noting: DeclaredFiles = {
    kindOf: (file) => disk.kindOf(file),
    glob: (pattern, onPassedBy) => disk.glob(pattern, onPassedBy),
    read: (file, as) => {
      read.add(file)
      return disk.read(file, as)
    },
    allow: (folder) => disk.allow?.(folder),
  }
  try {
    await parseDeclaredFiles(sources, noting, { variables: tenant.variables, env: io.env })
  } catch (error) {
    // A mistake among another tenant's files is its own; what was read until then is known.
    if (!(error instanceof TenantDriftError)) throw error
  }
  return read
}
