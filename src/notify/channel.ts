import { createHash } from 'node:crypto'
import type { Environment } from '../schema/environment.ts'
import type { Severity } from '../schema/finding.ts'
import { CHANNEL_KINDS, type ChannelConfig, type ChannelKind } from '../schema/notify.ts'
import { isSafeUrl } from '../schema/safe-url.ts'
import { TELLING, type Telling } from '../schema/telling.ts'
import { ACTIONS_BOT, githubApi } from '../schema/github.ts'
import { lookUp, type LookUp } from './look-up.ts'
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

/** Whether a channel says what changed, so that somebody has to remember how it was. The others are brought to how things stand. */
const TELLS_CHANGES: Readonly<Record<ChannelKind, boolean>> = {
  slack: true,
  teams: true,
  webhook: true,
  pagerduty: false,
  github_issue: false,
  gitlab_issue: false,
  heartbeat: false,
}

/** The kind of a channel that cannot do without a memory; null of one that can. */
export function needsMemory(config: ChannelConfig): ChannelKind | null {
  const kind = channelKind(config)
  return TELLS_CHANGES[kind] ? kind : null
}

export interface ChannelMistake {
  /** Within the list of channels. */
  readonly path: readonly (string | number)[]
  readonly message: string
}

export function channelKind(config: ChannelConfig): ChannelKind {
  return CHANNEL_KINDS.find((kind) => config[kind] !== undefined) ?? 'heartbeat'
}

export function channelName(config: ChannelConfig, tenant: string | null): string {
  const name = config.name ?? channelKind(config)
  return tenant === null ? name : `${tenant}/${name}`
}

/** Every variable whose value is a credential. */
export function credentialNames(configs: readonly ChannelConfig[]): readonly string[] {
  return configs.flatMap((config) =>
    Object.values(config[channelKind(config)] ?? {}).flatMap((value) =>
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
    const kind = channelKind(config)
    const look = lookUp(env, folder, secrets, (key, message) =>
      mistakes.push({ path: [index, kind, ...(key === null ? [] : [key])], message }),
    )
    const channel = readChannel(kind, config, channelName(config, tenant), env, look)
    return channel === null ? [] : [channel]
  })
  return { channels, mistakes, secrets }
}

type Reader<Kind extends ChannelKind> = (
  keys: NonNullable<ChannelConfig[Kind]>,
  common: Common,
  look: LookUp,
  env: Environment,
) => Channel | null

/** How the keys of each kind become a channel; null where they do not, with the mistake noted. */
const READERS: { readonly [Kind in ChannelKind]: Reader<Kind> } = {
  slack: readSlack,
  teams: readTeams,
  webhook: readWebhook,
  pagerduty: readPagerduty,
  github_issue: readGithubIssue,
  gitlab_issue: readGitlabIssue,
  heartbeat: readHeartbeat,
}

function readChannel<Kind extends ChannelKind>(
  kind: Kind,
  config: ChannelConfig,
  name: string,
  env: Environment,
  look: LookUp,
): Channel | null {
  const keys = config[kind]
  return keys === undefined ? null : READERS[kind](keys, { name, filter: filterOf(config) }, look, env)
}

function readSlack(config: NonNullable<ChannelConfig['slack']>, common: Common, look: LookUp): Channel | null {
  const url = look.url(config, 'url')
  if (url === null) return null
  if (new URL(url).pathname.startsWith('/triggers/')) {
    const what = config.url_variable ?? config.url_file ?? ''
    look.note(
      config.url_variable === undefined ? 'url_file' : 'url_variable',
      `${what} is the URL of a Slack workflow, which does not accept messages: create an incoming webhook`,
    )
    return null
  }
  return { ...common, kind: 'slack', url, plain: config.plain ?? false }
}

function readTeams(config: NonNullable<ChannelConfig['teams']>, common: Common, look: LookUp): Channel | null {
  const url = look.url(config, 'url')
  return url === null ? null : { ...common, kind: 'teams', url }
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
    look.note(said.key, `${said.place} must hold an integration key of the Events API v2 (32 letters and digits)`)
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

function readGithubIssue(
  config: NonNullable<ChannelConfig['github_issue']>,
  common: Common,
  look: LookUp,
  env: Environment,
): Channel | null {
  const { repository, author = ACTIONS_BOT, api_url: apiUrl = githubApi(env) } = config
  const issue = readIssue(config, { ...common, repository, apiUrl }, look)
  return issue === null ? null : { ...issue, kind: 'github_issue', author }
}

function readGitlabIssue(
  config: NonNullable<ChannelConfig['gitlab_issue']>,
  common: Common,
  look: LookUp,
  env: Environment,
): Channel | null {
  const { project, api_url: apiUrl = env.CI_API_V4_URL ?? 'https://gitlab.com/api/v4' } = config
  const issue = readIssue(config, { ...common, repository: String(project), apiUrl }, look)
  return issue === null ? null : { ...issue, kind: 'gitlab_issue' }
}

function readIssue(
  config: Pick<NonNullable<ChannelConfig['gitlab_issue']>, 'labels' | 'details' | 'issue_key'>,
  place: Common & Pick<IssueCommon, 'repository' | 'apiUrl'>,
  look: LookUp,
): IssueCommon | null {
  const token = look.text(config, 'token')?.value ?? null
  if (!isSafeUrl(place.apiUrl)) look.note(null, 'the address of the API must be an https URL')
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
export function credentialDigest(credential: string): string {
  return createHash('sha256').update(credential).digest('hex').slice(0, 16)
}
