import { ofBearer } from '../compare/front.ts'
import type { Finding } from '../schema/finding.ts'

const LEAST_DIGITS = 6
const FORM = new RegExp(`^[0-9a-f]{${LEAST_DIGITS},32}$`)

/** What a fingerprint has, or the beginning of it that is taken for one. */
export const DIGITS = `${LEAST_DIGITS} to 32 digits, 0-9 and a-f`

export function isFingerprint(text: string): boolean {
  return FORM.test(text)
}

/** The parts of a finding that stands for several APIs, each of one of them; a finding of one API is its own part. */
export function eachBearer<F extends Finding>(finding: F): readonly F[] {
  return finding.on?.map((bearer) => ofBearer(finding, bearer)) ?? [finding]
}

/** A finding, and behind one of several APIs its parts: each has a fingerprint. */
export function withParts<F extends Finding>(finding: F): readonly F[] {
  return finding.on === undefined ? [finding] : [finding, ...eachBearer(finding)]
}
