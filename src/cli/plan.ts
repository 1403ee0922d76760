import path from 'node:path'
import { findConfig, forTenant, readRules, type ConfigFile } from '../declared/config-file.ts'
import { fileLayer } from '../declared/file-layer.ts'
import { joinSource, splitSource } from '../declared/source-kind.ts'
import { diskFiles, type TrustedFiles } from '../git/disk-files.ts'
import type { ConfigTenant } from '../schema/config.ts'
import { CREDENTIAL_KEYS, VARIABLE_OF_KEY } from '../schema/credential-keys.ts'
import { nonBlank, withoutAuth0, type Environment } from '../schema/environment.ts'
import { own } from '../schema/json.ts'
import {
  envLayer,
  fromVariable,
  resolveSettings,
  type Settings,
  type Sourced,
  type GivenValue,
} from '../schema/setting-layers.ts'
import { variableOf, type SettingName } from '../schema/settings.ts'
import type { PlacedRule } from '../schema/accept-rule.ts'
import { VARIABLE_PREFIX } from '../schema/variables.ts'
import { isSameTenant, parseAddress } from '../schema/tenant-address.ts'
import { addCredentials } from '../words/credentials.ts'
import { configMistake } from '../schema/errors.ts'
import type { Io } from './io.ts'
import { flagLayer } from './flag-layer.ts'

type Variables = Readonly<Record<string, string>>

/** One tenant of a run, with all that holds for it. */
export interface TenantPlan {
  /** In the configuration; null where it has none. */
  readonly name: string | null
  /** As it was written; null where nobody wrote it. */
  readonly domain: string | null
  readonly settings: Settings
  readonly variables: Variables
  /** Those of them that the command line gives. */
  readonly given: Variables
  /** Its own credentials alone, under the names that the tenant room knows: those of another tenant cannot be sent by mistake. */
  readonly env: Environment
  /** Why its credentials cannot be used; null where nothing speaks against it. */
  readonly withoutCredentials: string | null
  readonly rules: readonly PlacedRule[]
}

/** Its name, and what one is called that no configuration names. */
export function tenantName({ name }: Pick<TenantPlan, 'name'>): string {
  return name ?? 'default'
}

/** What a command line means, before anything is sent. */
export interface Plan {
  readonly settings: Settings
  readonly config: ConfigFile | null
  /** The one reader of what decides: configuration, rules, records, judged snapshots, earlier reports, bases. */
  readonly files: TrustedFiles
  /** Paths in reports begin here: the folder of the configuration, else the working directory. */
  readonly root: string
  readonly tenants: readonly TenantPlan[]
  /** How many tenants there are, looked at or not. */
  readonly configured: number
  /** Rules that hold for all tenants of the configuration. */
  readonly commonRules: readonly PlacedRule[]
}

/** What commander found: settings, and the rest. */
export interface Flags extends Readonly<Partial<Record<SettingName, GivenValue>>> {
  readonly config?: string
  readonly trust?: string
  readonly var?: readonly string[]
  readonly showConfig?: boolean
  /** `--no-notify` makes it false. */
  readonly notify?: boolean
}

/**
 * The commit that `--trust` or TENANT_DRIFT_TRUST names judges; without one, what stands on the disk does. It is no key of the configuration, which
 * would name its own judge.
 * @throws MistakesError `invalid_config`
 */
export async function trustedBy({ trust }: Flags, io: Io): Promise<TrustedFiles> {
  const named = trust ?? fromVariable('trust', io.env)
  if (named === null) return diskFiles(io.cwd)
  const { openTrusted } = await import('../git/trusted-files.ts')
  return openTrusted(named, io.cwd, io.env)
}

/**
 * Reads flags, environment and configuration, and tells the tenants apart. `files` is who says what the configuration is.
 * @throws MistakesError `invalid_config`
 */
