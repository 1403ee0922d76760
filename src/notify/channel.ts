import { createHash } from 'node:crypto'
import type { Severity } from '../schema/finding.ts'
import { ACTIONS_BOT, githubApi } from '../schema/github.ts'
import { CHANNEL_KINDS, type ChannelConfig, type ChannelKind } from '../schema/notify.ts'
import { isSafeUrl } from '../schema/safe-url.ts'
import { TELLING, type Telling } from '../schema/telling.ts'
import { readCredentialFile } from './credential-file.ts'
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

interface IssueCommon extends Common {
  /** `owner/name`, or a project's path or number. */
  readonly repository: string
  readonly apiUrl: string
  readonly token: string
  readonly labels: readonly string[]
  /** Null: as the place is, counts where everybody can read it. */
  readonly details: 'full' | 'counts' | null
  readonly issueKey: string | null
}

export type IssueChannel =
  /** With the login that writes. */
  | (IssueCommon & { readonly kind: 'github_issue'; readonly author: string })
  /** There the token says itself who writes. */
  | (IssueCommon & { readonly kind: 'gitlab_issue' })

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

/**
 * The channels of one list with what their variables and files hold, or every mistake at once; none of these repeats a value. Names of files begin in
 * `folder`, and are read now, so that they may hold something else in the next run. `secrets`: what is to be hidden from now on.
 */
export function readChannels(
  configs: readonly ChannelConfig[],
  tenant: string | null,
  env: Environment,
  folder = '.',
): {
  readonly channels: readonly Channel[]
  readonly mistakes: readonly ChannelMistake[]
  readonly secrets: readonly string[]
} {
  const mistakes: ChannelMistake[] = []
  const secrets: string[] = []
  const channels = configs.flatMap((config, index) => {
    const kind = kindOf(config)
    const look = lookUp(env, folder, secrets, (key, message) =>
      mistakes.push({ path: [index, kind, ...(key === null ? [] : [key])], message }),
    )
    const channel = readChannel(config, nameOf(config, tenant), env, look)
    return channel === null ? [] : [channel]
  })
  return { channels, mistakes, secrets }
}

type Note = (key: string | null, message: string) => void

/** Where a credential is: the key that says so, how messages call the place, and what stands there. */
interface Said {
  readonly key: string
  readonly place: string
  /** Null where nothing can be had; that is noted already. */
  readonly value: string | null
}

interface LookUp {
  /** Every credential that the keys `NAME_variable`, `NAME_file` and their lists name; none where there is no such key. */
  readonly all: (shape: object, name: string) => readonly Said[]
  readonly text: (shape: object, name: string) => Said | null
  readonly url: (shape: object, name: string) => string | null
  readonly note: Note
}

function lookUp(env: Environment, folder: string, secrets: string[], note: Note): LookUp {
  const whole = (key: string, place: string, given: string | { readonly why: string }): Said => {
    const value = typeof given === 'string' ? given.trim() : ''
    if (typeof given !== 'string') note(key, `${place} ${given.why}`)
    else if (value === '') note(key, `${place} is ${key.includes('file') ? 'empty' : 'not set'}`)
    else if (!/^[\x21-\x7e]+$/.test(value))
      note(key, `${place} holds blanks, line breaks or letters that no credential has`)
    else {
      secrets.push(value, ...secretsInUrl(value))
      return { key, place, value }
    }
    return { key, place, value: null }
  }
  const all: LookUp['all'] = (shape, name) => {
    const keys = shape as Readonly<Record<string, string | readonly string[] | undefined>>
    const named = (key: string) => [keys[key] ?? []].flat().map((text) => ({ key, text }))
    const variables = [...named(`${name}_variable`), ...named(`${name}_variables`)]
    const files = [...named(`${name}_file`), ...named(`${name}_files`)]
    return [
      ...variables.map(({ key, text }) => whole(key, `the variable ${text}`, env[text] ?? '')),
      ...files.map(({ key, text }) => {
        return whole(key, `the file ${text}`, readCredentialFile(folder, text))
      }),
    ]
  }
  const text: LookUp['text'] = (shape, name) => all(shape, name)[0] ?? null
  const url: LookUp['url'] = (shape, name) => {
    const said = text(shape, name)
    if (said === null || said.value === null || isSafeUrl(said.value)) return said?.value ?? null
    note(said.key, `${said.place} holds no https URL (http is for loopback alone), or one with user and password`)
    return null
  }
  return { all, text, url, note }
}

const LEAST_OF_A_PART = 16

