import { timeOf } from '../schema/clock.ts'
import { affectedText } from '../words/affected.ts'
import { shortDate } from '../words/dates.ts'
import { markupText } from '../words/harmless.ts'
import { safeLink, showName } from '../words/show.ts'
import { whoOf } from '../words/who.ts'
import { headOf } from './head.ts'
import { eventWords, sentenceOf, sidesOf, whereOf, type Item } from './item.ts'
import type { Parcel } from './parcel.ts'

/** Slack takes 50 blocks and about 13,000 characters in all. */
const MOST_DIFFERENCES = 20
const MOST_OF_ONE = 500
const MOST_IN_ALL = 11_000
const MOST_OF_A_TEXT = 2000

/** The message of one command as an incoming webhook takes it; `text` is what a notification shows, and all that others than Slack know. */
export function slackBody({ items, link, isPlain, begins = false }: Parcel, textAlone: boolean): string {
  const title = `tenant-drift: ${headOf(items, begins)}`
  if (isPlain) return JSON.stringify({ text: withLink(`${title}. The channel refused the full message.`, link) })
  if (textAlone) return JSON.stringify({ text: slackText(title, items, link, begins) })
  const blocks: object[] = [{ type: 'header', text: { type: 'plain_text', text: title.slice(0, 150), emoji: false } }]
  let length = title.length
  const shown = items.slice(0, MOST_DIFFERENCES).flatMap((item) => {
    const text = slackLine(item, begins)
    if (length + text.length > MOST_IN_ALL - 300) return []
    length += text.length
    return [slackSection(text)]
  })
  const rest = items.length - shown.length
  const foot = [
    ...(rest === 0 ? [] : [`${rest} more are in the report of the run.`]),
    ...(safeLink(link ?? undefined) === null ? [] : [`<${safeLink(link ?? undefined)}|The run>`]),
  ].join(' ')
  blocks.push(...shown, ...(foot === '' ? [] : [slackSection(foot)]))
  return JSON.stringify({ text: title, blocks, unfurl_links: false, unfurl_media: false })
}

function slackSection(text: string): object {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }
}

function slackLine(item: Item, begins: boolean): string {
  const { setting, api } = whereOf(item)
  const { declared, live } = sidesOf(item, 60)
  const where = [setting === null ? null : slackCode(setting), api === null ? null : slackCode(api)].filter(
    (each) => each !== null,
  )
  const sides = [
    ...(live === null ? [] : [`live ${slackCode(live, 70)}`]),
    ...(declared === null ? [] : [`declared ${slackCode(declared, 70)}`]),
  ].join(', ')
  const what = item.code === undefined ? sides : sentenceOf(item, (says) => slackCode(says, 300))
  const [first, last] = [
    `*${eventWords(item, begins)}:* ${where.join(' of ') || 'the tenant'}`,
    `${slackCode(item.tenant, 80)}, since ${shortDate(timeOf(item.since))}`,
  ]
  const told = what === '' ? [] : [what]
  const whom = item.affected === undefined ? [] : [slackCode(affectedText(item.affected), 300)]
  // What is too long loses its least first.
  const forms = [
    [first, ...told, ...whoLine(item), ...whom, last],
    [first, ...told, ...whoLine(item), last],
    [first, ...told, last],
  ].map((lines) => lines.join('\n'))
  return forms.find((text) => text.length <= MOST_OF_ONE) ?? `${first}\n${last}`
}

/** Who changed it; what somebody else is called stands in code. */
function whoLine(item: Item): readonly string[] {
  const [parts] = whoOf([item], { persons: true })
  if (parts === undefined) return []
  const text = parts.map((part) => (typeof part === 'string' ? markupText(part) : slackCode(showName(part.name), 60)))
  return [`changed by: ${text.join('')}`]
}

function slackText(title: string, items: readonly Item[], link: string | null, begins: boolean): string {
  const lines = [title]
  for (const item of items) {
    const line = `• ${slackLine(item, begins).replaceAll('\n', ' | ')}`
    if ([...lines, line].join('\n').length > MOST_OF_A_TEXT - 400) break
    lines.push(line)
  }
  const rest = items.length - (lines.length - 1)
  if (rest > 0) lines.push(`${rest} more are in the report of the run.`)
  return withLink(lines.join('\n'), link)
}

function withLink(text: string, link: string | null): string {
  const safe = safeLink(link ?? undefined)
  return safe === null ? text : `${text}\nThe run: ${safe}`
}

/** Three characters mean something everywhere in Slack; in code nothing else does, but for what ends it. */
function slackCode(text: string, most = 160): string {
  const flat = text.replaceAll('`', "'").slice(0, most).toWellFormed()
  return `\`${markupText(flat)}\``
}