export async function makePlan(flags: Flags, io: Io, files: TrustedFiles = diskFiles(io.cwd)): Promise<Plan> {
  // A clock that nobody can read is found out before anything is sent.
  io.now()
  const { env } = io
  // Where the commit that is trusted has this folder.
  const cwd = files.placeOf(io.cwd)
  const { config: named, var: vars, showConfig: _shown, trust: _trusted, notify: _told, ...settingFlags } = flags
  const config = await findConfig(named ?? fromVariable('config', env), cwd, files)
  // Of every tenant that is configured: one that is not looked at must not be named by another one's texts.
  for (const { credentials } of Object.values(config?.config.tenants ?? {})) {
    const { client_id: _public, ...names } = credentials ?? {}
    const secret = Object.values(names).filter((name) => name !== undefined)
    addCredentials(io.secrets, env, secret)
  }
  const root = config?.folder ?? cwd
  const above = [flagLayer(settingFlags, cwd), envLayer(env, cwd)]
  const below = config === null ? [] : [fileLayer(config, null)]
  const settings = resolveSettings([...above, ...below], root)
  const given = parseVariables(vars ?? [])
  const commonRules = config === null ? [] : await readRules(config, null, files)

  const configured = Object.entries(config?.config.tenants ?? {})
  const chosen = chooseTenants(configured, settings.tenant.value, env)
  const plan = { settings, config, files, root, commonRules }
  if (config === null || chosen === null) {
    const domain = settings.tenant.value[0] ?? nonBlank(env.AUTH0_DOMAIN)
    const tenant: TenantPlan = {
      name: null,
      domain,
      settings,
      variables: variablesFrom(config?.config.variables, env, given),
      given,
      env: { ...env, ...(domain === null ? {} : { AUTH0_DOMAIN: domain }), ...deadlineOf(settings) },
      withoutCredentials: null,
      rules: commonRules,
    }
    return { ...plan, tenants: [tenant], configured: 1 }
  }
  const tenants = chosen.map(async ([name, section]): Promise<TenantPlan> => {
    const resolved = resolveSettings([...above, fileLayer(config, name), ...below], root)
    const fileVariables = { ...config.config.variables, ...section.variables }
    const ownRules = await readRules(config, name, files)
    return {
      name,
      domain: section.domain,
      settings: resolved,
      variables: variablesFrom(fileVariables, env, given),
      given,
      ...credentialsOfSection(name, section, env, resolved),
      rules: [...ownRules, ...commonRules],
    }
  })
  return { ...plan, tenants: await Promise.all(tenants), configured: configured.length }
}

/** The configured tenants that `--tenant` names, or all of them; null where none is configured. */
function chooseTenants(
  configured: readonly (readonly [string, ConfigTenant])[],
  wanted: readonly string[],
  env: Environment,
): readonly (readonly [string, ConfigTenant])[] | null {
  if (configured.length > 0) {
    if (wanted.length === 0) return configured
    const matches = (text: string) =>
      configured.filter(([name, { domain }]) => name === text || isSameTenant(domain, text))
    const unknown = wanted.filter((text) => matches(text).length === 0)
    if (unknown.length > 0) {
      const names = configured.map(([name]) => name).join(', ')
      throw configMistake(...unknown.map((text) => `--tenant ${text}: no such tenant is configured; known: ${names}`))
    }
    const found = new Set(wanted.flatMap((text) => matches(text).map(([name]) => name)))
    return configured.filter(([name]) => found.has(name))
  }
  if (wanted.length > 1)
    throw configMistake('several tenants need a configuration that names them (tenants in tenant-drift.yaml)')
  const [domain] = wanted
  const ambient = nonBlank(env.AUTH0_DOMAIN)
  if (domain !== undefined && ambient !== null && !isSameTenant(domain, ambient)) {
    throw configMistake(
      `--tenant ${domain}: AUTH0_DOMAIN names another tenant (${domainAddress(ambient) ?? 'no domain at all'}), and its credentials are not sent to this one: unset it, or configure both under tenants in tenant-drift.yaml`,
    )
  }
  return null
}

