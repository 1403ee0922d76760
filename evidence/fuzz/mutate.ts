import { dump } from 'js-yaml'
import type { Json } from '../../src/schema/json.ts'
import { RAW, STRANGE, textOf, wounded, type Wound } from '../../test/properties/wounds.ts'

export type Random = () => number

export function pick<T>(list: readonly T[], random: Random): T {
  return list[Math.floor(random() * list.length)] as T
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/)

const BLANKS = [
  '\n',
  '\r',
  '\t',
  ' ',
  '  ',
  '\n  ',
  '\n- ',
  ': ',
  '- ',
  '? ',
  '&a ',
  '<<: ',
  '!!str ',
  '|\n',
  '>-\n',
  '---\n',
  '...\n',
  '%YAML 1.2\n',
]
const LETTERS = ['\u0000', '\u001B[31m', '\u202E', '\uFEFF', '\uD800', '\uDC00', '\u2028', '\u0085', 'é', '漢', '😀']

/** Pieces that mean something to one reader or another. None of them is a value of the live tenant. */
const PIECES: readonly string[] = [
  ...BLANKS,
  ...LETTERS,
  ...words(String.raw`{ } [ ] , : " ' \ # ~ *a <<:*a !!binary !<x> \u0000 \ud800 null true false 0 -0 1e999 9007199254740993 .nan .inf 0x10 0o7
    2026-11-24 NaN ${'${'}env} ${'${'} $${'${'} ${'${'}env ${'${'}a.b} ${'${'}__proto__} ##ENV## @@ENV@@ ## @@LIST@@ @@ ##X __proto__ constructor toString
    hasOwnProperty length $unset $schema extends tenant resource_servers identifier scopes value signing_alg managed_elsewhere * ** ../ / .
    resources instances attributes deployment inputs steps newState after after_unknown items PS256 RS256 [secret]
    4dabf18193072939515e22adb298388d 04da6b54-80e4-46f7-96ec-b56ff0331ba9`),
]

/** What may well stand where another value stood. */
const PLAUSIBLE: readonly Json[] = [
  ...words('PS256 ES256 rfc9068_profile access_token deny_all allow_all mtls urn:other orders'),
  true,
  false,
  null,
  0,
  1,
  86_400,
  [],
]

/** What is nested deeply grows by its square when it is indented. */
const LONG = 8000

const below = (most: number, random: Random): number => Math.floor(random() * most)

/** A text that begins from a well-formed one, or, now and then, from nothing. `isYaml`: it may be written as YAML, too. */
export function mutant(seeds: readonly Json[], isYaml: boolean, random: Random): string {
  if (random() < 0.05) return soup(random)
  const value = pick(seeds, random)
  const wounds = Array.from({ length: pick([0, 1, 1, 1, 2, 3], random) }, () => woundBy(random))
  const damaged = wounds.reduce(wounded, value)
  let text = isYaml && random() < 0.6 ? yamlOf(damaged, random) : jsonOf(damaged, random)
  const hurts = wounds.length === 0 ? 1 + below(4, random) : random() < 0.25 ? 1 + below(2, random) : 0
  for (let hurt = 0; hurt < hurts; hurt += 1) text = pick(HURTS, random)(text, random)
  return text
}

function woundBy(random: Random): Wound {
  return {
    at: below(10_000, random),
    how: pick(['value', 'value', 'value', 'key', 'gone', 'more'], random),
    value: anyValue(random),
  }
}

function anyValue(random: Random): Json {
  const kind = random()
  if (kind < 0.25) return pick(PLAUSIBLE, random)
  if (kind < 0.4) return pick(STRANGE, random)
  if (kind < 0.48) return pick(Object.keys(RAW), random)
  if (kind < 0.8) return pick(PIECES, random)
  if (kind < 0.9) return [anyValue(random), anyValue(random)]
  return { [pick(PIECES, random)]: anyValue(random) }
}

function jsonOf(value: Json, random: Random): string {
  const text = textOf(value)
  if (random() < 0.8 || text.length > LONG) return text
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

function yamlOf(value: Json, random: Random): string {
  try {
    const read = JSON.parse(textOf(value)) as Json
    return dump(read, { flowLevel: below(6, random) - 1, noRefs: random() < 0.5 })
  } catch {
    return textOf(value)
  }
}

function soup(random: Random): string {
  return Array.from({ length: below(30, random) }, () => pick(PIECES, random)).join('')
}

/** What happens to a text by itself. */
const HURTS: readonly ((text: string, random: Random) => string)[] = [
  (text, random) => text.slice(0, below(text.length + 1, random)),
  (text, random) => text.slice(below(text.length + 1, random)),
  (text, random) => splice(text, 1 + below(8, random), '', random),
  (text, random) => splice(text, 0, pick(PIECES, random), random),
  (text, random) => splice(text, 0, pick(PIECES, random), random),
  (text, random) => splice(text, 1 + below(4, random), pick(PIECES, random), random),
  (text, random) => splice(text, 1, String.fromCharCode(below(random() < 0.9 ? 128 : 65_536, random)), random),
  (text, random) => {
    const from = below(text.length + 1, random)
    const piece = text.slice(from, from + below(200, random))
    return splice(text, 0, piece.repeat(1 + below(3, random)), random)
  },
  (text, random) => swapped(text, random),
  (text) => `\uFEFF${text}`,
  (text) => text + text,
  (text) => text.replaceAll('\n', '\r\n'),
  (text, random) => splice(text, 0, pick(['[', '{"a":', '- ', '(', '"'], random).repeat(below(400, random)), random),
]

function splice(text: string, gone: number, more: string, random: Random): string {
  const at = below(text.length + 1, random)
  return text.slice(0, at) + more + text.slice(at + gone)
}

/** Two lines, or two parts between commas, change places. */
function swapped(text: string, random: Random): string {
  const mark = text.includes('\n') ? '\n' : ','
  const parts = text.split(mark)
  const [a, b] = [below(parts.length, random), below(parts.length, random)]
  return parts.map((part, index) => (index === a ? parts[b] : index === b ? parts[a] : part)).join(mark)
}
