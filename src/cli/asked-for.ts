import type { JudgedFinding, RunJudgement } from '../compare/front.ts'
import { allFindings } from '../schema/report.ts'
import { configMistake } from '../schema/errors.ts'
import { DIGITS, isFingerprint, withParts } from './fingerprints.ts'

/** Findings by the beginnings of their fingerprints. */
function findByFingerprint(
  fingerprints: readonly string[],
  findings: readonly JudgedFinding[],
): readonly JudgedFinding[] {
  const wrong: string[] = []
  const found = fingerprints.flatMap((text) => {
    const isOne = isFingerprint(text)
    const matches = isOne ? findings.filter(({ fingerprint }) => fingerprint.startsWith(text)) : []
    if (!isOne) wrong.push(`--only ${text}: a fingerprint has ${DIGITS}`)
    else if (matches.length === 0) wrong.push(`--only ${text}: no finding has this fingerprint`)
    else if (matches.length > 1)
      wrong.push(`--only ${text}: the fingerprints of several findings begin with it: give more of its digits`)
    return matches
  })
  if (wrong.length > 0) throw configMistake(...wrong)
  return [...new Set(found)]
}

/** What a command is asked for: what was named, whatever it is, else all that counts. */
export function askedFor(
  only: readonly string[],
  judged: Pick<RunJudgement, 'findings' | 'ignored'>,
): readonly JudgedFinding[] {
  if (only.length === 0) return judged.findings.filter((finding) => finding.counts)
  return findByFingerprint(only, allFindings(judged).flatMap(withParts))
}
