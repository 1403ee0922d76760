import { timeOf } from '../schema/clock.ts'
import { affectedText } from '../words/affected.ts'
import { shortDate } from '../words/dates.ts'
import { safeLink } from '../words/show.ts'
import { whoTexts } from '../words/who.ts'
import { headOf } from './head.ts'
import { eventWords, sentenceOf, sidesOf, whereOf, type Item } from './item.ts'
import type { Parcel } from './parcel.ts'

/** Teams loses what is over 28 kB as it counts, after a 202: a request of 24 kB was too much. */
const MOST_BYTES = 18_000
const MOST_DIFFERENCES = 20

/** The message of one command as an Adaptive Card for a Teams workflow; elements of version 1.2 alone, no mentions. */
export function teamsBody(parcel: Parcel): string {
  for (let most = Math.min(MOST_DIFFERENCES, parcel.items.length); most > 0; most -= 1) {
    const body = cardBody(parcel, most)
    if (Buffer.byteLength(body) <= MOST_BYTES) return body
  }
  return cardBody(parcel, 0)
}

function cardBody({ items, link, isPlain, begins = false }: Parcel, most: number): string {
  const shown = isPlain ? [] : items.slice(0, most)
  const rest = items.length - shown.length
  const safe = safeLink(link ?? undefined)
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.2',
    body: [
      block(`tenant-drift: ${headOf(items, begins)}`, { weight: 'Bolder', size: 'Medium' }),
      ...shown.flatMap((item) => elementsOf(item, begins)),
      ...(rest > 0 && !isPlain ? [block(`${rest} more are in the report of the run.`)] : []),
      ...(isPlain ? [block('The channel refused the full message.')] : []),
    ],
    ...(safe === null ? {} : { actions: [{ type: 'Action.OpenUrl', title: 'The run', url: safe }] }),
  }
  return JSON.stringify({
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card }],
  })
}

function elementsOf(item: Item, begins: boolean): readonly object[] {
  const { setting, api } = whereOf(item)
  const { declared, live } = sidesOf(item)
  const fact = (title: string, value: string | null) => (value === null ? [] : [{ title, value: plainMarkdown(value) }])
  return [
    block(`${eventWords(item, begins)}:`, { weight: 'Bolder', separator: true }),
    {
      type: 'FactSet',
      facts: [
        ...fact('tenant', item.tenant),
        ...fact('API', api),
        ...fact('setting', setting),
        ...(item.code === undefined
          ? [...fact('declared', declared), ...fact('live', live)]
          : fact('reason', sentenceOf(item))),
        ...fact('changed by', whoTexts([item], { persons: true })[0] ?? null),
        ...fact('hits', item.affected === undefined ? null : affectedText(item.affected)),
        ...fact('since', shortDate(timeOf(item.since))),
      ],
    },
  ]
}

/** Words of ours alone: a TextBlock reads Markdown. */
function block(text: string, more: object = {}): object {
  return { type: 'TextBlock', text, wrap: true, ...more }
}

/** Facts read Markdown as well: every mark of it is written so that it is none. */
function plainMarkdown(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_[\]()#>~|!-]/g, (mark) => `\\${mark}`)
}
