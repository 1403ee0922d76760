import type { EpisodeView, HistoryView, TenantView } from '../schema/history-view.ts'
import { plural } from '../words/plural.ts'
import { timeText } from '../words/age.ts'
import { WIDTH, wrap } from './lines.ts'
import { painter, SEVERITY_COLOURS } from './paint.ts'
import { stateText, VERDICT_WORDS } from '../words/episode.ts'
import { harmlessLine } from '../words/harmless.ts'
import { whoTexts } from '../words/who.ts'
import { showName } from '../words/show.ts'

const UNITS = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
] as const

/** How long, in the largest unit that fits; never negative, whatever the clocks say. */
export function spanText(seconds: number): string {
  const [size, unit] = UNITS.find(([each]) => seconds >= each) ?? [1, 'second']
  return plural(Math.max(0, Math.floor(seconds / size)), unit)
}

export function ageText(from: string, to: string): string {
  return spanText((Date.parse(to) - Date.parse(from)) / 1000)
}

export function tenantTitle({ address, view, name }: Pick<TenantView, 'address' | 'view' | 'name'>): string {
  const also = [...new Set([name, view].filter((each) => each !== null && each !== 'default' && each !== address))]
  return showName(address) + (also.length === 0 ? '' : ` (${also.map((each) => showName(each ?? '')).join(', ')})`)
}

/** What became of it, in a few words, and when. */
export function becameText(episode: EpisodeView): string {
  return stateText(episode, episode.ended === null ? '' : timeText(episode.ended))
}

/** Open episodes for people, the gravest first as the caller has sorted them. */
export function renderHistoryText(view: HistoryView, color: boolean): string {
  const paint = painter(color)
  const lines: string[] = []
  for (const tenant of view.tenants) {
    const own = view.episodes.filter((each) => each.tenant === tenant.address && each.view === tenant.view)
    lines.push(paint('bold', tenantTitle(tenant)), ...wrap(lastRunText(tenant, view.at), WIDTH, '  '))
    const detected = detectedText(tenant)
    if (detected !== null) lines.push(...wrap(detected, WIDTH, '  '))
    for (const { identifier, path, code, since } of tenant.unreadable) {
      const where =
        identifier === null
          ? 'the tenant'
          : [identifier, path]
              .filter((part) => part !== '')
              .map(showName)
              .join(' ')
      lines.push(...wrap(`cannot be read since ${timeText(since)}: ${where} (${code})`, WIDTH, '  '))
    }
    if (own.length === 0) lines.push('  No open differences.')
    for (const each of own) {
      const title = `${each.severity.toUpperCase()}  ${each.path === '' ? 'whole API' : showName(each.path)}`
      lines.push('', paint(SEVERITY_COLOURS[each.severity], `  ${title}`))
      if (each.identifier !== null) lines.push(...wrap(`on ${showName(each.identifier)}`, WIDTH, '    '))
      const age = each.state === 'ended' ? '' : `, for ${ageText(each.since, view.at)}`
      const returns = each.returns === 0 ? '' : `; came back ${plural(each.returns, 'time')}`
      lines.push(...wrap(`${becameText(each)}; since ${timeText(each.since)}${age}${returns}`, WIDTH, '    '))
      lines.push(...whoLinesOf(each), ...wrap(harmlessLine(each.message), WIDTH, '    '), `    ${each.fingerprint}`)
    }
    lines.push('')
  }
  if (view.tenants.length === 0) lines.push('Nothing is remembered yet.', '')
  return `${lines.join('\n').trimEnd()}\n`
}

function whoLinesOf(episode: EpisodeView): readonly string[] {
  const text = whoText(episode)
  return text === null ? [] : wrap(text, WIDTH, '    ')
}

/** Who changed it, and how long it took to be seen; null where nobody asked. */
export function whoText(episode: EpisodeView): string | null {
  const { changedBy, detectedIn } = episode
  if (changedBy === null) return null
  const [who = ''] = whoTexts([{ changedBy }], { persons: true })
  return harmlessLine(`changed by ${who}${detectedIn === null ? '' : `; seen ${spanText(detectedIn)} later`}`)
}

/** How long it takes to see a change; null where that is not known of any. */
export function detectedText({ medianToDetect, worstToDetect }: TenantView): string | null {
  if (medianToDetect === null || worstToDetect === null) return null
  return `changes were seen ${spanText(medianToDetect)} later (median), ${spanText(worstToDetect)} at worst`
}

export function lastRunText({ lastRun, lastComplete }: TenantView, at: string): string {
  if (lastRun === null) return 'never run'
  const whole =
    lastComplete === null ? 'never checked as a whole' : `last complete run ${ageText(lastComplete, at)} ago`
  return `${VERDICT_WORDS[lastRun.verdict]}; last run ${ageText(lastRun.to, at)} ago (${timeText(lastRun.to)}); ${whole}`
}

/** One episode with all that happened to it. */
export function renderEpisode(
  episode: EpisodeView,
  moves: readonly { readonly type: string; readonly at: string }[],
  at: string,
): string {
  const rows = [
    ['tenant', showName(episode.tenant)],
    ['API', episode.identifier === null ? '(the tenant)' : showName(episode.identifier)],
    ['setting', episode.path === '' ? '(whole API)' : showName(episode.path)],
    ['severity', episode.severity],
    ['state', becameText(episode)],
    ['since', `${timeText(episode.since)}${episode.state === 'ended' ? '' : `, for ${ageText(episode.since, at)}`}`],
    ['first', timeText(episode.first)],
    ...(whoText(episode) === null ? [] : [['changed by', whoText(episode)?.replace(/^changed by /, '') ?? '']]),
    ['came back', plural(episode.returns, 'time')],
    ['fingerprint', episode.fingerprint],
  ]
  const lines = rows.flatMap(([name = '', value = '']) => wrap(value, WIDTH, name.padEnd(13)))
  const story = moves.map((move) => `  ${timeText(move.at)}  ${move.type}`)
  return [...lines, '', ...wrap(harmlessLine(episode.message), WIDTH), '', ...story, ''].join('\n')
}
