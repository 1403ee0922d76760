import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { createHash } from 'node:crypto'
import { GIT_COMMANDS } from './ask.ts'
import { configMistake } from '../schema/errors.ts'

export type ObjectType = 'commit' | 'tree' | 'blob' | 'tag'

/** One object of a repository whose name was computed again from what it holds. */
export interface ProvenObject {
  readonly type: ObjectType
  readonly body: Buffer
}

/** More than any file that decides what counts, and less than what would take the machine down. */
const MOST_BYTES = 256 * 1024 * 1024

interface WaitingObject {
  readonly name: string
  readonly resolve: (object: ProvenObject | null) => void
  readonly reject: (error: Error) => void
}

/**
 * Objects by their full names, from one process that answers in order. git prints a loose object that somebody exchanged as if it were the one that
 * was asked for, so each one's name is computed again: who wrote the folder it came from does not matter any more.
 */
export class ObjectReader {
  readonly #start: () => ChildProcessWithoutNullStreams
  #child: ChildProcessWithoutNullStreams | null = null
  readonly #waiting: WaitingObject[] = []
  #chunks: Buffer[] = []
  #size = 0
  /** Bytes that have to be there before it is worth to look again. */
  #wanted = 0

  constructor(program: string, room: string, env: Readonly<Record<string, string>>) {
    this.#start = () =>
      spawn(program, GIT_COMMANDS.objects(room), { cwd: room, env, stdio: ['pipe', 'pipe', 'ignore'] }) as never
  }

  /**
   * Null where the repository does not hold it.
   * @throws MistakesError `invalid_config` where it holds something else under that name
   */
  read(name: string): Promise<ProvenObject | null> {
    return new Promise((resolve, reject) => {
      this.#child ??= this.#listen()
      this.#waiting.push({ name, resolve, reject })
      this.#child.stdin.write(`${name}\n`)
    })
  }

  /** The process ends; the next question starts another one, which sees what was fetched meanwhile. */
  close(): void {
    this.#child?.removeAllListeners('close')
    this.#child?.stdin.end()
    this.#child?.kill()
    this.#child = null
    this.#chunks = []
    this.#size = 0
    this.#wanted = 0
  }

  #listen(): ChildProcessWithoutNullStreams {
    const child = this.#start()
    const fail = (): void => {
      for (const { reject } of this.#waiting.splice(0))
        reject(configMistake('git stopped while objects were being read'))
    }
    child.stdout.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk)
      this.#size += chunk.length
      if (this.#size >= this.#wanted) this.#deliver()
    })
    child.stdin.on('error', fail)
    child.on('error', fail)
    child.on('close', fail)
    return child
  }

  /** `NAME TYPE SIZE\n` BODY `\n`, or `NAME missing\n`. */
  #deliver(): void {
    let received = Buffer.concat(this.#chunks)
    for (;;) {
      const end = received.indexOf('\n')
      const [name = '', type = '', size = ''] = end < 0 ? [] : received.toString('latin1', 0, end).split(' ')
      const bytes = /^\d+$/.test(size) ? Number(size) : null
      const until = end + 1 + (bytes === null ? 0 : bytes + 1)
      if (end < 0 || received.length < until) {
        this.#chunks = [received]
        this.#size = received.length
        this.#wanted = end < 0 ? 0 : until
        return
      }
      const asked = this.#waiting.shift()
      const body = bytes === null ? null : Buffer.from(received.subarray(end + 1, until - 1))
      received = received.subarray(until)
      if (asked === undefined) continue
      if (body === null || bytes === null) asked.resolve(null)
      else if (bytes > MOST_BYTES)
        asked.reject(configMistake(`the object ${asked.name} is larger than ${MOST_BYTES} bytes`))
      else if (name === asked.name && isType(type) && hashOf(type, body, name.length) === name)
        asked.resolve({ type, body })
      else
        asked.reject(
          configMistake(
            `the repository has something else under the name ${asked.name}: check it out again, in a separate job`,
          ),
        )
    }
  }
}

function isType(text: string): text is ObjectType {
  return text === 'commit' || text === 'tree' || text === 'blob' || text === 'tag'
}

/** git-hash-object(1): the digest of `TYPE SIZE NUL BODY`; names of 40 letters are SHA-1, of 64 SHA-256. */
function hashOf(type: ObjectType, body: Buffer, length: number): string {
  return createHash(length === 64 ? 'sha256' : 'sha1')
    .update(`${type} ${body.length}\0`)
    .update(body)
    .digest('hex')
}
