import { own } from '../schema/json.ts'
import type { LogEntry } from './log-event.ts'

type Test = (entry: LogEntry) => boolean
type QueryToken = { readonly kind: '(' | ')' | 'AND' | 'OR' | 'NOT' } | { readonly kind: 'term'; readonly text: string }

/** What the documentation names as searchable, as far as it is served here; `details` is not. */
const SEARCHABLE: ReadonlySet<string> = new Set([
  'type',
  'date',
  'client_id',
  'client_name',
  'user_id',
  'user_name',
  'user_agent',
  'log_id',
  'description',
  'ip',
])
const FEWEST_LITERALS = 3

/**
 * The Lucene forms that the documentation shows: `field:value`, quoted values, `*` in a value (after three literal characters in a row somewhere),
 * ranges of dates with both ends inclusive, AND, OR, NOT and parentheses. Case-sensitive and untokenised. Null where it is none of these.
 */
export function parseLogQuery(text: string): Test | null {
  const tokens = tokensOf(text)
  if (tokens === null) return null
  if (tokens.length === 0) return () => true
  const parser = new Parser(tokens)
  const test = parser.either()
  return parser.isDone ? test : null
}

class Parser {
  readonly #tokens: readonly QueryToken[]
  #place = 0

  constructor(tokens: readonly QueryToken[]) {
    this.#tokens = tokens
  }

  get isDone(): boolean {
    return this.#place === this.#tokens.length
  }

  either(): Test | null {
    let test = this.#both()
    while (test !== null && this.#take('OR')) {
      const [left, right] = [test, this.#both()]
      test = right === null ? null : (entry) => left(entry) || right(entry)
    }
    return test
  }

  #both(): Test | null {
    let test = this.#one()
    while (test !== null && this.#take('AND')) {
      const [left, right] = [test, this.#one()]
      test = right === null ? null : (entry) => left(entry) && right(entry)
    }
    return test
  }

  #one(): Test | null {
    if (this.#take('NOT')) {
      const test = this.#one()
      return test === null ? null : (entry) => !test(entry)
    }
    if (this.#take('(')) {
      const test = this.either()
      return this.#take(')') ? test : null
    }
    const token = this.#tokens[this.#place]
    if (token?.kind !== 'term') return null
    this.#place += 1
    return termOf(token.text)
  }

  #take(kind: QueryToken['kind']): boolean {
    if (this.#tokens[this.#place]?.kind !== kind) return false
    this.#place += 1
    return true
  }
}

function tokensOf(text: string): readonly QueryToken[] | null {
  const tokens: QueryToken[] = []
  let rest = text.trim()
  while (rest !== '') {
    const word = /^(?:(\()|(\))|(AND|OR|NOT)(?=[\s(])|(\w+:(?:"[^"]*"|[[{][^\]}]*[\]}]|[^\s()]+)))/.exec(rest)
    if (word === null) return null
    if (word[1] !== undefined) tokens.push({ kind: '(' })
    else if (word[2] !== undefined) tokens.push({ kind: ')' })
    else if (word[3] !== undefined) tokens.push({ kind: word[3] as 'AND' })
    else tokens.push({ kind: 'term', text: word[4] ?? '' })
    rest = rest.slice(word[0].length).trimStart()
  }
  return tokens
}

function termOf(text: string): Test | null {
  const colon = text.indexOf(':')
  const [field, value] = [text.slice(0, colon), text.slice(colon + 1)]
  // What is not searchable matches nothing, without a word.
  if (!SEARCHABLE.has(field)) return () => false
  const range = /^\[(\S+) TO (\S+)\]$/.exec(value)
  if (range !== null) return inRange(field, range[1] ?? '*', range[2] ?? '*')
  const literal = /^"(.*)"$/.exec(value)?.[1] ?? value
  if (!value.includes('*') || value.startsWith('"')) return (entry) => textOfField(entry, field) === literal
  if (!value.split('*').some((part) => part.length >= FEWEST_LITERALS)) return null
  const pattern = new RegExp(`^${value.split('*').map(escapedPattern).join('.*')}$`, 's')
  return (entry) => pattern.test(textOfField(entry, field))
}

function escapedPattern(literal: string): string {
  return literal.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
}

/** `2026-11-28`, `2026-11-28T02:00`, with or without a zone; a day as an end is its last moment. */
function inRange(field: string, from: string, to: string): Test | null {
  const [first, last] = [momentOf(from, false), momentOf(to, true)]
  if (first === null || last === null) return null
  return (entry) => {
    const at = Date.parse(textOfField(entry, field))
    return at >= first && at <= last
  }
}

function momentOf(text: string, isEnd: boolean): number | null {
  if (text === '*') return isEnd ? Infinity : -Infinity
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text)
  const ms = Date.parse(isDay ? `${text}T${isEnd ? '23:59:59.999' : '00:00:00.000'}Z` : text)
  return Number.isNaN(ms) ? null : ms
}

function textOfField(entry: LogEntry, field: string): string {
  const value = own(entry, field)
  return typeof value === 'string' ? value : ''
}
