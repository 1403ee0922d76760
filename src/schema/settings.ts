import { DAY_MS } from './duration.ts'
import { DEFAULT_LIFETIME_CEILING } from './field-row.ts'
import { FORMATS } from './output-formats.ts'

/** How grave a finding must be to fail a run; `any` is every counting finding, `never` none of them. */
export const FAIL_ON = ['low', 'medium', 'high', 'critical', 'any', 'never'] as const

/** What counts: all, or what a change touches. */
export const GATES = ['all', 'touched'] as const

/**
 * One setting. Its flag, its variable, its key in tenant-drift.yaml, its input of the action, its line in `--show-config`, its sentence in `--help`,
 * in the editors' schema and on the reference page follow from this row. No zod here: it stands before the first request of every run.
 */
export interface SettingRow {
  /** A duration is kept in milliseconds, a count is a whole number from 1, a list is texts. */
  readonly kind: 'list' | 'text' | 'flag' | 'choice' | 'duration' | 'count'
  /** Of a choice. */
  readonly values?: readonly string[]
  /** Of a choice: the value of the flag by itself. In the file `true` and `false` stand without quotes. */
  readonly bare?: string
  /** What holds where nobody sets it. */
  readonly fallback: readonly string[] | string | number | boolean | null
  /** What that comes to, where the program looks for it by itself. */
  readonly usual?: string
  /** What it says: the rest of a sentence, without its full stop. Of a flag that holds unless it is taken away: what taking it away does. */
  readonly says: string
  /** What stands behind the flag, as `--help` calls it. A `flag` has none. */
  readonly argument?: string
  /** One letter. */
  readonly short?: string
  /** Of a text that can be switched off: what `--no-NAME`, or `false` in the file, does. */
  readonly none?: string
  /** Which commands take it: every one that reads a tenant (`reading`), those that compare as well (`sides`), `check` and `doctor` alone, or `serve`. */
  readonly holds: 'reading' | 'sides' | 'check' | 'serve'
  /** False where no variable sets it, or one that is called otherwise. */
  readonly variable?: false
  /** Whether tenant-drift.yaml may set it: at its top, or for one tenant, too. */
  readonly file: 'all' | 'tenant' | null
  /** `flag`: the action hands it on as it is. `own`: it decides what to hand on. Null: it takes none. */
  readonly action: 'flag' | 'own' | null
  /** What only the action does with it: a sentence. */
  readonly inAction?: string
  /** What of it a preview reads: its variable, or its key in the file as well. */
  readonly preview: 'variable' | 'file' | null
}

export const DEFAULT_DECLARED = 'declared/**/*.{yaml,yml,json}'

