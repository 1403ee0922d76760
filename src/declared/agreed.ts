import { existsSync } from 'node:fs'
import path from 'node:path'
import { defaultRecorded, findConfig, forTenant, readConfigOrRules, readRules, type ConfigFile } from './config-file.ts'
import { fileLayer } from './file-layer.ts'
import { diskFiles } from '../git/disk-files.ts'
import { configMistake, MistakesError } from '../schema/errors.ts'
import { envLayer, fromVariable, resolveSettings, type Sourced } from '../schema/setting-layers.ts'
import { SHARED_SETTINGS } from '../schema/settings.ts'
import { isSameTenant } from '../schema/tenant-address.ts'
import type { Json } from '../schema/json.ts'
import type { AcceptRule, PlacedRule } from '../schema/accept-rule.ts'
import type { Environment } from '../schema/environment.ts'

/** What people agreed on for a tenant, beside what is declared for it. */
export interface Agreed {
  readonly rules: readonly PlacedRule[]
  /** Those among them that other tenants have too, and may have a use for. */
  readonly shared: ReadonlySet<PlacedRule>
  /** The recorded file that a variable or the configuration speaks of, relative to the project; null where none does. */
  readonly recorded: { readonly file: string; readonly isNamed: boolean } | null
  /** Globs of identifiers that are not to be looked at. */
  readonly exclude: readonly string[]
  /** Seconds beyond which a token lifetime that grew is high. */
  readonly lifetimeCeiling: number
  /** Things to say once. */
  readonly notes: readonly string[]
}

/** Where things are agreed on, and for which tenant. */
export interface AgreementOf {
  readonly tenant: string
  /** The folder that relative paths begin from. */
  readonly root: string
  readonly env: Environment
}

/**
 * Reads what the input `rules` names: a configuration, or a list of rules in a file or as they are. Without it, and for all but the rules of
 * a mere list, the configuration speaks that the command would read in the folder `root`.
 * @throws MistakesError `invalid_config`
 */
export async function readAgreed(given: Json | undefined, about: AgreementOf): Promise<Agreed> {
  const { tenant, root, env } = about
  const files = diskFiles(root)
  const named = typeof given === 'string' ? await readConfigOrRules(given, root, files) : null
  const list = named !== null && 'rules' in named ? named.rules : Array.isArray(given) ? await inlineRules(given) : null
  const config =
    named !== null && 'config' in named ? named.config : await findConfig(fromVariable('config', env), root, files)
  const { name, notes } = config === null ? { name: null, notes: [] } : entryOf(config, about)
  const below = config === null ? [] : [...(name === null ? [] : [fileLayer(config, name)]), fileLayer(config, null)]
  const settings = resolveSettings(
    [envLayer(env, root, SHARED_SETTINGS), ...below],
    config?.folder ?? root,
    SHARED_SETTINGS,
  )
  const rest = {
    recorded: recordedOf(config, settings.recorded, { name, domain: tenant }, root),
    exclude: settings.exclude.value,
    lifetimeCeiling: settings.lifetimeCeiling.value,
    notes,
  }
  if (config === null || list !== null) return { rules: list ?? [], shared: new Set(), ...rest }
  const common = await readRules(config, null, files)
  const rules = [...(name === null ? [] : await readRules(config, name, files)), ...common]
  const others = Object.keys(config.config.tenants ?? {}).filter((each) => each !== name)
  return { rules, shared: new Set(others.length === 0 ? [] : common), ...rest }
}

/** The recorded file of a preview: the one that is `given` (empty: none), else the one agreed on, else the usual one, which need not be there. */
export function recordedPlace({ recorded }: Pick<Agreed, 'recorded'>, given: string): NonNullable<Agreed['recorded']> {
  if (given !== '') return { file: given, isNamed: true }
  return recorded ?? { file: defaultRecorded(null), isNamed: false }
}

/** The one configured tenant that is read. */
function entryOf(
  config: ConfigFile,
  { tenant }: AgreementOf,
): { readonly name: string | null; readonly notes: Agreed['notes'] } {
  const configured = Object.entries(config.config.tenants ?? {})
  const [first, second] = configured.filter(([, { domain }]) => isSameTenant(domain, tenant))
  if (second !== undefined && first !== undefined) {
    const place = config.place(['tenants', second[0], 'domain'])
    const message = `${first[0]} has the same domain, so it is not known whose rules apply: name a file of rules (the input rules)`
    throw new MistakesError('invalid_config', [{ ...place, message }])
  }
  if (first !== undefined) return { name: first[0], notes: [] }
  const isStranger = configured.length > 0
  const note = `${config.shown} configures other tenants and not ${tenant}, so only its settings for all tenants apply`
  return { name: null, notes: isStranger ? [note] : [] }
}

function recordedOf(
  config: ConfigFile | null,
  { value, folder }: Sourced<string | null>,
  tenant: { readonly name: string | null; readonly domain: string },
  root: string,
): Agreed['recorded'] {
  const isNamed = value !== null
  if (config === null && !isNamed) return null
  const file = path.resolve(folder, isNamed ? forTenant(value, tenant) : defaultRecorded(tenant.name))
  if (!isNamed && tenant.name === null && !existsSync(file)) return null
  return { file: path.relative(root, file).replaceAll(path.sep, '/'), isNamed }
}

async function inlineRules(given: Json): Promise<readonly PlacedRule[]> {
  const { acceptSchema, checkConfig } = await import('../schema/config.ts')
  const checked = checkConfig(given, acceptSchema)
  if (checked.ok) {
    return (given as unknown as readonly AcceptRule[]).map((rule) => ({ rule, file: null, line: null }))
  }
  const mistakes = checked.mistakes.map(({ path: at, message }) => {
    const where = at.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')
    return `rules${where}: ${message}`
  })
  throw configMistake(...mistakes)
}
