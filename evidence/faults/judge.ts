import type { FaultCase } from './case.ts'
import type { Stage } from './stage.ts'
import type { Said } from './said.ts'

export const FAULT_MISTAKES = [
  'falseMissing',
  'falseInSync',
  'falseDrift',
  'hangs',
  'crashes',
  'wrongCode',
  'noNextStep',
  'misjudged',
] as const
export type FaultMistake = (typeof FAULT_MISTAKES)[number]

export interface Wrong {
  readonly mistake: FaultMistake
  readonly line: string
}

/** Beyond the deadline: other cases run beside this one. */
const GRACE_MS = 1500

/** Compares what was said with what may be said. */
export function judgeSaid(
  { title, scene, allowed }: FaultCase,
  { gone, declared, deadlineMs }: Stage,
  said: Said,
): readonly Wrong[] {
  const wrong: Wrong[] = []
  const note = (mistake: FaultMistake, why: string) =>
    void wrong.push({ mistake, line: `${title}, ${said.who}: ${why}` })
  const absent = said.isOfOne ? gone.filter((identifier) => identifier === declared.at(-1)?.identifier) : gone
  // A look of its own asks for one API by name, and finds in its list what was made meanwhile: the place of the fault is not asked for.
  const isElsewhere = said.isFresh && (scene === 'late' || scene === 'many late' || (said.isOfOne && scene === 'whole'))
  const mayTell = allowed.truth || (said.isOfOne && allowed.truthOfOne === true) || isElsewhere
  const isUnread = said.status === 'unreadable'

  const invented = said.missing.filter((identifier) => !mayTell || !absent.includes(identifier))
  if (invented.length > 0) note('falseMissing', `missing: ${invented.slice(0, 3).join(', ')}`)
  if (said.others.length > 0) note('falseDrift', said.others.slice(0, 3).join(', '))
  if (!isUnread && !mayTell && said.status === 'in sync') note('falseInSync', 'in sync, and the fault lasted')
  if (!isUnread && mayTell && said.missing.length < absent.length)
    note('falseInSync', `${absent.length - said.missing.length} that are gone are not said`)
  if (said.ms > deadlineMs + GRACE_MS) note('hangs', `${Math.round(said.ms)} ms`)
  if (said.misjudged !== null) note('misjudged', said.misjudged)
  if (isUnread) {
    const codes: readonly string[] = allowed.codes
    const strange = said.codes.filter((code) => !codes.includes(code))
    if (strange.length > 0 || said.codes.length === 0)
      note('wrongCode', `${said.codes.join(', ')}, not ${codes.join(' or ') || 'overcome'}`)
    // Where repeats used up the time, it is the time that the message is about.
    const isTimedOut = codes.length > 1 && said.codes.includes('timed_out')
    const isTold = isTimedOut || said.who !== 'check' || allowed.tells?.test(said.text) !== false
    if (!said.hasNextStep || !isTold) note('noNextStep', said.text)
  }
  return wrong
}
