import { existsSync } from 'node:fs'
import path from 'node:path'
import { defaultRecorded, findConfig, forTenant, readConfigOrRules, readRules, type ConfigFile } from './config-file.ts'
import { MistakesError } from '../schema/errors.ts'
import type { Json } from '../schema/json.ts'
import type { AcceptRule, PlacedRule } from '../schema/report.ts'

/** What people agreed on for a tenant, beside what is declared for it. */
export interface Agreed {
  readonly rules: readonly PlacedRule[]
  /** The recorded file that the configuration speaks of, relative to the project; null where none does. */
  readonly recorded: { readonly file: string; readonly isNamed: boolean } | null
  /** Globs of identifiers that are not to be looked at. */
  readonly exclude: readonly string[]
  /** Things to say once. */
  readonly notes: readonly string[]
}

/** Where things are agreed on, and for which tenant. */
export interface AgreementOf {
  readonly tenant: string
  /** Whether two ways to write a tenant name the same one. */
  readonly isSameTenant: (a: string, b: string) => boolean
  /** The folder that relative paths begin from. */
  readonly root: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Reads what the input `rules` names: a configuration, or a list of rules in a file or as they are. Without it, and for all but the rules of
 * a mere list, the configuration speaks that the command would read in the folder `root`.
 * @throws MistakesError `invalid_config`
 */
export async function readAgreed(given: Json | undefined, about: AgreementOf): Promise<Agreed> {
  const { tenant, root, env } = about
  const named = typeof given === 'string' ? await readConfigOrRules(given, root) : null
  const list = named !== null && 'rules' in named ? named.rules : Array.isArray(given) ? await inlineRules(given) : null
  const ambient = env.TENANT_DRIFT_CONFIG?.trim() ?? ''
  const config = named !== null && 'config' in named ? named.config : await findConfig(ambient || null, root)
  if (config === null) return { rules: list ?? [], recorded: null, exclude: [], notes: [] }
  const { name, notes } = entryOf(config, about)
  const own = name === null ? null : config.config.tenants?.[name]
  const recorded = recordedOf(config, own?.recorded ?? config.config.recorded, { name, domain: tenant }, root)
  const exclude = [own?.exclude ?? config.config.exclude ?? []].flat()
  if (list !== null) return { rules: list, recorded, exclude, notes }
  const rules = [...(name === null ? [] : await readRules(config, name)), ...(await readRules(config, null))]
  return { rules, recorded, exclude, notes }
}

/** The one configured tenant that is read. */
function entryOf(
  config: ConfigFile,
  { tenant, isSameTenant }: AgreementOf,
): { readonly name: string | null; readonly notes: Agreed['notes'] } {
  const configured = Object.entries(config.config.tenants ?? {})
  const [first, second] = configured.filter(([, { domain }]) => isSameTenant(domain, tenant))
  if (second !== undefined && first !== undefined) {
    const place = config.place(['tenants', second[0], 'domain'])
    const message = `${first[0]} has the same domain, so it is not known whose rules hold: name a file of rules (the input rules)`
    throw new MistakesError('invalid_config', [{ ...place, message }])
  }
  if (first !== undefined) return { name: first[0], notes: [] }
  const isStranger = configured.length > 0
  const note = `${config.shown} configures other tenants and not ${tenant}: only what it says for all of them holds`
  return { name: null, notes: isStranger ? [note] : [] }
}

function recordedOf(
  { folder }: ConfigFile,
  written: string | undefined,
  tenant: { readonly name: string | null; readonly domain: string },
  root: string,
): Agreed['recorded'] {
  const file = path.resolve(folder, written === undefined ? defaultRecorded(tenant.name) : forTenant(written, tenant))
  const isNamed = written !== undefined
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
    return { file: null, line: null, column: null, message: `rules${where}: ${message}` }
  })
  throw new MistakesError('invalid_config', mistakes)
}