/** Settings of a run. A flag wins over a variable, that over the file, that over what holds otherwise. */
export const SETTINGS = {
  declared: {
    kind: 'list',
    fallback: [DEFAULT_DECLARED],
    says: 'what is declared: files, globs or KIND:PATH',
    argument: 'source',
    holds: 'sides',
    file: 'tenant',
    action: 'flag',
    preview: null,
  },
  base: {
    kind: 'list',
    fallback: [],
    says: 'what was declared before: a git ref, or a SOURCE',
    argument: 'ref',
    holds: 'sides',
    file: 'tenant',
    action: 'own',
    inAction: 'On a pull request, the commit that it is merged into.',
    preview: 'variable',
  },
  recorded: {
    kind: 'text',
    fallback: null,
    usual: 'tenant-drift.recorded.json, where there is one',
    says: 'the recorded snapshot',
    argument: 'file',
    holds: 'sides',
    file: 'tenant',
    action: 'flag',
    preview: 'file',
  },
  live: {
    kind: 'text',
    fallback: null,
    says: 'judge this snapshot file instead of a tenant',
    argument: 'file',
    holds: 'sides',
    file: null,
    action: 'flag',
    preview: 'variable',
  },
  maxAge: {
    kind: 'duration',
    fallback: DAY_MS,
    says: 'how old a snapshot file may be',
    argument: 'duration',
    holds: 'check',
    file: 'all',
    action: 'flag',
    preview: 'variable',
  },
  previous: {
    kind: 'text',
    fallback: null,
    says: 'an earlier JSON report, to say what is new, ongoing and resolved',
    argument: 'report',
    holds: 'check',
    file: null,
    action: 'flag',
    preview: null,
  },
  onlyNew: {
    kind: 'flag',
    fallback: false,
    says: 'count only findings that did not count in the previous report',
    holds: 'check',
    file: 'all',
    action: 'flag',
    preview: null,
  },
  gate: {
    kind: 'choice',
    values: GATES,
    fallback: 'all',
    says: 'what counts: all, or what this change touches',
    argument: 'which',
    holds: 'check',
    file: 'all',
    action: 'own',
    inAction: 'On a pull request touched, else all.',
    preview: null,
  },
  tenant: {
    kind: 'list',
    fallback: [],
    usual: 'all configured tenants',
    says: 'configured tenant, by name or domain; where no tenant is configured, a domain',
    argument: 'name',
    holds: 'reading',
    file: null,
    action: 'flag',
    preview: null,
  },
  target: {
    kind: 'list',
    fallback: [],
    says: 'check only this API; * matches several',
    argument: 'id',
    short: 't',
    holds: 'check',
    file: null,
    action: 'flag',
    preview: null,
  },
  exclude: {
    kind: 'list',
    fallback: [],
    says: 'leave this API out; * matches several',
    argument: 'id',
    short: 'x',
    holds: 'check',
    file: 'tenant',
    action: 'flag',
    preview: 'file',
  },
  failOn: {
    kind: 'choice',
    values: FAIL_ON,
    fallback: 'any',
    says: 'exit 2 from this severity on',
    argument: 'severity',
    holds: 'check',
    file: 'all',
    action: 'flag',
    preview: null,
  },
  output: {
    kind: 'list',
    fallback: ['text'],
    says: `report to write: ${FORMATS.slice(0, -1).join(', ')} or ${FORMATS.at(-1)}; {tenant} in a path is the name of the tenant`,
    argument: 'format[=path]',
    short: 'o',
    holds: 'check',
    file: 'all',
    action: 'flag',
    inAction: 'In addition to those that the action writes.',
    preview: null,
  },
  deadline: {
    kind: 'duration',
    fallback: 120_000,
    says: 'how long a run may wait for one tenant in all',
    argument: 'duration',
    holds: 'reading',
    file: 'tenant',
    action: 'flag',
    preview: 'variable',
  },
  confirm: {
    kind: 'duration',
    fallback: null,
    says: 'where there is drift, check a second time after this time',
    argument: 'duration',
    holds: 'check',
    file: 'all',
    action: 'flag',
    preview: null,
  },
  maxRequests: {
    kind: 'count',
    fallback: null,
    says: 'send at most this many requests; refuse a run that needs more',
    argument: 'n',
    holds: 'reading',
    file: 'tenant',
    action: 'flag',
    preview: null,
  },
  lifetimeCeiling: {
    kind: 'count',
    fallback: DEFAULT_LIFETIME_CEILING,
    says: 'a token lifetime that grew beyond this many seconds is high and not medium',
    argument: 'seconds',
    holds: 'check',
    file: 'tenant',
    action: 'flag',
    preview: 'file',
  },
  strictRules: {
    kind: 'flag',
    fallback: false,
    says: 'exit 1 for accept rules that are unused, expired or about to expire',
    holds: 'check',
    file: 'all',
    action: 'flag',
    preview: null,
  },
  who: {
    kind: 'choice',
    values: ['false', 'true', 'full'],
    bare: 'true',
    fallback: 'false',
    says: 'ask the tenant log who changed what counts (scope read:logs); full also names persons',
    argument: 'how',
    holds: 'check',
    file: 'tenant',
    action: 'flag',
    preview: null,
  },
  color: {
    kind: 'choice',
    values: ['auto', 'always', 'never'],
    fallback: 'auto',
    says: 'colour on standard output',
    argument: 'when',
    holds: 'check',
    file: null,
    action: 'flag',
    preview: null,
  },
  quiet: {
    kind: 'flag',
    fallback: false,
    says: 'only errors on stderr',
    holds: 'reading',
    file: null,
    action: 'flag',
    preview: null,
  },
  history: {
    kind: 'text',
    fallback: null,
    says: 'where this run is remembered: a file, or a postgres:// address',
    argument: 'store',
    none: 'neither read nor write a history',
    holds: 'check',
    file: 'all',
    action: 'flag',
    inAction: 'A file in a cache is for private repositories only.',
    preview: null,
  },
  historyView: {
    kind: 'text',
    fallback: null,
    usual: 'the name of the tenant',
    says: 'name under which the history keeps the tenant; two configurations on one tenant need two names',
    argument: 'name',
    holds: 'check',
    file: 'tenant',
    action: 'flag',
    preview: null,
  },
  recurringWithin: {
    kind: 'duration',
    fallback: 30 * DAY_MS,
    usual: '30d',
    says: 'a difference that comes back within this time is the same one again',
    argument: 'duration',
    holds: 'check',
    file: 'all',
    action: 'flag',
    preview: null,
  },
  remindAfter: {
    kind: 'duration',
    fallback: null,
    says: 'report a difference again that is still open after this time',
    argument: 'duration',
    holds: 'check',
    file: 'all',
    action: 'flag',
    preview: null,
  },
  affected: {
    kind: 'flag',
    fallback: false,
    says: 'ask which applications a difference that counts hits',
    holds: 'check',
    file: 'tenant',
    action: 'flag',
    preview: null,
  },
  schedule: {
    kind: 'text',
    fallback: 'every 15m',
    says: 'when serve checks: every DURATION, or a cron line (minute hour day month weekday) followed by a time zone',
    argument: 'when',
    holds: 'serve',
    file: 'tenant',
    action: null,
    preview: null,
  },
  applyWithin: {
    kind: 'duration',
    fallback: 3_600_000,
    says: 'how long a change of the followed branch may wait to be applied before it counts',
    argument: 'duration',
    holds: 'serve',
    file: 'tenant',
    action: null,
    preview: null,
  },
  listen: {
    kind: 'text',
    fallback: '127.0.0.1:8484',
    says: 'where the page, the API and the log-stream hook of serve are',
    argument: 'host:port',
    holds: 'serve',
    file: 'all',
    action: null,
    preview: null,
  },
  pageUrl: {
    kind: 'text',
    fallback: null,
    says: 'address at which people and Auth0 reach serve; messages link to it',
    argument: 'url',
    holds: 'serve',
    file: 'all',
    action: null,
    preview: null,
  },
  trustUserHeader: {
    kind: 'text',
    fallback: null,
    says: 'header in which a proxy in front of serve names the user, in place of a token',
    argument: 'name',
    holds: 'serve',
    file: 'all',
    action: null,
    preview: null,
  },
  trustedProxy: {
    kind: 'list',
    fallback: [],
    says: 'network of the proxies whose header is trusted, like 10.0.0.0/8',
    argument: 'cidr',
    holds: 'serve',
    file: 'all',
    action: null,
    preview: null,
  },
} as const satisfies Readonly<Record<string, SettingRow>>

