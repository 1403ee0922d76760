import type { Hider } from './hide.ts'

/**
 * How a finished text is written, which decides what may be taken out of it. A `rendered` one was made harmless piece by piece, and its colours and orders are ours.
 */
export type Writing = 'text' | 'rendered' | 'json' | 'markup'

/**
 * A finished text without secrets, and still well-formed: of JSON the values of strings, of XML, HTML and Markdown the text and the attributes that
 * hold some. It is the second look at what was hidden before it was written: keys, tags and words of ours stay, for nothing of somebody else's is
 * left in them, and a secret that is spelt like them is none.
 */
export function hideRendered(text: string, writing: Writing, hider: Hider): string {
  if (hider.hide(text) === text && !mayHoldEscapes(text, writing)) return text
  if (writing === 'json') return hideInJson(text, hider)
  return writing === 'markup' ? hideInMarkup(text, hider) : hider.hide(text)
}

function mayHoldEscapes(text: string, writing: Writing): boolean {
  return writing === 'json' && text.includes('\\u')
}

/** A string of JSON, and whether it is a key. */
const JSON_STRING = /"(?:[^"\\]|\\.)*"(\s*:)?/g

/** Words of ours, and of the formats. */
const JSON_WORDS: ReadonlySet<string> = new Set([
  '$schema',
  'version',
  'tool',
  'kind',
  'origin',
  'direction',
  'impact',
  'severity',
  'seen',
  'code',
  'state',
  'binding',
  'verdict',
  'gate',
  'failOn',
  'level',
  'baselineState',
  'ruleId',
  'columnKind',
  'type',
  'check_name',
  'uriBaseId',
])

function hideInJson(text: string, hider: Hider): string {
  let key = ''
  return text.replaceAll(JSON_STRING, (literal: string, colon: string | undefined) => {
    if (colon !== undefined) {
      key = literal.slice(1, literal.lastIndexOf('"'))
      return literal
    }
    if (JSON_WORDS.has(key)) return literal
    const value = JSON.parse(literal) as string
    const hidden = hider.hide(value)
    if (hidden !== value) return asciiText(hidden)
    return hider.hide(literal) === literal ? literal : `"${hider.hide(literal.slice(1, -1))}"`
  })
}

/** What JSON lets through may still be what a terminal must not see. */
function asciiText(text: string): string {
  return JSON.stringify(text).replaceAll(/[^\x20-\x7e]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

/** Our own scripts and styles, comments, tags, and the text between them. */
const MARKUP = /<(script|style)\b[^]*?<\/\1>|<!--[^]*?-->|<\/?[a-z!?][^>]*>|[^<]+|</gi
const ATTRIBUTE = /([\w:.-]+)="([^"]*)"/g
/** Attributes that hold words of ours: how a page looks and acts. */
const MARKUP_WORDS =
  /^(class|id|for|role|lang|rel|charset|http-equiv|content|type|version|encoding|xmlns|data-.*|aria-(?!label$).*)$/

function hideInMarkup(text: string, hider: Hider): string {
  return text.replaceAll(MARKUP, (token: string, block: string | undefined) => {
    if (block !== undefined || token.startsWith('<!') || token.startsWith('<?')) return token
    if (!token.startsWith('<') || token === '<') return hider.hide(token)
    return token.replaceAll(ATTRIBUTE, (whole: string, name: string, value: string) =>
      MARKUP_WORDS.test(name.toLowerCase()) ? whole : `${name}="${hider.hide(value)}"`,
    )
  })
}
