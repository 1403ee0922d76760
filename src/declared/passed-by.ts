import type { PassedBy } from '../git/file-glob.ts'
import { byCodeUnits } from '../schema/json.ts'
import { hasKnownExtension } from './source-text.ts'

const MOST_NAMES = 10

/** A folder that is called like a file is a mistake, which is told elsewhere. */
type Reason = Exclude<PassedBy['why'], 'folder'>

const WORDS = {
  link: [
    'is a link to a folder, and no wildcard enters one: name it in a source of its own',
    'are links to folders, and no wildcard enters one: name them in sources of their own',
  ],
  hidden: [
    'is hidden by the dot in its path, and no wildcard takes it: name it, dot and all',
    'are hidden by the dots in their paths, and no wildcard takes them: name them, dots and all',
  ],
  case: [
    'differs from the source in capital letters, and they count',
    'differ from the source in capital letters, and they count',
  ],
  ending: ['has the other ending of YAML files', 'have the other ending of YAML files'],
} as const satisfies Record<Reason, readonly [one: string, more: string]>

/**
 * What looks like a declaration and is none, in a sentence for each reason. `read` is what was read all the same: by another source, or because a file extends it.
 */
export function leftOutTexts(passed: readonly PassedBy[], read: ReadonlySet<string>): readonly string[] {
  const apart = passed.filter(({ path, why }) => !read.has(path) && (why === 'link' || hasKnownExtension(path)))
  // Two alternatives of a pattern may nearly take one name, for two reasons: told is the one that stands first in WORDS.
  const order = Object.keys(WORDS)
  const weakest = apart.toSorted((a, b) => order.indexOf(b.why) - order.indexOf(a.why))
  const reasons = new Map(weakest.map(({ path, why }) => [path, why] as const))
  return (Object.keys(WORDS) as Reason[]).flatMap((reason) => {
    const paths = [...reasons]
      .flatMap(([path, why]) => (why === reason && !isBelowRead(path, why, read) ? [path] : []))
      .sort(byCodeUnits)
    if (paths.length === 0) return []
    const names = paths.slice(0, MOST_NAMES).map((path) => JSON.stringify(path).slice(1, -1))
    const more = paths.length > MOST_NAMES ? ` and ${paths.length - MOST_NAMES} more` : ''
    return [`not read: ${names.join(', ')}${more} ${WORDS[reason][paths.length === 1 ? 0 : 1]}`]
  })
}

/** A linked folder of which files were read was named by somebody. */
function isBelowRead(path: string, why: PassedBy['why'], read: ReadonlySet<string>): boolean {
  return why === 'link' && [...read].some((file) => file.startsWith(`${path}/`))
}
