import { markupText } from './harmless.ts'
import { escapeUnits } from '../schema/unseen.ts'
import { printable } from './printable.ts'

/** Nothing shorter can be hidden: texts that have nothing to do with it would fall apart. */
export const LEAST_LENGTH = 8
/** A line of a longer secret (a key in PEM) is hidden on its own from this length on. */
const LEAST_LINE = 16
/** The first and the last line of a key are the same in all of them, and no secret. */
const ARMOUR = /^-----(BEGIN|END) [A-Z0-9 ]+-----$/

/**
 * Every way in which a secret value may stand in a text: as it is, trimmed, each of its longer lines; and each of these as JSON (once and twice),
 * HTML and XML, a part of a URL or a form, hex, base64, and as our own messages write what cannot be printed. Empty for a value too short to hide.
 */
export function formsOf(value: string): ReadonlySet<string> {
  // Half a character at either side may have found its other half in the text.
  const inner = value.replaceAll(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, '')
  const pieces = new Set([value, value.toWellFormed(), inner].flatMap(piecesOf))
  const forms = [...pieces].filter(isLong).flatMap((piece) => [piece, ...encoded(piece)])
  return new Set(forms.filter(isLong))
}

function isLong(text: string): boolean {
  return text.length >= LEAST_LENGTH
}

/** Lines may be parted by the two letters `\n`, as in a key that stands in a variable. */
function piecesOf(value: string): readonly string[] {
  const lines = value.split(/\r?\n|\r|\\r\\n|\\n/).map((line) => line.trim())
  const long = lines.length < 2 ? [] : lines.filter((line) => line.length >= LEAST_LINE && !ARMOUR.test(line))
  return [value, value.trim(), ...long]
}

/**
 * What somebody wrote in one way is often put into a text that is written in another one: each way, each of them once more, and all as our messages
 * write what cannot be printed.
 */
function encoded(text: string): readonly string[] {
  // What the ways of bytes know is no lone surrogate: it becomes U+FFFD on the wire.
  const once = [text, ...textForms(text), ...binaryForms(text.toWellFormed())]
  const twice = new Set([...once, ...once.flatMap(textForms)])
  return [...twice, ...[...twice].map(shownForm)]
}

function textForms(text: string): readonly string[] {
  return [...jsonForms(text), ...htmlForms(text), shownForm(text)]
}

function shownForm(text: string): string {
  return printable(text, Infinity)
}

function asJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

/** As JavaScript writes it, as writers do that leave ASCII alone, and as those that let no mark of HTML through (Go). */
function jsonForms(text: string): readonly string[] {
  const plain = asJson(text)
  const ascii = plain.replaceAll(/[^\x20-\x7e]/g, escapeUnits)
  return [plain, ascii, plain.replaceAll(/[<>&\u2028\u2029]/g, escapeUnits), ascii.replaceAll('/', '\\/')]
}

/** In a text (quotes stay) and in an attribute, with the names and numbers that are in use for quotes. */
function htmlForms(text: string): readonly string[] {
  const inText = markupText(text)
  const quotes = [
    ['&quot;', "'"],
    ['&quot;', '&#39;'],
    ['&quot;', '&#x27;'],
    ['&quot;', '&apos;'],
    ['&#34;', '&#39;'],
  ] as const
  return [inText, ...quotes.map(([double, single]) => inText.replaceAll('"', double).replaceAll("'", single))]
}

function binaryForms(text: string): readonly string[] {
  const component = encodeURIComponent(text)
  const strict = component.replaceAll(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
  const form = new URLSearchParams([['', text]]).toString().slice(1)
  const urls = [component, strict, strict.replaceAll('%2F', '/'), encodeURI(text), form]
  const bytes = Buffer.from(text, 'utf8')
  const hex = bytes.toString('hex')
  // Alone it has a last digit of its own.
  const alone = bytes.toString('base64').replace(/=+$/, '')
  const base64 = [alone, ...[0, 1, 2].map((before) => base64Behind(bytes, before))]
  return [
    ...urls,
    ...urls.map((url) => url.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase())),
    hex,
    hex.toUpperCase(),
    ...base64,
    ...base64.map((digits) => digits.replaceAll('+', '-').replaceAll('/', '_')),
  ]
}

/** The digits that depend on these bytes alone, where so many others (modulo 3) stand before them. */
function base64Behind(bytes: Buffer, before: number): string {
  const digits = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')
  return digits.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6))
}
