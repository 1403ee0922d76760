import { recordings } from '../../test/simulator/recordings.ts'
import { replay, type Exchange, type Replayed } from '../../test/simulator/replay-recording.ts'
import type { Judge } from './document.ts'

export interface Operation {
  readonly operation: string
  /** Recorded exchanges, without first sights of an object, which there is nothing to compare with. */
  readonly compared: number
  readonly firstSights: number
  readonly sameStatus: number
  /** Bodies are compared where they were kept as they came. */
  readonly bodies: number
  readonly sameBody: number
}

export interface ReplayResults {
  readonly operations: readonly Operation[]
  /** Why an answer differs, and how often. */
  readonly reasons: Readonly<Record<string, number>>
  /** Recorded answers of the real tenants by the corrected document; null where the document was not there. */
  readonly recorded: { readonly answers: number; readonly valid: number; readonly misses: readonly string[] } | null
}

/** Every recording against a tenant of its own. Throws where the recordings are not there. */
export async function runReplay(judge: Judge | null): Promise<ReplayResults> {
  const all = recordings()
  const replayed = (await Promise.all(all.map((recording) => replay(recording)))).flat()
  const differing = replayed.flatMap(({ outcome }) => ('reason' in outcome ? [outcome.reason] : []))
  return {
    operations: [...Map.groupBy(replayed, ({ exchange }) => operationOf(exchange))]
      .map(([operation, members]) => summary(operation, members))
      .toSorted((a, b) => b.compared - a.compared || (a.operation < b.operation ? -1 : 1)),
    reasons: Object.fromEntries(
      [...Map.groupBy(differing, (reason) => reason)].map(([reason, members]) => [reason, members.length]),
    ),
    recorded: judge === null ? null : judged(all.flat(), judge),
  }
}

function operationOf({ method, path, status }: Exchange): string {
  const isItem = path.split('/').length > 4
  return `${method} ${isItem ? 'one' : method === 'GET' ? 'list' : ''}`.trim() + `, ${status}`
}

function summary(operation: string, members: readonly Replayed[]): Operation {
  const compared = members.filter(({ outcome }) => outcome.kind !== 'seeded')
  const sameStatus = compared.filter(({ outcome }) => outcome.kind !== 'status')
  const raw = compared.filter(({ exchange }) => isRaw(exchange))
  return {
    operation,
    compared: compared.length,
    firstSights: members.length - compared.length,
    sameStatus: sameStatus.length,
    bodies: raw.length,
    sameBody: raw.filter(({ outcome }) => outcome.kind === 'match').length,
  }
}

function isRaw({ processed }: Exchange): boolean {
  return processed.startsWith('raw')
}

function judged(exchanges: readonly Exchange[], judge: Judge): ReplayResults['recorded'] {
  const said = exchanges.filter(isRaw).map((exchange) => ({
    exchange,
    verdict: judge({ ...exchange, body: exchange.responseBody === '' ? null : exchange.responseBody }),
  }))
  const wrong = said.flatMap(({ exchange, verdict }) =>
    verdict === null ? [] : [`${exchange.method} ${exchange.status}: ${verdict}`],
  )
  const counts = Map.groupBy(wrong, (line) => line)
  return {
    answers: said.length,
    valid: said.length - wrong.length,
    misses: [...counts].map(([line, members]) => `${line} (${members.length})`),
  }
}
