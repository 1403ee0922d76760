import { randomFrom } from '../random.ts'
import { inputOf, judgeInput, type FuzzWrong } from './judge.ts'
import { TARGETS } from './targets.ts'

/** Inputs of one parser. */
export interface Slice {
  readonly target: string
  readonly seed: number
  readonly from: number
  /** Without it. */
  readonly to: number
}

export interface Done {
  readonly read: number
  readonly wrong: readonly (FuzzWrong & { readonly index: number })[]
}

/** `note` is told each number before its input is read: where one never ends, that is the one. */
export async function judgeSlice(
  { target: name, seed, from, to }: Slice,
  note: (index: number) => void = () => undefined,
): Promise<Done> {
  const target = TARGETS.find((one) => one.name === name)
  if (target === undefined) throw new Error(`there is no parser ${name}`)
  const wrong: (FuzzWrong & { index: number })[] = []
  let read = 0
  for (let index = from; index < to; index += 1) {
    note(index)
    const judged = await judgeInput(target, inputOf(target, seed, index), randomFrom(index))
    if (judged.isRead) read += 1
    for (const one of judged.wrong) wrong.push({ ...one, index })
  }
  return { read, wrong }
}
