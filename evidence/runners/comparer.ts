import type { JsonObject } from '../../src/schema/json.ts'
import type { Look, SecretLook } from '../../src/schema/snapshot.ts'
import { compareAll } from '../../test/support/scenes.ts'
import type { Case } from '../corpus/case.ts'
import { add, EMPTY, tally, type Tally } from '../tally.ts'
import { side, together } from './together.ts'

/** The comparison by itself: nothing is read, nothing is written. Secrets stand for their digests. */
export function runComparer(cases: readonly Case[]): Tally {
  return together(cases)
    .map(({ hasBase, hasRecorded, cases: group }) => {
      const gone = group.filter(({ live }) => live === null).map(({ identifier }) => identifier)
      const missing: Look = { status: 'missing' }
      const { findings } = compareAll({
        declared: side(group, 'declared'),
        live: side(group, 'live'),
        ...(hasBase && { base: side(group, 'base') }),
        ...(hasRecorded && { recorded: side(group, 'recorded') }),
        input: {
          looks: new Map(gone.map((identifier) => [identifier, missing])),
          secrets: new Map(side(group, 'live').map((live) => [live.identifier as string, secretOf(live)])),
        },
      })
      return tally(group, findings)
    })
    .reduce(add, EMPTY)
}

function secretOf({ signing_secret: secret }: JsonObject): SecretLook {
  return { status: 'read', digest: typeof secret === 'string' ? secret : null }
}
