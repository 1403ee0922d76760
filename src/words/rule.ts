import { plural } from './plural.ts'
import { harmlessLine } from './harmless.ts'
import { showName, showPlace } from './show.ts'

/** What is said of an accept rule that somebody must look at. */
export interface ToldRule {
  readonly state: 'unused' | 'expired' | 'expiring'
  readonly resource_server: string
  readonly path: string
  readonly owner: string
  readonly expires: string
  readonly file: string | null
  readonly line: number | null
  /** How many findings it hides; null where nobody counted. */
  readonly hides: number | null
}

const MOST_OF_AN_OWNER = 300
const MOST_OF_A_DAY = 20

/** Why a finding is accepted, by whom and until when. Printable. */
export function acceptedText({
  reason,
  owner,
  expires,
}: {
  readonly reason: string
  readonly owner: string
  readonly expires: string
}): string {
  return `${harmlessLine(reason, 300)} (${harmlessLine(owner, 100)}, until ${harmlessLine(expires, MOST_OF_A_DAY)})`
}

/** What is the matter with the rule, whose it is and what to do, in one sentence. Printable. */
export function ruleText({ state, hides, file, line, ...rule }: ToldRule): string {
  const where = file === null ? '' : ` (${showPlace({ file, line })})`
  const what = `${rule.path === '' ? 'the whole of' : `${showName(rule.path)} of`} ${showName(rule.resource_server)}`
  const head = `The accept rule for ${what}${where}, owner ${harmlessLine(rule.owner, MOST_OF_AN_OWNER)},`
  const day = harmlessLine(rule.expires, MOST_OF_A_DAY)
  if (state === 'unused') return `${head} matches nothing: remove it.`
  if (state === 'expired')
    return `${head} expired on ${day} and no longer hides anything: remove it, or give it a new last day.`
  const findings = hides === null ? 'what it hides' : plural(hides, 'finding')
  return `${head} expires on ${day} and then shows ${findings} again: fix the difference, or give the rule a new last day.`
}
