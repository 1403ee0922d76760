import type { Hider } from './hide.ts'
import { isOurWord } from './hide-report.ts'
import { jsonLine } from './json-text.ts'

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

/** Under these keys stand words of the formats. */
const FORMAT_WORDS: ReadonlySet<string> = new Set([
  '$schema',
  'version',
  'tool',
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
    const value = JSON.parse(literal) as string
    if (isOurWord(key, value) || FORMAT_WORDS.has(key)) return literal
    const hidden = hider.hide(value)
    if (hidden !== value) return jsonLine(hidden)
    return hider.hide(literal) === literal ? literal : `"${hider.hide(literal.slice(1, -1))}"`
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
