import type { JudgedFinding } from '../compare/front.ts'
import { isJsonObject, own, type Json, type JsonObject } from '../schema/json.ts'
import { plural } from '../words/plural.ts'
import { harmlessLine } from '../words/harmless.ts'

/** What a check learned beside the difference, where somebody asked: whom it hits, and who sends the live value again and again. */
export interface AlsoTold {
  readonly affected?: Json
  /** A sentence for each that will undo a repair. */
  readonly keptBy: readonly string[]
}

export function toldOf(finding: JudgedFinding): AlsoTold {
  const { affected, changedBy } = finding as JudgedFinding & { readonly affected?: Json; readonly changedBy?: Json }
  const kept = isJsonObject(changedBy) ? own(changedBy, 'keptBy') : undefined
  const all = Array.isArray(kept) ? (kept as readonly Json[]) : [kept ?? null]
  return {
    ...(affected === undefined ? {} : { affected }),
    keptBy: all.filter(isJsonObject).map(sentenceOf),
  }
}

function sentenceOf(kept: JsonObject): string {
  const who = textAt(kept, 'application') ?? textAt(kept, 'actor') ?? textAt(kept, 'tool') ?? 'something'
  const tool = textAt(kept, 'tool')
  const count = own(kept, 'count') ?? own(kept, 'times')
  const times = typeof count === 'number' ? `, ${plural(count, 'time')}` : ''
  const last = textAt(kept, 'last') ?? textAt(kept, 'at')
  const by = tool === null || tool === who ? who : `${who} (calls itself ${tool})`
  return `${by} has sent this value again since${times}${last === null ? '' : `, last at ${last}`}: it will undo the repair until its own source says otherwise.`
}

function textAt(kept: JsonObject, key: string): string | null {
  const value = own(kept, key)
  return typeof value === 'string' && value !== '' ? harmlessLine(value, 200) : null
}
