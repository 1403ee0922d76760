import { randomUUID } from 'node:crypto'
import { chmodSync, existsSync, lstatSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { byCodeUnits } from '../schema/json.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { refuseOtherPlaces } from './output-place.ts'
import { beginUnfinished, endUnfinished } from './unfinished.ts'
import { systemCode, configMistake, MistakesError } from '../schema/errors.ts'

/** A text and where it goes. */
export interface WrittenFile {
  /** Absolute. */
  readonly file: string
  /** As messages name it. */
  readonly shown: string
  readonly text: string
}

/** A new text in the place of a file. */
export interface Replacement {
  /** Absolute. */
  readonly file: string
  readonly shown: string
  /** What it held when it was read; null of a new file. */
  readonly before: string | null
  readonly after: string
}

/** What a run must not say, as far as it has learnt it by now. */
export interface Secrets {
  readonly hider: () => {
    /** How many of them a text holds. */
    readonly count: (text: string) => number
    /** The same value where it holds none. */
    readonly hideJson: (value: unknown) => unknown
  }
}

/**
 * Writes what a run says of a tenant: whole or not at all, and nowhere but in its place. A link that stands there is replaced; one on the way
 * there, which a change could have committed, is refused. Secrets are taken out of the text before.
 * @throws MistakesError `invalid_config` where it cannot be written
 */
export async function writeOutputFile({ file, shown, text }: WrittenFile, cwd: string): Promise<void> {
  await refuseOtherPlaces(file, shown, cwd)
  await writeWhole({ file, shown, text })
}

/**
 * Writes what is read again as what is declared, recorded or accepted: with a secret taken out of it, it would say something else, so it is not
 * written at all. `edit` is given what the file holds, null where there is none, and nobody else of us writes it meanwhile. Folders on the way are made; the
 * mode stays; a link stays one, and what it leads to is replaced.
 * @throws MistakesError `invalid_config` where it cannot be written, or holds a secret
 */
export async function editKept(
  { file, shown }: Pick<WrittenFile, 'file' | 'shown'>,
  edit: (before: string | null) => Promise<string>,
  secrets: Secrets,
): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true })
    const target = targetOf(file, shown)
    await oneAtATime(target, shown, async () => {
      const before = existsSync(target) ? await readFile(target, 'utf8') : null
      const after = await edit(before)
      refuseSecrets(shown, before ?? '', after, secrets)
      const ready = writeBeside(target, shown, after, modeOf(target))
      try {
        putFile(ready, 'nothing was written')
      } finally {
        tidy(ready.unfinished)
      }
    })
  } catch (error) {
    throw unwritable(error, shown, 'nothing was written')
  }
}

/**
 * Puts new texts in the place of files: all are written beside them first, then each is put there by one rename. Folders of new files are made, and
 * taken away again where nothing is written. Modes stay; a symbolic link stays one, and the file it leads to is replaced. A file that changed since
 * it was read is left alone, and the others with it.
 * @throws MistakesError `invalid_config`, naming the file; nothing was written then, unless it says so
 */
export async function replaceFiles(replacements: readonly Replacement[], secrets: Secrets): Promise<void> {
  for (const { shown, before, after } of replacements) refuseSecrets(shown, before ?? '', after, secrets)
  const made: string[] = []
  try {
    const places = new Map<string, string>()
    for (const { file, shown, before } of replacements) {
      try {
        const first = before === null ? await mkdir(path.dirname(file), { recursive: true }) : undefined
        if (first !== undefined) made.push(first)
        places.set(targetOf(file, shown), shown)
      } catch (error) {
        throw unwritable(error, shown, 'nothing was written')
      }
    }
    // In one order for all, so that no two runs wait for each other.
    const inOrder = [...places].sort(([a], [b]) => byCodeUnits(a, b))
    await inOrder.reduceRight<() => Promise<void>>(
      (act, [file, shown]) =>
        () =>
          oneAtATime(file, shown, act),
      () => replaceAll(replacements),
    )()
  } catch (error) {
    for (const folder of made.reverse()) await rm(folder, { recursive: true, force: true }).catch(() => {})
    throw error
  }
}

