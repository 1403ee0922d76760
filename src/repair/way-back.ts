import { normalAt, normalForm, type JudgedFinding } from '../compare/front.ts'
import { DEFAULT_LIFETIME_CEILING, type Judgement } from '../schema/field-row.ts'
import { own, type Json, type JsonObject } from '../schema/json.ts'
import type { Path } from '../schema/path.ts'
import type { Repair } from '../schema/repair.ts'
import { rowAt } from '../schema/row-at.ts'
import { nodesAlong } from '../schema/tree.ts'
import { consequence } from '../words/consequences.ts'
import { lowered } from '../words/stakes.ts'

/** What putting one place back does to the tenant as it stands. */
export interface WayBack extends Pick<Repair, 'becomes' | 'breaks' | 'says'> {
  /** What stays behind in the tenant, for good. */
  readonly leaves: string | null
}

/** The normal form of a field of an API. */
export type FormOf = (api: JsonObject, field: string) => Json | undefined

/** Each computed once: a list may have a thousand places that drifted. */
export function formsOnce(): FormOf {
  const known = new Map<JsonObject, Map<string, Json | undefined>>()
  return (api, field) => {
    const forms = known.get(api) ?? new Map<string, Json | undefined>()
    known.set(api, forms)
    if (!forms.has(field)) forms.set(field, normalForm(field, own(api, field)))
    return forms.get(field)
  }
}

/** Judges the way back by the measure of the way there: `before` is the API as it stands, `after` as the whole plan leaves it. */
export function judgeWayBack(
  finding: JudgedFinding,
  path: Path,
  before: JsonObject,
  after: JsonObject,
  formOf: FormOf,
  lifetimeCeiling = DEFAULT_LIFETIME_CEILING,
): WayBack {
  const [field = ''] = path
  const row = rowAt(path)
  const value = (api: JsonObject) => normalAt(formOf(api, field), path)
  const change = { path, declared: value(before), live: value(after), declaredApi: before, liveApi: after }
  const judgement = row?.judge({ ...change, lifetimeCeiling }) ?? NOTHING
  const becomes = becomesOf(finding, judgement)
  const backs = nodesAlong(path).flatMap((node) =>
    node === null || node === 'item' || node.row.back === undefined ? [] : [node.row.back],
  )
  const byRow = backs.find(({ breaks }) => breaks === 'any' || (breaks === 'safer' && becomes === 'safer'))
  const breaks = byRow !== undefined || judgement.impact === 'breaks-clients'
  const said = byRow?.says ?? consequence(row, judgement)
  const parts = [
    ...(becomes === 'safer' ? [`Ends this: ${lowered(consequence(row, finding))}`] : []),
    ...(becomes === 'less-safe' ? [`Less safe: ${lowered(consequence(row, judgement))}`] : []),
    ...(breaks ? [`Can stop clients: ${lowered(said)}`] : []),
  ]
  const left = backs.flatMap(({ leaves }) => Object.entries(leaves ?? {})).find(([name]) => name === after[field])
  return {
    becomes,
    breaks,
    says: parts.length === 0 ? 'The API is as the code says again.' : parts.join(' '),
    leaves: left?.[1] ?? null,
  }
}

const NOTHING: Judgement = { direction: 'neutral', impact: null, severity: 'medium' }

/** Where a row calls every change less safe, whoever knows which value is agreed does not: the way back to it is none. */
function becomesOf({ direction }: JudgedFinding, back: Judgement): Repair['becomes'] {
  if (direction === 'weakened' || back.direction === 'strengthened') return 'safer'
  return back.direction === 'weakened' ? 'less-safe' : 'neither'
}
