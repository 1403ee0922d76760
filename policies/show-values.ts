import { isHidden, type Direction, type Impact } from '../src/schema/finding.ts'
import type { FieldRow } from '../src/schema/field-row.ts'
import { canonicalText, type Json } from '../src/schema/json.ts'
import { HIDDEN_TEXT } from '../src/schema/observed.ts'
import { harmlessLine } from '../src/words/harmless.ts'
import type { Values } from './read-check.ts'

/** Characters that one message shows of a value; of an identifier, a path or a tenant's name; of a value that is said a second time. */
const MOST_OF_A_VALUE = 160
const MOST_OF_A_NAME = 200
const MOST_OF_A_REPETITION = 40

/** A value as one line of JSON, or (hidden). Secrets are hidden by the provider already; a value at a secret's place is hidden here once more. */
export function showValue(value: Json, row: FieldRow | null): string {
  if (value === HIDDEN_TEXT || isHidden(value)) return HIDDEN_TEXT
  if (row?.compare === 'secret' && value !== null) return HIDDEN_TEXT
  return harmlessLine(canonicalText(value), MOST_OF_A_VALUE)
}

/** An identifier, a path or a tenant's name. */
export function showName(name: string): string {
  return harmlessLine(name, MOST_OF_A_NAME)
}

/** Whether the values of a field are hidden that is no secret by itself: the program made it one. */
export function isVeiled(values: Values, row: FieldRow | null): boolean {
  return row?.compare !== 'secret' && [values.declared, values.live].includes(HIDDEN_TEXT)
}

/** `declared "RS256", live "HS256", before "PS256"`: what stands on each side that matters here. `base` is called what it is here. */
export function sides(values: Values, row: FieldRow | null, base: 'before' | 'recorded'): string {
  const said: string[] = []
  const say = (label: string, value: Json | undefined) =>
    said.push(`${label} ${value === undefined ? 'nothing' : showValue(value, row)}`)
  if (base === 'recorded') say('recorded', values.base)
  else if (values.declared !== undefined || values.base === undefined) say('declared', values.declared)
  else said.push('no longer declared')
  say('live', values.live)
  if (base === 'before' && values.base !== undefined && !isSame(values.base, values.declared))
    say('before', values.base)
  return said.join(', ')
}

function isSame(a: Json, b: Json | undefined): boolean {
  return b !== undefined && canonicalText(a) === canonicalText(b)
}

/** A value short enough to be said a second time, else the words for it; null for none. */
export function tersely(value: Json | undefined, row: FieldRow | null, words: string): string | null {
  if (value === undefined || value === null) return null
  const shown = showValue(value, row)
  return shown === HIDDEN_TEXT || shown.length > MOST_OF_A_REPETITION ? words : shown
}

/** Whether two sides are shown alike although they differ, because what differs was cut away. */
export function lookAlike(values: Values, row: FieldRow | null): boolean {
  if (values.declared === undefined || values.live === undefined) return false
  const shown = showValue(values.declared, row)
  return shown !== HIDDEN_TEXT && shown === showValue(values.live, row)
}

const DIRECTION_WORDS: Readonly<Record<Direction, string>> = {
  weakened: 'Less safe: ',
  strengthened: 'Safer, but not what was agreed: ',
  neutral: '',
}

/** What a difference means for whom, with the word that says how to take it. */
export function meaningLine(judgement: { direction: Direction; impact: Impact | null }, meaning: string): string {
  const word = judgement.impact === 'breaks-clients' ? 'Stops clients: ' : DIRECTION_WORDS[judgement.direction]
  if (word === '') return meaning
  // A word that is all capitals (HS256) stays as it is.
  return word + (/^[A-Z][a-z ]/.test(meaning) ? meaning.charAt(0).toLowerCase() + meaning.slice(1) : meaning)
}

/** Of a field that the program made a secret, which way it changed would tell of its value. */
export const VEILED =
  'Its values are secrets of the program, so nothing tells which way it changed; the worst is assumed.'