async function replaceAll(replacements: readonly Replacement[]): Promise<void> {
  const ready: Ready[] = []
  try {
    for (const replacement of replacements) ready.push(await prepareFile(replacement))
    const done: Ready[] = []
    try {
      for (const each of ready) {
        const before = done.filter(({ mode }) => mode !== null).map(({ shown }) => shown)
        putFile(each, before.length === 0 ? 'nothing was written' : `written before: ${before.join(', ')}`)
        done.push(each)
      }
    } catch (error) {
      // What was not there before is not there afterwards.
      for (const { mode, target } of done) if (mode === null) rmSync(target, { force: true })
      throw error
    }
  } finally {
    for (const { unfinished } of ready) tidy(unfinished)
  }
}

/** @throws MistakesError `invalid_config` where a value that is to be kept holds a secret, which no message repeats */
export function refuseSecretsIn(value: unknown, shown: string, secrets: Secrets): void {
  if (secrets.hider().hideJson(value) !== value) throw secretHeld(shown)
}

/** What stood there before is there anyway. */
function refuseSecrets(shown: string, before: string, after: string, secrets: Secrets): void {
  const hider = secrets.hider()
  const found = hider.count(after)
  if (found > 0 && found > hider.count(before)) throw secretHeld(shown)
}

function secretHeld(shown: string): Error {
  return configMistake(
    `${shown} would contain a credential or another secret of this run, so nothing was written: remove the value from the tenant, or do not give it to this run`,
  )
}

async function writeWhole({ file, shown, text }: WrittenFile): Promise<void> {
  let ready: Ready | null = null
  try {
    await mkdir(path.dirname(file), { recursive: true })
    // In one turn: a signal comes before or after it. A write that is under way beside us would still make its file when the process has tidied up.
    ready = writeBeside(file, shown, text)
    putFile(ready, 'nothing was written')
  } catch (error) {
    if (ready !== null) tidy(ready.unfinished)
    throw unwritable(error, shown, 'nothing was written')
  }
}

interface Ready {
  readonly unfinished: string
  readonly target: string
  readonly shown: string
  /** Null of a new file. */
  readonly mode: number | null
}

async function prepareFile({ file, shown, before, after }: Replacement): Promise<Ready> {
  if (before === null && existsSync(file)) throw configMistake(`${shown} already exists, so nothing was written`)
  try {
    const target = targetOf(file, shown)
    if (before !== null && (await readFile(target, 'utf8')) !== before) {
      throw configMistake(`${shown} changed while the tenant was read, so nothing was written: run again`)
    }
    return writeBeside(target, shown, after, modeOf(target))
  } catch (error) {
    throw unwritable(error, shown, 'nothing was written')
  }
}

/** The file itself, by its real path: what a link leads to. */
function targetOf(file: string, shown: string): string {
  const isLink = lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true
  if (!isLink) return path.join(realpathSync(path.dirname(file)), path.basename(file))
  if (existsSync(file)) return realpathSync(file)
  throw configMistake(`${shown} is a link to nothing, so nothing was written`)
}

/** Null of a new file, which has the one that the process gives. */
function modeOf(target: string): number | null {
  return statSync(target, { throwIfNoEntry: false })?.mode ?? null
}

/** Writes a text into a file of its own beside its place. */
function writeBeside(target: string, shown: string, text: string, mode: number | null = null): Ready {
  const unfinished = path.join(path.dirname(target), `.${path.basename(target)}.${randomUUID()}.partial`)
  beginUnfinished(unfinished)
  try {
    writeFileSync(unfinished, text, { flag: 'wx' })
    if (mode !== null) chmodSync(unfinished, mode)
  } catch (error) {
    tidy(unfinished)
    throw error
  }
  return { unfinished, target, shown, mode }
}

function putFile({ unfinished, target, shown }: Ready, otherwise: string): void {
  try {
    renameSync(unfinished, target)
    endUnfinished(unfinished)
  } catch (error) {
    throw unwritable(error, shown, otherwise)
  }
}

function tidy(unfinished: string): void {
  try {
    rmSync(unfinished, { force: true })
  } catch {
    // What stopped the writing may stop this, too, and is what is told.
  }
  endUnfinished(unfinished)
}

function unwritable(error: unknown, shown: string, otherwise: string): Error {
  if (error instanceof MistakesError) return error
  const code = systemCode(error)
  return configMistake(`${shown} cannot be written${code === '' ? '' : ` (${code})`}: ${otherwise}`)
}
