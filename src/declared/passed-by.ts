import type { PassedBy } from '../git/file-glob.ts'
import { byCodeUnits } from '../schema/json.ts'
import { hasKnownExtension } from './source-text.ts'

const MOST_NAMES = 10

/** A folder that is called like a file is a mistake, which is told elsewhere. */
type Reason = Exclude<PassedBy['why'], 'folder'>

const PASSED_BY_WORDS = {
  link: [
    'is a link to a folder, which a wildcard does not enter: name it in its own source',
    'are links to folders, which a wildcard does not enter: name each in its own source',
  ],
  hidden: [
    'has a part of its path that begins with a dot, which a wildcard does not match: name it with the dot',
    'have a part of their path that begins with a dot, which a wildcard does not match: name them with the dot',
  ],
  case: [
    'differs from the source in upper and lower case, which must match',
    'differ from the source in upper and lower case, which must match',
  ],
  ending: ['has the other file name ending of YAML files', 'have the other file name ending of YAML files'],
} as const satisfies Record<Reason, readonly [one: string, more: string]>

/**
 * What looks like a declaration and is none, in a sentence for each reason. `read` is what was read all the same: by another source, or because a file extends it.
 */
export function leftOutTexts(passed: readonly PassedBy[], read: ReadonlySet<string>): readonly string[] {
  const apart = passed.filter(({ path, why }) => !read.has(path) && (why === 'link' || hasKnownExtension(path)))
  // Two alternatives of a pattern may nearly take one name, for two reasons: told is the one that stands first in WORDS.
  const order = Object.keys(PASSED_BY_WORDS)
  const weakest = apart.toSorted((a, b) => order.indexOf(b.why) - order.indexOf(a.why))
  const reasons = new Map(weakest.map(({ path, why }) => [path, why] as const))
  return (Object.keys(PASSED_BY_WORDS) as Reason[]).flatMap((reason) => {
    const paths = [...reasons]
      .flatMap(([path, why]) => (why === reason && !isBelowRead(path, why, read) ? [path] : []))
      .sort(byCodeUnits)
    if (paths.length === 0) return []
    const names = paths.slice(0, MOST_NAMES).map((path) => JSON.stringify(path).slice(1, -1))
    const more = paths.length > MOST_NAMES ? ` and ${paths.length - MOST_NAMES} more` : ''
    return [`not read: ${names.join(', ')}${more} ${PASSED_BY_WORDS[reason][paths.length === 1 ? 0 : 1]}`]
  })
}

/** A linked folder of which files were read was named by somebody. */
function isBelowRead(path: string, why: PassedBy['why'], read: ReadonlySet<string>): boolean {
  return why === 'link' && [...read].some((file) => file.startsWith(`${path}/`))
}
