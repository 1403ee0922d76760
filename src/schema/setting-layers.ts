import { parseDuration } from './duration.ts'
import { mistake, MistakesError, type Mistake } from './errors.ts'
import { expectedText } from './setting-words.ts'
import {
  SETTING_NAMES,
  settingOf,
  variableOf,
  type AnySetting,
  type SettingName,
  type SettingRow,
  type SettingValue,
} from './settings.ts'
import type { Environment } from './environment.ts'

/** One value as it was written: flags and variables bring texts, a file what its YAML says. */
export type GivenValue = string | number | boolean | readonly string[]

/** One place that settings come from. Earlier layers win. */
export interface Layer {
  /** Where a value of it stands, for people: `flag --gate`, `tenant-drift.yaml:3`. */
  readonly origin: (name: AnySetting) => string
  /** Relative paths in it begin here. */
  readonly folder: string
  readonly values: Readonly<Partial<Record<AnySetting, GivenValue>>>
}

/** A value, and where it was found. */
export interface Sourced<T> {
  readonly value: T
  readonly origin: string
  readonly folder: string
}

type Resolved<Name extends AnySetting> = { readonly [Each in Name]: Sourced<SettingValue<Each>> }
export type Settings = Resolved<SettingName>

/**
 * The one place where precedence stands: the first layer that has a value wins, whole lists too; none has one, and the default holds.
 * @throws MistakesError `invalid_config` with every mistake at once
 */
export function resolveSettings<Name extends AnySetting = SettingName>(
  layers: readonly Layer[],
  folder: string,
  names: readonly Name[] = SETTING_NAMES as readonly AnySetting[] as readonly Name[],
): Resolved<Name> {
  const mistakes: Mistake[] = []
  const entries = names.map((name) => {
    const row = settingOf(name)
    const layer = layers.find(({ values }) => values[name] !== undefined)
    if (layer === undefined) return [name, { value: row.fallback, origin: 'default', folder }] as const
    const written = layer.values[name]
    const value = readValue(row, Array.isArray(written) ? (written as readonly string[]) : [String(written)])
    const origin = layer.origin(name)
    if (value === undefined) mistakes.push(mistake(`${origin}: ${expectedText(row)} is expected`))
    return [name, { value, origin, folder: layer.folder }] as const
  })
  if (mistakes.length > 0) throw new MistakesError('invalid_config', mistakes)
  return Object.fromEntries(entries) as unknown as Resolved<Name>
}

/** Undefined where what is written is no value of it. */
function readValue({ kind, values = [], none }: SettingRow, written: readonly string[]): unknown {
  const text = written.at(-1) ?? ''
  switch (kind) {
    case 'list':
      return written.filter((each) => each !== '')
    case 'text':
      return none !== undefined && text === 'false' ? null : written.at(-1)
    case 'flag':
      return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : undefined
    case 'choice':
      return values.find((value) => value === text)
    case 'duration':
      return parseDuration(text) ?? undefined
    case 'count':
      return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined
  }
}

/**
 * The one reader of variables, for the command, the checks of a preview and the packs. A blank one is how pipelines say "not set"; a list has one
 * item a line.
 */
export function envLayer(env: Environment, cwd: string, names: readonly AnySetting[] = SETTING_NAMES): Layer {
  const values: Partial<Record<AnySetting, GivenValue>> = {}
  for (const name of names) {
    const { kind, variable } = settingOf(name)
    const text = variable === false ? '' : (env[variableOf(name)]?.trim() ?? '')
    if (text === '') continue
    values[name] = kind === 'list' ? text.split(/\r?\n/).map((line) => line.trim()) : text
  }
  return { origin: (name) => `variable ${variableOf(name)}`, folder: cwd, values }
}

/** What a variable alone says, as the command reads it; null where it is not set. @throws MistakesError `invalid_config` */
export function fromVariable<Name extends AnySetting>(name: Name, env: Environment): SettingValue<Name> | null {
  const layer = envLayer(env, '', [name])
  return layer.values[name] === undefined ? null : resolveSettings([layer], '', [name])[name].value
}
