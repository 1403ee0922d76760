import { ERROR_CODES, TenantDriftError } from '../../src/schema/errors.ts'
import { PLANTED } from '../../test/properties/wounds.ts'
import { mutant } from './mutate.ts'
import { randomFrom } from '../random.ts'
import type { Target } from './targets.ts'

export const FUZZ_MISTAKES = ['hangs', 'crashes', 'noSentence', 'secrets', 'quiet'] as const
export type FuzzMistake = (typeof FUZZ_MISTAKES)[number]

export interface FuzzWrong {
  readonly mistake: FuzzMistake
  readonly line: string
}

export interface Judged {
  readonly isRead: boolean
  readonly wrong: readonly FuzzWrong[]
}

/** Of computing, not of waiting: others use the machine, too. No input here is as large as 200 kB. */
const BOUND_MS = 1000

/** The input of this number, the same every time. */
export function inputOf(target: Target, seed: number, index: number): string {
  return mutant(target.seeds, target.isYaml, randomOf(target, seed, index))
}

function randomOf({ name }: Target, seed: number, index: number): () => number {
  let mixed = seed
  for (const letter of name) mixed = Math.imul(mixed, 31) + letter.charCodeAt(0)
  return randomFrom(Math.imul(mixed, 0x9e_37_79_b1) + index)
}

/** Reads one input, and says what is wrong with how that ended. */
export async function judgeInput(target: Target, text: string, random: () => number): Promise<Judged> {
  const wrong: FuzzWrong[] = []
  const note = (mistake: FuzzMistake, line: string) => void wrong.push({ mistake, line: line.slice(0, 400) })
  const begun = process.threadCpuUsage()
  const said: string[] = []
  let isRead = false
  try {
    const outcome = await target.read(text, random)
    isRead = true
    said.push(...outcome.said)
    for (const line of outcome.wrong) note('quiet', line)
  } catch (error) {
    if (error instanceof TenantDriftError) {
      said.push(error.message, error.advice)
      if (!Object.hasOwn(ERROR_CODES, error.code) || !isSentence(error, text)) note('noSentence', error.message)
    } else note('crashes', error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
  const { user, system } = process.threadCpuUsage(begun)
  if (user + system > BOUND_MS * 1000) note('hangs', `${Math.round((user + system) / 1000)} ms`)
  if (Object.hasOwn(Object.prototype, 'polluted')) note('crashes', 'a prototype was changed')
  if (mayNotBeTold(text) && said.some((line) => piecesOfSecret.some((piece) => line.includes(piece))))
    note('secrets', said.join('\n'))
  return { isRead, wrong }
}

const SLIPS = ['undefined', '[object ', 'NaN', 'Infinity']

/** Something to read, and nothing that a program says where nobody thought of what to say. */
function isSentence({ message, advice }: TenantDriftError, text: string): boolean {
  // A number that is too large for a number is called so.
  const isOverflow = /\d[eE]\+?\d{3}|\d{309}/.test(text)
  const slips = SLIPS.filter((slip) => !text.includes(slip) && !(isOverflow && slip === 'Infinity'))
  return /\w{3}/.test(message) && /\w{3}/.test(advice) && !slips.some((slip) => message.includes(slip))
}

const PIECE = 8
const piecesOfSecret = Array.from({ length: PLANTED.length - PIECE + 1 }, (_, at) => PLANTED.slice(at, at + PIECE))

/** Whether what is secret stands behind the name of a secret field, as JSON and YAML write it, and nowhere else: damage may have made a name of it. */
function mayNotBeTold(text: string): boolean {
  const rest = text.replaceAll(
    /(?:signing_secret|signingSecret|access_token|client_secret)["':= ]{0,4}[^"'\s,{}]*/g,
    '',
  )
  return !piecesOfSecret.some((piece) => rest.includes(piece))
}
