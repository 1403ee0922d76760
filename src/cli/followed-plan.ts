import { matcher } from '../compare/front.ts'
import { findConfig, readRules } from '../declared/config-file.ts'
import { fileLayer } from '../declared/file-layer.ts'
import type { TrustedFiles } from '../git/disk-files.ts'
import type { DeclaredState } from '../schema/declared.ts'
import { configMistake } from '../schema/errors.ts'
import { envLayer, resolveSettings } from '../schema/setting-layers.ts'
import { fileKeyOf } from '../schema/settings.ts'
import type { Io } from './io.ts'
import type { Plan, TenantPlan } from './plan.ts'
import { isOverruled } from './flag-layer.ts'
import { sectionOf, type ReadSides } from './sides.ts'

/** What a commit that is followed says of itself, beside its accept rules. Everything else stands in the service's own file: a push must not move it. */
const HELD = ['declared', 'recorded', 'exclude', 'lifetimeCeiling'] as const

/** Keys of the service's own file that do not hold where a branch is followed: those that the commit says. */
export function keysNotHeld({ settings, rules }: TenantPlan): readonly string[] {
  const said = HELD.filter((name) => settings[name].origin !== 'default' && !isOverruled(settings[name]))
  return [...said.map(fileKeyOf), ...(rules.length > 0 ? ['accept'] : [])]
}

/**
 * The plan of one tenant as a commit has it: with its own declarations, rules, record, exclusions and ceiling, and everything else as the service says. `base`: the
 * commit that it is compared with, in full.
 * @throws MistakesError `invalid_config`
 */
export async function planAt(
  plan: Plan,
  tenant: TenantPlan,
  files: TrustedFiles,
  base: string | null,
  io: Io,
): Promise<{ readonly plan: Plan; readonly tenant: TenantPlan }> {
  const cwd = files.placeOf('.')
  if (!files.isTop(cwd) && (await files.kindOf(cwd)) !== 'folder')
    throw configMistake('follow: the commit does not have the folder that follow names')
  // What stands further up is about something else: a folder whose configuration is taken away has none.
  const config = await findConfig(null, cwd, { ...files, isTop: () => true })
  const root = config?.folder ?? cwd
  const section = config === null ? null : sectionOf(config.config, tenant)
  const layers =
    config === null ? [] : [...(section === null ? [] : [fileLayer(config, section)]), fileLayer(config, null)]
  const held = resolveSettings([envLayer(io.env, cwd, HELD), ...layers], root, HELD)
  const commonRules = config === null ? [] : await readRules(config, null, files)
  const ownRules = config === null || section === null ? [] : await readRules(config, section, files)
  const followed: TenantPlan = {
    ...tenant,
    settings: {
      ...tenant.settings,
      ...held,
      base: { value: base === null ? [] : [base], origin: 'follow', folder: root },
    },
    rules: [...ownRules, ...commonRules],
  }
  // Whoever else follows the commit, or stands in it, may have a use for its rules.
  const configured = Math.max(plan.configured, Object.keys(config?.config.tenants ?? {}).length)
  return { plan: { ...plan, config, files, root, tenants: [followed], configured, commonRules }, tenant: followed }
}

/** Which APIs are somebody else's, the code says now: what it says is merged, and nothing that has to be applied. */
export function withElsewhereNow({ declared, base, ...rest }: ReadSides): ReadSides {
  if (base === null) return { declared, base, ...rest }
  const isHandedOver = matcher(declared.managedElsewhere)
  const isDeclared = new Set(declared.apis.map(({ identifier }) => identifier))
  const apis = base.apis.filter(({ identifier }) => isDeclared.has(identifier) || !isHandedOver(identifier))
  const before: DeclaredState = { ...base, apis, lacksElsewhere: true }
  return { declared, base: before, ...rest }
}
