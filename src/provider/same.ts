import { isDeepStrictEqual } from 'node:util'
import { asJsonObject, type Json, type JsonObject } from '../schema/json.ts'
import { withoutProvider } from './engine-values.ts'

export interface DiffAnswer {
  readonly changes?: boolean
  readonly replaces?: readonly string[]
  readonly deleteBeforeReplace?: boolean
}

/**
 * Whether the engine has anything to show: the declaration, the differences and what kind of observation it was, and nothing else. Proofs
 * and counts vary from run to run over an unchanged tenant. An answer without `changes` leaves the comparison, and so the display, to
 * the engine, which then names the very paths. Equal is no change only where nothing is wrong: an update may have met another tenant than its
 * check, and then the state's outputs already hold what the next check sees, while its inputs do not.
 */
export function diffAnswer(olds: JsonObject, news: JsonObject, id: string): DiffAnswer {
  if (typeof news[id] === 'string' && olds[id] !== news[id]) {
    return { changes: true, replaces: [id], deleteBeforeReplace: true }
  }
  if (!isDeepStrictEqual(comparableProps(olds), comparableProps(news))) return {}
  return { changes: !isQuiet(news) }
}

/** A difference that is stored is still one: nothing about it may ever be "no changes". */
function isQuiet({ observed, drift }: JsonObject): boolean {
  const { status } = asJsonObject(observed)
  return status !== 'unreadable' && status !== 'invalid' && Object.keys(asJsonObject(drift)).length === 0
}

function comparableProps(props: JsonObject): Json {
  // A packed declaration has other bytes under another zlib; its digest stands for it. Another id is a difference, and stands in `drift`.
  const { observed, declaration: _packed, ids: _ids, ...rest } = withoutProvider(props)
  const { status, code, seen, digest } = asJsonObject(observed)
  return { ...rest, observed: [status ?? null, code ?? null, seen ?? null, digest ?? null] }
}
