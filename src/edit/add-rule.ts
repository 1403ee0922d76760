import { readPlainFile } from '../declared/plain-file.ts'
import { isJsonFile } from '../declared/source-text.ts'
import { isJsonObject, own, sameJson, type Json, type JsonObject } from '../schema/json.ts'
import { wholeText } from './layout.ts'
import { itemName, rewrite } from './text.ts'

type Steps = readonly string[]

/**
 * The text of a file with one more rule in the list at `at` (`accept`, or `tenants.NAME.accept`; empty: the file is the list), everything else
 * as it was written. A rule for the same place is renewed: of two, the second would hide nothing. Null where the file is written in a way that
 * this cannot extend.
 */
export async function addRule(file: string, text: string, at: Steps, rule: JsonObject): Promise<string | null> {
  const { value } = await readPlainFile(file, text)
  const wanted = withRule(value, at, rule)
  if (wanted === null || value !== null) return wanted === null ? null : rewrite(file, text, wanted)
  return blankWith(file, text, wanted)
}

/** A file that says nothing yet, its comments kept. Null where it says so with a word. */
async function blankWith(file: string, text: string, value: Json): Promise<string | null> {
  if (isJsonFile(file)) return wholeText(value, null)
  const written = (text === '' || /[\r\n]$/.test(text) ? text : `${text}\n`) + wholeText(value, await import('js-yaml'))
  const after = await readPlainFile(file, written).catch(() => null)
  return after !== null && sameJson(after.value, value) ? written : null
}

/** Two rules for one place: whatever live value, reason and last day they have, the first of them hides what is there. */
export function isSameRule(one: object, other: object): boolean {
  return itemName(one as JsonObject) === itemName(other as JsonObject)
}

function withRule(value: Json, at: Steps, rule: JsonObject): Json | null {
  const [step, ...rest] = at
  if (step === undefined) {
    if (value === null) return [rule]
    if (!Array.isArray(value)) return null
    const rules = value as readonly Json[]
    const there = rules.findIndex((each) => isJsonObject(each) && isSameRule(each, rule))
    return there < 0 ? [...rules, rule] : rules.with(there, rule)
  }
  if (value !== null && !isJsonObject(value)) return null
  const inner = withRule(own(value ?? {}, step) ?? null, rest, rule)
  return inner === null ? null : { ...value, [step]: inner }
}