/** What is read before the file, because it says which file that is, what stands in it means, or whether to run at all. */
export const DOOR_SETTINGS = {
  config: {
    kind: 'text',
    fallback: null,
    usual: 'the nearest tenant-drift.yaml in this folder or above',
    says: 'the configuration file',
    argument: 'file',
    holds: 'reading',
    file: null,
    action: 'flag',
    preview: 'variable',
  },
  trust: {
    kind: 'text',
    fallback: null,
    says: 'judge by the rules, records and configuration of this commit',
    argument: 'ref',
    holds: 'check',
    file: null,
    action: null,
    preview: null,
  },
  var: {
    kind: 'list',
    fallback: [],
    says: 'value of ${name} in declared files',
    argument: 'name=value',
    holds: 'sides',
    variable: false,
    file: null,
    action: 'flag',
    preview: null,
  },
  notify: {
    kind: 'flag',
    fallback: true,
    says: 'do not notify the channels of tenant-drift.yaml',
    holds: 'check',
    variable: false,
    file: null,
    action: 'flag',
    preview: null,
  },
  showConfig: {
    kind: 'flag',
    fallback: false,
    says: 'print every setting and where it comes from, and read nothing',
    holds: 'check',
    variable: false,
    file: null,
    action: null,
    preview: null,
  },
} as const satisfies Readonly<Record<string, SettingRow>>

export type SettingName = keyof typeof SETTINGS
export type DoorName = keyof typeof DOOR_SETTINGS
export type AnySetting = SettingName | DoorName
type RowOf<Name extends AnySetting> = (typeof SETTINGS & typeof DOOR_SETTINGS)[Name]

/** The value of a setting, as its kind says. */
export type SettingValue<Name extends AnySetting> =
  RowOf<Name> extends { readonly kind: 'list' }
    ? readonly string[]
    : RowOf<Name> extends { readonly kind: 'text' }
      ? string | null
      : RowOf<Name> extends { readonly kind: 'flag' }
        ? boolean
        : RowOf<Name> extends { readonly kind: 'choice'; readonly values: readonly (infer Value)[] }
          ? Value
          : RowOf<Name> extends { readonly fallback: null }
            ? number | null
            : number

const ALL: Readonly<Record<AnySetting, SettingRow>> = { ...SETTINGS, ...DOOR_SETTINGS }
export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[]
export const ALL_SETTINGS = Object.keys(ALL) as readonly AnySetting[]

export const settingOf = (name: AnySetting): SettingRow => ALL[name]

/** What a preview has, too, by its variable and by its key in the file. */
export type SharedName = {
  [Name in SettingName]: (typeof SETTINGS)[Name] extends { readonly preview: 'file' } ? Name : never
}[SettingName]
export const SHARED_SETTINGS = SETTING_NAMES.filter((name) => ALL[name].preview === 'file') as readonly SharedName[]

const split = (name: string, mark: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `${mark}${letter.toLowerCase()}`)

export const kebabOf = (name: AnySetting): string => split(name, '-')
export const fileKeyOf = (name: AnySetting): string => split(name, '_')
export const variableOf = (name: AnySetting): string => `TENANT_DRIFT_${fileKeyOf(name).toUpperCase()}`
/** A flag that holds unless it is taken away is the flag that takes it away. */
export const flagOf = (name: AnySetting): string => `--${ALL[name].fallback === true ? 'no-' : ''}${kebabOf(name)}`
/** Its input of the action. */
export const inputNameOf = (name: AnySetting): string => flagOf(name).slice(2)
