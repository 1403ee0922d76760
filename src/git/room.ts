import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { askGit, GIT_COMMANDS, gitEnvironment } from './ask.ts'
import { ObjectReader, type ObjectType, type ProvenObject } from './objects.ts'
import { findProgram } from './program.ts'
import { boundaryOf, findRepository, type Repository } from './repository.ts'
import { configMistake } from '../schema/errors.ts'
import type { Environment } from '../schema/environment.ts'

const FULL_NAME = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/

/** Whether a text is the name of an object in full. */
export function isFullName(text: string): boolean {
  return FULL_NAME.test(text)
}

/**
 * Whether a job said which folders hold further objects of the repository (the action, which fetches what a shallow checkout lacks). Every object is
 * proven by its name, so this decides nothing.
 */
export const OBJECTS_VARIABLE = 'TENANT_DRIFT_GIT_OBJECTS'

/**
 * A repository, asked safely: through a git directory of our own that knows only where its objects are. It has no configuration, hooks, attributes,
 * remotes, replaced objects or grafts of the checkout's, so there is nothing in it that a change or an earlier step could have put there.
 */
export class GitRoom {
  readonly repository: Repository
  readonly #program: string
  readonly #env: Environment
  readonly #folder: string
  readonly #readers = new Map<number, ObjectReader>()
  readonly #proven = new Map<string, Promise<ProvenObject | null>>()
  readonly #more: string[] = []
  #fetches = 0
  readonly #atExit = (): void => rmSync(this.#folder, { recursive: true, force: true })

  constructor(repository: Repository, program: string, env: Environment) {
    this.repository = repository
    this.#program = program
    this.#env = env
    this.#folder = mkdtempSync(path.join(tmpdir(), 'tenant-drift-git-'))
    process.once('exit', this.#atExit)
  }

  /** What a ref of the checkout names; null where there is none. */
  ref(name: string): Promise<string | null> {
    return this.refIn(this.repository.gitDir, name)
  }

  /** What a ref of a git directory names. */
  async refIn(gitDir: string, name: string): Promise<string | null> {
    const text = await this.#ask(GIT_COMMANDS.ref(gitDir, name))
    const found = text?.trim() ?? ''
    return isFullName(found) ? found : null
  }

  /** What the checkout's configuration has to say in requests to this address; empty where nothing. */
  async header(url: string): Promise<string> {
    return (await this.#ask(GIT_COMMANDS.header(this.repository.gitDir, url)))?.trim() ?? ''
  }

  /**
   * An object of this type by its full name.
   * @throws MistakesError `invalid_config` where it is not there, is of another type or is not what its name says
   */
  async object(name: string, type: ObjectType): Promise<Buffer> {
    const found = await this.find(name)
    if (found === null)
      throw configMistake(
        `the ${type} ${name.slice(0, 12)} is not in this checkout: fetch it first, with its files (fetch-depth: 0, and no partial clone)`,
      )
    if (found.type !== type) throw configMistake(`${name.slice(0, 12)} is a ${found.type}, not a ${type}`)
    return found.body
  }

  /** An object of whatever type; null where it is not there. */
  find(name: string): Promise<ProvenObject | null> {
    if (!isFullName(name)) throw new TypeError('not a full name of an object')
    const known = this.#proven.get(name)
    if (known !== undefined) return known
    const asked = this.#reader(name.length).read(name)
    this.#proven.set(name, asked)
    // A file is read once; trees and commits are asked for again and again.
    void asked.then(
      (object) => (object?.type === 'blob' || object === null) && this.#proven.delete(name),
      () => {},
    )
    return asked
  }

  /**
   * A git directory that a fetch may write to, and whose objects are known here from then on.
   * @returns its path, and what git is started with there
   */
  fetchRoom(
    length: number,
    protocol: 'https' | 'http',
    settings: string,
  ): { folder: string; run: (args: readonly string[], timeout: number) => Promise<boolean> } {
    const folder = path.join(this.#folder, `fetched-${(this.#fetches += 1)}.git`)
    makeGitDirectory(folder, length, settings)
    const env = gitEnvironment(this.#program, folder, this.#env, protocol)
    return {
      folder,
      run: async (args, timeout) => {
        const done = (await askGit(this.#program, args, { cwd: folder, env, timeout })) !== null
        if (done) this.addObjects(path.join(folder, 'objects'))
        return done
      },
    }
  }

  /** Objects of another folder, too. */
  addObjects(folder: string): void {
    for (const [length, reader] of this.#readers) {
      reader.close()
      appendAlternate(this.#gitDirectory(length), folder)
    }
    this.#more.push(folder)
    this.#proven.clear()
  }

  close(): void {
    for (const reader of this.#readers.values()) reader.close()
    process.off('exit', this.#atExit)
    this.#atExit()
  }

  #reader(length: number): ObjectReader {
    const known = this.#readers.get(length)
    if (known !== undefined) return known
    const folder = this.#gitDirectory(length)
    makeGitDirectory(folder, length, '')
    const given = this.#env[OBJECTS_VARIABLE] ?? ''
    for (const objects of [this.repository.objects, ...(path.isAbsolute(given) ? [given] : []), ...this.#more])
      appendAlternate(folder, objects)
    const reader = new ObjectReader(this.#program, folder, gitEnvironment(this.#program, folder, this.#env))
    this.#readers.set(length, reader)
    return reader
  }

  #gitDirectory(length: number): string {
    return path.join(this.#folder, `objects-${length}.git`)
  }

  #ask(args: readonly string[]): Promise<string | null> {
    const env = gitEnvironment(this.#program, this.#folder, this.#env)
    return askGit(this.#program, args, { cwd: this.#folder, env })
  }
}

/**
 * The repository around a folder.
 * @throws MistakesError `invalid_config` where there is none, or no git; `what` begins the message
 */
export function openRoom(cwd: string, env: Environment, what: string): GitRoom {
  const repository = findRepository(cwd, boundaryOf(cwd, env))
  if (repository === null) throw configMistake(`${what}: this folder is not in a git repository`)
  const program = findProgram('git', { path: env.PATH ?? process.env.PATH, outsideOf: [repository.top] })
  if (program === null)
    throw configMistake(`${what}: git is not installed, or is on PATH only in folders that a change can write`)
  return new GitRoom(repository, program, env)
}

/**
 * The least that git takes for a repository, written by hand: `git init` would copy templates of the system. Names of 40 letters are SHA-1, of 64 SHA-256. git
 * takes nothing in it away by itself. One that is there already keeps its objects and refs.
 */
export function makeGitDirectory(folder: string, length: number, settings: string): void {
  const format =
    length === 64
      ? '\trepositoryformatversion = 1\n[extensions]\n\tobjectformat = sha256\n[core]\n'
      : '\trepositoryformatversion = 0\n'
  const config = `[core]\n${format}\tbare = true\n[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n${settings}`
  mkdirSync(path.join(folder, 'objects', 'info'), { recursive: true, mode: 0o700 })
  mkdirSync(path.join(folder, 'refs'), { recursive: true })
  writeFileSync(path.join(folder, 'HEAD'), 'ref: refs/heads/none\n')
  writeFileSync(path.join(folder, 'config'), config, { mode: 0o600 })
}

function appendAlternate(folder: string, objects: string): void {
  if (objects.includes('\n'))
    throw configMistake('the path of the repository contains a newline, which git does not support here')
  appendFileSync(path.join(folder, 'objects', 'info', 'alternates'), `${objects}\n`)
}
