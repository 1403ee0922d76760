import { OUTSIDE, type Judge, type WireAnswer } from './document.ts'

/** One call of a client, with what the real tenant would have it end with. */
export interface Step {
  readonly call: string
  readonly expected: string
  readonly got: string
}

export interface ClientResults {
  readonly calls: number
  readonly asExpected: number
  /** Answers that the client got, and how the document judges them; null where the document was not there. */
  readonly answers: number
  readonly valid: number | null
  readonly outside: number | null
  readonly misses: readonly string[]
}

/** Without a judge the answers are counted and not judged. */
export function clientResults(
  steps: readonly Step[],
  answers: readonly WireAnswer[],
  judge: Judge | null,
): ClientResults {
  const wrong = steps.filter(({ expected, got }) => expected !== got)
  const said = judge === null ? null : answers.map((answer) => ({ answer, verdict: judge(answer) }))
  return {
    calls: steps.length,
    asExpected: steps.length - wrong.length,
    answers: answers.length,
    valid: said?.filter(({ verdict }) => verdict === null).length ?? null,
    outside: said?.filter(({ verdict }) => verdict === OUTSIDE).length ?? null,
    misses: [
      ...wrong.map(({ call, expected, got }) => `${call}: ${got}, not ${expected}`),
      ...new Set(
        (said ?? []).flatMap(({ answer, verdict }) =>
          verdict === null || verdict === OUTSIDE ? [] : [`${answer.method} ${answer.status}: ${verdict}`],
        ),
      ),
    ],
  }
}
