import { FIELDS } from '../../src/schema/fields.ts'
import { HITS_WORDS } from '../../src/words/affected.ts'
import { code, table } from './words-tables.ts'

/** Whom a difference hits, by field: the rows that say so themselves; what is inside of one hits the same. */
export function reachTable(): string {
  const rows = FIELDS.flatMap(({ path, reach }) => {
    if (reach === undefined) return []
    const safer = reach.strengthened === undefined ? '' : `; where live is safer, ${HITS_WORDS[reach.strengthened]}`
    const verifiers = reach.verifiers === true ? ', and whatever checks its tokens' : ''
    return [[code(path), `${HITS_WORDS[reach.hits]}${safer}${verifiers}`]]
  })
  return table(['field', 'hits'], [...rows, ['any other one, and whole APIs', HITS_WORDS.everyone]])
}