/** Credentials by the names of their variables; AUTH0_* are those of the tenant that AUTH0_DOMAIN names, and of no other. */
function credentialsOfSection(
  name: string,
  section: ConfigTenant,
  env: Environment,
  settings: Settings,
): Pick<TenantPlan, 'env' | 'withoutCredentials'> {
  const audience = section.audience === undefined ? {} : { AUTH0_AUDIENCE: section.audience }
  const bare = { ...withoutAuth0(env), AUTH0_DOMAIN: section.domain, ...audience, ...deadlineOf(settings) }
  const names = section.credentials
  if (names === undefined) {
    const ambient = nonBlank(env.AUTH0_DOMAIN)
    if (ambient !== null && isSameTenant(ambient, section.domain))
      return { env: { ...env, ...bare }, withoutCredentials: null }
    const why = `tenant ${name} names no credentials, and the AUTH0_* variables are only for the tenant of AUTH0_DOMAIN`
    return { env: bare, withoutCredentials: `${why}: add the key credentials to it, with the names of its variables` }
  }
  const found = CREDENTIAL_KEYS.flatMap((key) => {
    const variable = names[key]
    return variable === undefined ? [] : [{ key, variable, value: nonBlank(own(env, variable)) }]
  })
  const unset = found.filter(({ value }) => value === null).map(({ key, variable }) => `${variable} (${key})`)
  return {
    env: {
      ...bare,
      ...Object.fromEntries(found.map(({ key, value }) => [VARIABLE_OF_KEY[key], value ?? undefined])),
    },
    withoutCredentials:
      unset.length === 0 ? null : `tenant ${name}: the variables of its credentials are not set: ${unset.join(', ')}`,
  }
}

function deadlineOf(settings: Settings): Environment {
  return { [variableOf('deadline')]: `${settings.deadline.value}ms` }
}

function parseVariables(written: readonly string[]): Readonly<Record<string, string>> {
  const wrong = written.filter((text) => !/^[A-Za-z_][A-Za-z0-9_.-]*=/.test(text))
  if (wrong.length > 0) throw configMistake('flag --var: NAME=VALUE is expected')
  return Object.fromEntries(
    written.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)] as const),
  )
}

/** Variables of the file give way to those of the environment, which the reader of declared files looks up by itself. */
export function variablesFrom(
  fromFile: Readonly<Record<string, string | number | boolean>> | undefined,
  env: Environment,
  given: Variables,
): Variables {
  const kept = Object.entries(fromFile ?? {}).filter(([name]) => env[`${VARIABLE_PREFIX}${name}`] === undefined)
  return { ...Object.fromEntries(kept.map(([name, value]) => [name, String(value)] as const)), ...given }
}

/** SOURCEs as they are read from the root: those of a flag begin in the working directory. */
export function sourcesFrom(sources: Sourced<readonly string[]>, root: string, tenant: TenantPlan): readonly string[] {
  const prefix = path.relative(root, sources.folder).replaceAll(path.sep, '/')
  return sources.value.map((text) => {
    const source = forTenant(text, tenant)
    const { kind, path: place } = splitSource(source)
    const isWhole = place === '-' || path.isAbsolute(place) || prefix === ''
    return isWhole ? source : joinSource(kind, path.posix.join(prefix, place))
  })
}

/** The absolute path of a file that a setting names. */
export function fileOf(file: Sourced<string | null>, tenant: TenantPlan): string | null {
  return file.value === null ? null : path.resolve(file.folder, forTenant(file.value, tenant))
}

/** The address as reports name it; null for what is none, which may be anything, a credential too. */
export function domainAddress(domain: string | null): string | null {
  if (domain === null) return null
  const address = parseAddress(domain)
  return 'origin' in address ? address.tenant : null
}
