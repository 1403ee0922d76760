import { runShipped } from '../shipped.ts'
import type { World } from './world.ts'

/** Texts that somebody other than the caller may read, each with where it stood; `persons` where names and mails of persons were asked for. */
export type Said = readonly (readonly [where: string, text: string, asked?: 'persons'])[]

export const GROUPS = [
  'reports',
  'who and whom',
  'the way back',
  'other commands',
  'errors',
  'files that are kept',
  'channels',
  'the service',
  'provider',
] as const
export type GroupName = (typeof GROUPS)[number]

export interface Surface {
  readonly group: GroupName
  readonly title: string
  /** What must be said, so that it is known to have done its work. */
  readonly shows: RegExp
  readonly run: (world: World) => Promise<Said>
}

export const SILENT = ['--no-history', '--no-notify']

export async function say(
  world: World,
  argv: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<Said> {
  const { code, out, err } = await runShipped(argv, { cwd: world.folder, env: { ...world.env, ...more } })
  return [
    [`${argv.join(' ')}: stdout, ${String(code)}`, out],
    [`${argv.join(' ')}: stderr`, err],
  ]
}

export const command = (
  group: GroupName,
  title: string,
  shows: RegExp,
  argv: readonly string[] | ((world: World) => readonly string[]),
  more: (world: World) => Readonly<Record<string, string>> = () => ({}),
): Surface => ({
  group,
  title,
  shows,
  run: (world) => say(world, typeof argv === 'function' ? argv(world) : argv, more(world)),
})

/** Files that people wrote, and not a run. */
export const isWritten = (name: string): boolean => /^(declared|wrong)\/|^(stack|state)\.json$/.test(name)

/**
 * What services heard. The secrets of a channel go to that channel: in its address, in the header that is its password, or in the key that PagerDuty takes.
 * Whatever else it hears is looked at.
 */
export function heardBy({ heard }: World): Said {
  const told = heard.map(({ path, headers, body }, index) => {
    const { authorization: _authorization, 'private-token': _token, ...others } = headers
    const sent = path.endsWith('/v2/enqueue') ? body.replace(/"routing_key":"[^"]*"/, '') : body
    return [`payload ${index}`, `${JSON.stringify(others)}\n${sent}`] as const
  })
  return [...told, ['channels that heard', channelsOf(heard)]]
}

/** Those with an address of their own are told apart by what they are sent. */
function channelsOf(heard: World['heard']): string {
  const kinds: Readonly<Record<string, (each: World['heard'][number]) => boolean>> = {
    github: ({ method, path }) => method === 'POST' && path.startsWith('/github/'),
    gitlab: ({ method, path }) => method === 'POST' && path.startsWith('/gitlab/'),
    pagerduty: ({ path }) => path.startsWith('/pagerduty/'),
    slack: ({ body }) => body.includes('"mrkdwn"'),
    teams: ({ body }) => body.includes('AdaptiveCard'),
    webhook: ({ headers }) => headers['webhook-signature'] !== undefined,
  }
  return Object.keys(kinds)
    .filter((kind) => heard.some((each) => kinds[kind]?.(each) === true))
    .join(', ')
}

/** The same where names and mails of persons may stand. */
export function named(said: Said): Said {
  return said.map(([where, text]) => [where, text, 'persons'] as const)
}
