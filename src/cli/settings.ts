import { parseDuration } from '../schema/duration.ts'
import { MistakesError, type Mistake } from '../schema/errors.ts'
import { DEFAULT_LIFETIME_CEILING } from '../schema/field-row.ts'
import { FAIL_ON, GATES } from '../schema/report.ts'

/** One value as it was written: flags and variables bring texts, a file what its YAML says. */
export type Written = string | number | boolean | readonly string[]

/** One place that settings come from. Earlier layers win. */
export interface Layer {
  /** Where a value of it stands, for people: `flag --gate`, `tenant-drift.yaml:3`. */
  readonly origin: (name: SettingName) => string
  /** Relative paths in it begin here. */
  readonly folder: string
  readonly values: Readonly<Partial<Record<SettingName, Written>>>
}

/** A value, and where it was found. */
export interface Sourced<T> {
  readonly value: T
  readonly origin: string
  readonly folder: string
}

interface Setting<T> {
  /** Undefined where the text is no value of it. */
  readonly read: (written: readonly string[]) => T | undefined
  readonly expected: string
  readonly fallback: T
}

const list: Setting<readonly string[]> = {
  read: (written) => written.filter((text) => text !== ''),
  expected: 'texts',
  fallback: [],
}
const one: Setting<string | null> = { read: (written) => written.at(-1), expected: 'a text', fallback: null }
const flag: Setting<boolean> = {
  read: ([text]) => (text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : undefined),
  expected: 'true or false',
  fallback: false,
}

/** `--no-history`, and `history: false` in a file. */
const place: Setting<string | null> = {
  read: (written) => (written.at(-1) === 'false' ? null : written.at(-1)),
  expected: 'a path, or postgres://...',
  fallback: null,
}

function choice<T extends string>(values: readonly T[], fallback: T): Setting<T> {
  return {
    read: (written) => values.find((value) => value === written.at(-1)),
    expected: `one of ${values.join(', ')}`,
    fallback,
  }
}

function duration<F extends number | null>(fallback: F): Setting<number | F> {
  return {
    read: (written) => parseDuration(written.at(-1) ?? '') ?? undefined,
    expected: 'a duration like 90s, 2m or 24h',
    fallback,
  }
}

function whole<F extends number | null>(fallback: F): Setting<number | F> {
  return {
    read: (written) => (/^[1-9]\d{0,8}$/.test(written.at(-1) ?? '') ? Number(written.at(-1)) : undefined),
    expected: 'a whole number from 1',
    fallback,
  }
}

const DAY_MS = 86_400_000
export const DEFAULT_DECLARED = 'declared/**/*.{yaml,yml,json}'

/** Every setting of a run. The name in a file is the snake_case of it, the flag its kebab-case, the variable TENANT_DRIFT_ and its capitals. */
export const SETTINGS = {
  declared: { ...list, fallback: [DEFAULT_DECLARED] },
  base: list,
  recorded: one,
  live: one,
  maxAge: duration(DAY_MS),
  previous: one,
  onlyNew: flag,
  gate: choice(GATES, 'all'),
  tenant: list,
  target: list,
  exclude: list,
  failOn: choice(FAIL_ON, 'any'),
  output: { ...list, fallback: ['text'] },
  deadline: duration(120_000),
  confirm: duration(null),
  maxRequests: whole(null),
  lifetimeCeiling: whole(DEFAULT_LIFETIME_CEILING),
  strictRules: flag,
  color: choice(['auto', 'always', 'never'], 'auto'),
  quiet: flag,
  history: place,
  historyView: one,
  recurringWithin: duration(30 * DAY_MS),
  remindAfter: duration(null),
} as const satisfies Readonly<Record<string, Setting<unknown>>>

export type SettingName = keyof typeof SETTINGS
export type Settings = {
  readonly [Name in SettingName]: Sourced<(typeof SETTINGS)[Name] extends Setting<infer T> ? T : never>
}

export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[]

export const flagOf = (name: SettingName): string =>
  `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
export const variableOf = (name: SettingName): string => `TENANT_DRIFT_${fileKeyOf(name).toUpperCase()}`
export const fileKeyOf = (name: SettingName): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/**
 * The one place where precedence stands: the first layer that has a value wins, whole lists too; none has one, and the default holds.
 * @throws MistakesError `invalid_config` with every mistake at once
 */
export function resolveSettings(layers: readonly Layer[], folder: string): Settings {
  const mistakes: Mistake[] = []
  const entries = SETTING_NAMES.map((name) => {
    const setting: Setting<unknown> = SETTINGS[name]
    const layer = layers.find(({ values }) => values[name] !== undefined)
    if (layer === undefined) return [name, { value: setting.fallback, origin: 'default', folder }] as const
    const written = layer.values[name]
    const value = setting.read(Array.isArray(written) ? (written as readonly string[]) : [String(written)])
    const origin = layer.origin(name)
    if (value === undefined) mistakes.push(mistake(`${origin}: ${setting.expected} is expected`))
    return [name, { value, origin, folder: layer.folder }] as const
  })
  if (mistakes.length > 0) throw new MistakesError('invalid_config', mistakes)
  return Object.fromEntries(entries) as unknown as Settings
}

export function mistake(message: string): Mistake {
  return { file: null, line: null, column: null, message }
}

export function configMistake(...messages: readonly string[]): MistakesError {
  return new MistakesError('invalid_config', messages.map(mistake))
}

/** What commander found, under the names of the settings. */
export function flagLayer(flags: Readonly<Partial<Record<SettingName, Written>>>, cwd: string): Layer {
  return { origin: (name) => `flag ${flagOf(name)}`, folder: cwd, values: flags }
}

/** Variables named after the settings. An empty one is how pipelines say "not set"; a list has one item a line. */
export function envLayer(env: Readonly<Record<string, string | undefined>>, cwd: string): Layer {
  const values: Partial<Record<SettingName, Written>> = {}
  for (const name of SETTING_NAMES) {
    const text = env[variableOf(name)]?.trim()
    if (text === undefined || text === '') continue
    const isList = Array.isArray(SETTINGS[name].fallback)
    values[name] = isList ? text.split(/\r?\n/).map((line) => line.trim()) : text
  }
  return { origin: (name) => `variable ${variableOf(name)}`, folder: cwd, values }
}
