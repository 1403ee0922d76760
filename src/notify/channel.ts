import { createHash } from 'node:crypto'
import type { Severity } from '../schema/finding.ts'
import {
  CHANNEL_KINDS,
  isSafeUrl,
  TELLING,
  type ChannelConfig,
  type ChannelKind,
  type Telling,
} from '../schema/notify.ts'
import { readSecrets } from './sign.ts'

/** What a channel lets through. */
export interface Filter {
  readonly severityAtLeast: Severity
  readonly on: ReadonlySet<Telling>
  readonly after: number
  readonly unreadableAfter: number
  /** Whether persons may be named there. */
  readonly persons: boolean
}

interface Common {
  /** Under which the history keeps what it was told. */
  readonly name: string
  readonly filter: Filter
}

export interface IssueChannel extends Common {
  readonly kind: 'github_issue' | 'gitlab_issue'
  /** `owner/name`, or a project's path or number. */
  readonly repository: string
  readonly apiUrl: string
  readonly token: string
  readonly labels: readonly string[]
  /** Null: as the place is, counts where everybody can read it. */
  readonly details: 'full' | 'counts' | null
  readonly issueKey: string | null
  /** Login that writes; null where the token says so itself. */
  readonly author: string | null
}

/** A channel with its credentials. Never print it. */
export type Channel =
  | (Common & { readonly kind: 'slack'; readonly url: string; readonly plain: boolean })
  | (Common & { readonly kind: 'teams'; readonly url: string })
  | (Common & { readonly kind: 'webhook'; readonly url: string; readonly secrets: readonly Buffer[] })
  | (Common & {
      readonly kind: 'pagerduty'
      readonly url: string
      readonly routingKey: string
      readonly per: 'tenant' | 'finding'
    })
  | IssueChannel
  | (Common & { readonly kind: 'heartbeat'; readonly url: string; readonly failUrl: string | null })

/** The kind of a channel that says what changed, so that somebody has to remember how it was; null of one that is brought to how things stand. */
export function needsMemory(config: ChannelConfig): ChannelKind | null {
  const kind = kindOf(config)
  return kind === 'slack' || kind === 'teams' || kind === 'webhook' ? kind : null
}

export interface ChannelMistake {
  /** Within the list of channels. */
  readonly path: readonly (string | number)[]
  readonly message: string
}

type Environment = Readonly<Record<string, string | undefined>>

export function kindOf(config: ChannelConfig): ChannelKind {
  return CHANNEL_KINDS.find((kind) => config[kind] !== undefined) ?? 'heartbeat'
}

export function nameOf(config: ChannelConfig, tenant: string | null): string {
  const name = config.name ?? kindOf(config)
  return tenant === null ? name : `${tenant}/${name}`
}

/** Every variable whose value is a credential. */
export function credentialNames(configs: readonly ChannelConfig[]): readonly string[] {
  return configs.flatMap((config) =>
    Object.values(config[kindOf(config)] ?? {}).flatMap((value) =>
      (Array.isArray(value) ? (value as readonly unknown[]) : [value]).filter(
        (each): each is string => typeof each === 'string' && /^[A-Z_][A-Z0-9_]*$/.test(each),
      ),
    ),
  )
}

/** The channels of one list with what their variables hold, or every mistake at once; none of these repeats a value. */
export function readChannels(
  configs: readonly ChannelConfig[],
  tenant: string | null,
  env: Environment,
): { readonly channels: readonly Channel[]; readonly mistakes: readonly ChannelMistake[] } {
  const mistakes: ChannelMistake[] = []
  const channels = configs.flatMap((config, index) => {
    const kind = kindOf(config)
    const look = lookUp(env, (key, message) =>
      mistakes.push({ path: [index, kind, ...(key === null ? [] : [key])], message }),
    )
    const channel = readChannel(config, nameOf(config, tenant), env, look)
    return channel === null ? [] : [channel]
  })
  return { channels, mistakes }
}

type Note = (key: string | null, message: string) => void

interface LookUp {
  readonly text: (key: string, variable: string) => string | null
  readonly url: (key: string, variable: string) => string | null
  readonly note: Note
}

function lookUp(env: Environment, note: Note): LookUp {
  const text = (key: string, variable: string): string | null => {
    const value = env[variable]?.trim() ?? ''
    if (value === '') note(key, `the variable ${variable} is not set`)
    else if (!/^[\x21-\x7e]+$/.test(value))
      note(key, `the variable ${variable} holds blanks, line breaks or letters that no credential has`)
    else return value
    return null
  }
  const url = (key: string, variable: string): string | null => {
    const value = text(key, variable)
    if (value === null || isSafeUrl(value)) return value
    note(key, `the variable ${variable} holds no https URL (http is for loopback alone), or one with user and password`)
    return null
  }
  return { text, url, note }
}

