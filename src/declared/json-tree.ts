import type { DuplicateKey, SourceEntry, SourceNode, SourceTree } from './source-tree.ts'

/** Why a text is no JSON, without a word of its content: what V8 says quotes the text, and with it secrets. */
export interface JsonFault {
  readonly offset: number
  readonly message: string
}

class FaultAt extends Error {
  readonly offset: number
  constructor(offset: number, message: string) {
    super(message)
    this.offset = offset
  }
}

/** RFC 8259, with places. Some ten times slower than `JSON.parse`, so it runs only on a text that has something to report. */
export function jsonTree(text: string, maxDepth: number): SourceTree | JsonFault {
  try {
    return new Scanner(text, maxDepth).scan()
  } catch (error) {
    if (error instanceof FaultAt) return { offset: error.offset, message: error.message }
    throw error
  }
}

const LITERAL = /true|false|null/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y
const BLANK = /[ \t\r\n]*/y

class Scanner {
  readonly text: string
  readonly maxDepth: number
  readonly duplicates: DuplicateKey[] = []
  position = 0

  constructor(text: string, maxDepth: number) {
    this.text = text
    this.maxDepth = maxDepth
  }

  scan(): SourceTree {
    const root = this.value(0)
    this.blank()
    if (this.position < this.text.length) this.fail('there is text after the end of the document')
    return { root, duplicates: this.duplicates }
  }

  value(depth: number): SourceNode {
    this.blank()
    const offset = this.position
    const first = this.text[offset]
    if ((first === '{' || first === '[') && depth >= this.maxDepth) this.fail(tooDeep(this.maxDepth))
    if (first === '{') return this.map(depth, offset)
    if (first === '[') return this.list(depth, offset)
    if (first === '"') {
      this.string()
      return { kind: 'scalar', offset, end: this.position }
    }
    if (this.take(LITERAL) === null && this.take(NUMBER) === null) this.fail(this.expected('a value'))
    return { kind: 'scalar', offset, end: this.position }
  }

  map(depth: number, offset: number): SourceNode {
    const entries = new Map<string, SourceEntry>()
    this.position++
    this.blank()
    if (this.skip('}')) return { kind: 'map', offset, end: this.position, entries }
    for (;;) {
      this.blank()
      const keyOffset = this.position
      if (this.text[keyOffset] !== '"') this.fail(this.expected('a key in double quotes'))
      const key = this.string()
      this.blank()
      if (!this.skip(':')) this.fail(this.expected("':' after a key"))
      const value = this.value(depth + 1)
      if (entries.has(key)) this.duplicates.push({ key, offset: keyOffset })
      entries.set(key, { keyOffset, value })
      this.blank()
      if (this.skip('}')) return { kind: 'map', offset, end: this.position, entries }
      if (!this.skip(',')) this.fail(this.expected("',' or '}'"))
    }
  }

  list(depth: number, offset: number): SourceNode {
    const items: SourceNode[] = []
    this.position++
    this.blank()
    if (this.skip(']')) return { kind: 'list', offset, end: this.position, items }
    for (;;) {
      items.push(this.value(depth + 1))
      this.blank()
      if (this.skip(']')) return { kind: 'list', offset, end: this.position, items }
      if (!this.skip(',')) this.fail(this.expected("',' or ']'"))
    }
  }

  string(): string {
    const found = this.take(STRING)
    if (found === null)
      this.fail('a string in double quotes does not end, or contains an invalid escape or a line break')
    return JSON.parse(found) as string
  }

  blank(): void {
    this.take(BLANK)
  }

  skip(character: string): boolean {
    if (this.text[this.position] !== character) return false
    this.position++
    return true
  }

  take(pattern: RegExp): string | null {
    pattern.lastIndex = this.position
    const found = pattern.exec(this.text)
    if (found === null) return null
    this.position += found[0].length
    return found[0]
  }

  expected(what: string): string {
    return this.position >= this.text.length ? `${what} is expected, but the file ends` : `${what} is expected here`
  }

  fail(message: string): never {
    throw new FaultAt(this.position, message)
  }
}

export function tooDeep(maxDepth: number): string {
  return `values are nested more than ${maxDepth} levels deep`
}
