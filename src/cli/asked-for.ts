import type { JudgedFinding, Judgement } from '../compare/front.ts'
import { configMistake } from './settings.ts'

/** Shortest beginning of a fingerprint that is taken for one. */
const LEAST_DIGITS = 6

/** Findings by the beginnings of their fingerprints. */
function findByFingerprint(
  fingerprints: readonly string[],
  findings: readonly JudgedFinding[],
): readonly JudgedFinding[] {
  const wrong: string[] = []
  const found = fingerprints.flatMap((text) => {
    const isOne = new RegExp(`^[0-9a-f]{${LEAST_DIGITS},32}$`).test(text)
    const matches = isOne ? findings.filter(({ fingerprint }) => fingerprint.startsWith(text)) : []
    if (!isOne) wrong.push(`--only ${text}: a fingerprint has ${LEAST_DIGITS} to 32 digits, 0-9 and a-f`)
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
  { findings, ignored }: Pick<Judgement, 'findings' | 'ignored'>,
): readonly JudgedFinding[] {
  if (only.length === 0) return findings.filter((finding) => finding.counts)
  return findByFingerprint(only, [...findings, ...ignored.map(({ finding }) => finding)])
}