function readChannel(config: ChannelConfig, name: string, env: Environment, look: LookUp): Channel | null {
  const common: Common = { name, filter: filterOf(config) }
  if (config.slack !== undefined) {
    const url = look.url('url_variable', config.slack.url_variable)
    if (url === null) return null
    if (new URL(url).pathname.startsWith('/triggers/')) {
      look.note(
        'url_variable',
        `${config.slack.url_variable} is the URL of a Slack workflow, which takes no messages: make an incoming webhook`,
      )
      return null
    }
    return { ...common, kind: 'slack', url, plain: config.slack.plain ?? false }
  }
  if (config.teams !== undefined) {
    const url = look.url('url_variable', config.teams.url_variable)
    return url === null ? null : { ...common, kind: 'teams', url }
  }
  if (config.webhook !== undefined) return readWebhook(config.webhook, common, look)
  if (config.pagerduty !== undefined) return readPagerduty(config.pagerduty, common, look)
  if (config.heartbeat !== undefined) return readHeartbeat(config.heartbeat, common, look)
  if (config.github_issue !== undefined) {
    const { repository, author, api_url, token_variable } = config.github_issue
    const apiUrl = api_url ?? env.GITHUB_API_URL ?? 'https://api.github.com'
    return readIssue(
      config.github_issue,
      { ...common, kind: 'github_issue', repository, apiUrl, author: author ?? 'github-actions[bot]' },
      look.text('token_variable', token_variable),
      look,
    )
  }
  if (config.gitlab_issue !== undefined) {
    const { project, api_url, token_variable } = config.gitlab_issue
    const apiUrl = api_url ?? env.CI_API_V4_URL ?? 'https://gitlab.com/api/v4'
    return readIssue(
      config.gitlab_issue,
      { ...common, kind: 'gitlab_issue', repository: String(project), apiUrl, author: null },
      look.text('token_variable', token_variable),
      look,
    )
  }
  return null
}

function readWebhook(config: NonNullable<ChannelConfig['webhook']>, common: Common, look: LookUp): Channel | null {
  const url = config.url ?? look.url('url_variable', config.url_variable ?? '')
  const names = config.secret_variables ?? [config.secret_variable ?? '']
  const texts = names.map((name, index) => {
    const key = config.secret_variables === undefined ? 'secret_variable' : 'secret_variables'
    return { key, name, index, value: look.text(key, name) }
  })
  const secrets = texts.map(({ key, name, value }) => {
    const secret = value === null ? null : readSecrets(value)
    if (value !== null && secret === null)
      look.note(
        key,
        `the variable ${name} must hold whsec_ and the base64 of 24 to 64 random bytes: echo "whsec_$(openssl rand -base64 32)"`,
      )
    return secret
  })
  if (url === null || secrets.some((each) => each === null)) return null
  return { ...common, kind: 'webhook', url, secrets: secrets.filter((each) => each !== null) }
}

const PAGERDUTY = { us: 'https://events.pagerduty.com', eu: 'https://events.eu.pagerduty.com' } as const

function readPagerduty(config: NonNullable<ChannelConfig['pagerduty']>, common: Common, look: LookUp): Channel | null {
  const routingKey = look.text('routing_key_variable', config.routing_key_variable)
  if (routingKey === null) return null
  if (!/^[A-Za-z0-9]{32}$/.test(routingKey)) {
    look.note(
      'routing_key_variable',
      `the variable ${config.routing_key_variable} must hold an integration key of Events API v2, which has 32 letters and digits`,
    )
    return null
  }
  const url = `${(config.api_url ?? PAGERDUTY[config.region ?? 'us']).replace(/\/$/, '')}/v2/enqueue`
  return { ...common, kind: 'pagerduty', url, routingKey, per: config.per ?? 'tenant' }
}

function readHeartbeat(config: NonNullable<ChannelConfig['heartbeat']>, common: Common, look: LookUp): Channel | null {
  const url = look.url('url_variable', config.url_variable)
  const named =
    config.fail_url_variable === undefined ? undefined : look.url('fail_url_variable', config.fail_url_variable)
  if (url === null || named === null) return null
  return { ...common, kind: 'heartbeat', url, failUrl: named ?? (config.fail === 'none' ? null : failOf(url)) }
}

/** `/fail` stands behind the path and before the query. */
function failOf(url: string): string {
  const fail = new URL(url)
  fail.pathname = `${fail.pathname.replace(/\/$/, '')}/fail`
  return fail.href
}

function readIssue(
  config: {
    readonly labels?: readonly string[] | undefined
    readonly details?: 'full' | 'counts' | undefined
    readonly issue_key?: string | undefined
  },
  rest: Common & Pick<IssueChannel, 'kind' | 'repository' | 'apiUrl' | 'author'>,
  token: string | null,
  look: LookUp,
): Channel | null {
  if (!isSafeUrl(rest.apiUrl)) look.note(null, 'the address of the API must be a https URL')
  if (token === null || !isSafeUrl(rest.apiUrl)) return null
  return {
    ...rest,
    token,
    labels: config.labels ?? [],
    details: config.details ?? null,
    issueKey: config.issue_key ?? null,
  }
}

const USUAL: readonly Telling[] = TELLING.filter((each) => each !== 'accepted')

export function filterOf(
  config: Pick<ChannelConfig, 'severity_at_least' | 'on' | 'after' | 'unreadable_after' | 'who'>,
): Filter {
  return {
    severityAtLeast: config.severity_at_least ?? 'low',
    on: new Set(config.on ?? USUAL),
    after: config.after ?? 1,
    unreadableAfter: config.unreadable_after ?? 1,
    persons: config.who === 'full',
  }
}

/** What a channel that was ended (410) is known by: another URL is another one. */
export function digestOf(credential: string): string {
  return createHash('sha256').update(credential).digest('hex').slice(0, 16)
}
