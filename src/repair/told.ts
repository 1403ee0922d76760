import type { Affected } from '../schema/affected.ts'
import type { ChangedBy } from '../schema/changed-by.ts'
import { plural } from '../words/plural.ts'
import { whenText } from '../words/dates.ts'
import { doerText } from '../words/who.ts'

/** What a check learned beside a difference, where somebody asked: whom it hits, and who changed it. */
export interface AlsoTold {
  readonly affected?: Affected | undefined
  readonly changedBy?: ChangedBy | undefined
}

/** A sentence on the pipeline that sends the live value again, and so will undo a repair; null where none is known. What a person sent, no source sends once more. */
export function keptByText({ changedBy }: AlsoTold): string | null {
  const kept = changedBy?.keptBy ?? null
  if (kept === null || kept.through !== 'application') return null
  const times = `${plural(kept.count, 'time')} since, last at ${whenText(kept.last)}`
  const who = doerText(kept, { persons: false })
  return `The live value was sent again ${times}, by ${who}, who will undo the repair unless the source of that value is changed.`
}