/** Where an address is a credential, the long parts of it that hold a digit are what makes it one: `sig` of Teams, the end of Slack's path. */
function secretsInUrl(text: string): readonly string[] {
  if (!URL.canParse(text)) return []
  const { pathname, searchParams } = new URL(text)
  return [...pathname.split('/'), ...searchParams.values()].filter(
    (part) => part.length >= LEAST_OF_A_PART && /\d/.test(part),
  )
}

function readChannel(config: ChannelConfig, name: string, env: Environment, look: LookUp): Channel | null {
  const common: Common = { name, filter: filterOf(config) }
  if (config.slack !== undefined) return readSlack(config.slack, common, look)
  if (config.teams !== undefined) {
    const url = look.url(config.teams, 'url')
    return url === null ? null : { ...common, kind: 'teams', url }
  }
  if (config.webhook !== undefined) return readWebhook(config.webhook, common, look)
  if (config.pagerduty !== undefined) return readPagerduty(config.pagerduty, common, look)
  if (config.heartbeat !== undefined) return readHeartbeat(config.heartbeat, common, look)
  if (config.github_issue !== undefined) {
    const { repository, author = ACTIONS_BOT, api_url: apiUrl = githubApi(env) } = config.github_issue
    const issue = readIssue(config.github_issue, { ...common, repository, apiUrl }, look)
    return issue === null ? null : { ...issue, kind: 'github_issue', author }
  }
  if (config.gitlab_issue !== undefined) {
    const { project, api_url: apiUrl = env.CI_API_V4_URL ?? 'https://gitlab.com/api/v4' } = config.gitlab_issue
    const issue = readIssue(config.gitlab_issue, { ...common, repository: String(project), apiUrl }, look)
    return issue === null ? null : { ...issue, kind: 'gitlab_issue' }
  }
  return null
}

function readSlack(config: NonNullable<ChannelConfig['slack']>, common: Common, look: LookUp): Channel | null {
  const url = look.url(config, 'url')
  if (url === null) return null
  if (new URL(url).pathname.startsWith('/triggers/')) {
    const what = config.url_variable ?? config.url_file ?? ''
    look.note(
      config.url_variable === undefined ? 'url_file' : 'url_variable',
      `${what} is the URL of a Slack workflow, which takes no messages: make an incoming webhook`,
    )
    return null
  }
  return { ...common, kind: 'slack', url, plain: config.plain ?? false }
}

function readWebhook(config: NonNullable<ChannelConfig['webhook']>, common: Common, look: LookUp): Channel | null {
  const url = config.url ?? look.url(config, 'url')
  const secrets = look.all(config, 'secret').map(({ key, place, value }) => {
    const secret = value === null ? null : readSecrets(value)
    if (value !== null && secret === null)
      look.note(
        key,
        `${place} must hold whsec_ and the base64 of 24 to 64 random bytes: echo "whsec_$(openssl rand -base64 32)"`,
      )
    return secret
  })
  if (url === null || secrets.some((each) => each === null)) return null
  return { ...common, kind: 'webhook', url, secrets: secrets.filter((each) => each !== null) }
}

const PAGERDUTY = { us: 'https://events.pagerduty.com', eu: 'https://events.eu.pagerduty.com' } as const

function readPagerduty(config: NonNullable<ChannelConfig['pagerduty']>, common: Common, look: LookUp): Channel | null {
  const said = look.text(config, 'routing_key')
  if (said === null || said.value === null) return null
  if (!/^[A-Za-z0-9]{32}$/.test(said.value)) {
    look.note(said.key, `${said.place} must hold an integration key of Events API v2, which has 32 letters and digits`)
    return null
  }
  const url = `${(config.api_url ?? PAGERDUTY[config.region ?? 'us']).replace(/\/$/, '')}/v2/enqueue`
  return { ...common, kind: 'pagerduty', url, routingKey: said.value, per: config.per ?? 'tenant' }
}

function readHeartbeat(config: NonNullable<ChannelConfig['heartbeat']>, common: Common, look: LookUp): Channel | null {
  const url = look.url(config, 'url')
  const hasFailUrl = config.fail_url_variable !== undefined || config.fail_url_file !== undefined
  const named = hasFailUrl ? look.url(config, 'fail_url') : undefined
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
  config: Pick<NonNullable<ChannelConfig['gitlab_issue']>, 'labels' | 'details' | 'issue_key'>,
  place: Common & Pick<IssueCommon, 'repository' | 'apiUrl'>,
  look: LookUp,
): IssueCommon | null {
  const token = look.text(config, 'token')?.value ?? null
  if (!isSafeUrl(place.apiUrl)) look.note(null, 'the address of the API must be a https URL')
  if (token === null || !isSafeUrl(place.apiUrl)) return null
  const { labels = [], details = null, issue_key: issueKey = null } = config
  return { ...place, token, labels, details, issueKey }
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
