import { peel, readCommit } from './commit.ts'
import { isFullName, type GitRoom } from './room.ts'
import { configMistake } from '../schema/errors.ts'

/** Where a ref of this name may stand. git takes the first that is there and says nothing of the others, so whoever may push a tag chooses. */
const PLACES = ['refs/', 'refs/tags/', 'refs/heads/', 'refs/remotes/'] as const
/** Letters that git-check-ref-format(1) allows in none, and with which other languages of git begin: `@{1}`, `^{/text}`, `:/text`, `a..b`. */
const NO_NAME = /[\0-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|^[/-]|\/$|^$|^@$/
const SHORT = /^[0-9a-f]{7,63}$/
const MOST_STEPS = 10_000

export interface RefOptions {
  /** What begins messages: the flag that the text was given to. */
  readonly what: string
  /** Whether the beginning of a commit's name may stand for it. */
  readonly mayBeShort: boolean
}

/**
 * The commit that a text names, in full: a full name; `HEAD`; or a ref of which there is exactly one, with `~N` and `^N` behind it.
 * @throws MistakesError `invalid_config` where it names nothing, more than one thing, or is of another language of git
 */
export async function resolveRef(room: GitRoom, text: string, options: RefOptions): Promise<string> {
  const [, name = '', steps = ''] = /^(.*?)((?:[~^]\d{0,5})*)$/s.exec(text) ?? []
  const start = isFullName(name) ? name : await namedCommit(room, name, options)
  let commit = await peel(room, start)
  for (const [, kind, digits = ''] of steps.matchAll(/([~^])(\d*)/g)) {
    const count = digits === '' ? 1 : Number(digits)
    if (count > MOST_STEPS) throw configMistake(`${options.what} ${shownRef(text)}: that is too far back`)
    if (kind === '^') commit = count === 0 ? commit : await parentOf(room, commit, count, options, text)
    else for (let step = 0; step < count; step += 1) commit = await parentOf(room, commit, 1, options, text)
  }
  return commit
}

async function parentOf(room: GitRoom, commit: string, which: number, { what }: RefOptions, text: string) {
  const parent = (await readCommit(room, commit)).parents[which - 1]
  if (parent === undefined) throw configMistake(`${what} ${shownRef(text)}: ${commit.slice(0, 12)} has no such parent`)
  return parent
}

async function namedCommit(room: GitRoom, name: string, options: RefOptions): Promise<string> {
  const { what, mayBeShort } = options
  if (name === 'HEAD') {
    const head = await room.ref('HEAD')
    if (head === null) throw configMistake(`${what} HEAD: nothing is committed here yet`)
    return head
  }
  if (NO_NAME.test(name))
    throw configMistake(
      `${what} ${shownRef(name)}: give a branch, a tag, the full name of a commit or HEAD, with ~N or ^N after it; other forms are refused here`,
    )
  const found = await refsCalled(room, name)
  const [first, second] = [...found]
  if (first !== undefined && second !== undefined) {
    throw configMistake(
      `${what} ${shownRef(name)}: ${[...found.keys()].join(' and ')} both have this name, so it is not known which one is meant: give the full name of one`,
    )
  }
  // Whether a commit begins so, too, git does not say where a ref is called so.
  if (first !== undefined && SHORT.test(name))
    throw configMistake(
      `${what} ${name}: the name of ${first[0]} looks like a short commit, so it is not known which one is meant: give ${first[0]}, or the full name of the commit`,
    )
  if (first !== undefined) return first[1]
  const short = mayBeShort && SHORT.test(name) ? await room.ref(name) : null
  if (short !== null && short.startsWith(name)) return short
  const hint =
    SHORT.test(name) && !mayBeShort
      ? 'give the full name of a commit'
      : `a pipeline has to fetch it first (actions/checkout: fetch-depth: 0), and its name may then be origin/${name}`
  throw configMistake(`${what} ${shownRef(name)}: the repository has no such ref; ${hint}`)
}

/**
 * All refs that a name may mean, by their full names. git itself falls back to other places where a full name is not there, so each find is asked
 * about once more: a tag called `refs/remotes/origin/main` must not pass for that branch.
 */
export async function refsCalled(room: GitRoom, name: string): Promise<ReadonlyMap<string, string>> {
  const places = [...(name.startsWith('refs/') ? [name] : []), ...PLACES.map((place) => place + name)]
  const objects = await Promise.all(places.map((place) => room.ref(place)))
  const found = places.flatMap((place, index) => {
    const object = objects[index] ?? null
    return object === null ? [] : [[place, object] as const]
  })
  await Promise.all(found.map(([place]) => refuseShadow(room, place)))
  return new Map(found)
}

/** @throws MistakesError where another ref could have been found in the place of this one */
async function refuseShadow(room: GitRoom, place: string): Promise<void> {
  const shadows = [...PLACES.map((shadow) => shadow + place), `refs/remotes/${place}/HEAD`]
  const objects = await Promise.all(shadows.map((shadow) => room.ref(shadow)))
  const there = shadows.find((_shadow, index) => objects[index] !== null)
  if (there === undefined) return
  throw configMistake(
    `the repository has a ref called ${shownRef(there)}, which can be confused with ${shownRef(place)}: give the full name of a commit`,
  )
}

function shownRef(text: string): string {
  return JSON.stringify(text.slice(0, 200)).slice(1, -1)
}
