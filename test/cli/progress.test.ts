import { expect, it } from 'vitest'
import { createProgress } from '../../src/cli/progress.ts'
import { snapshotReader } from '../../src/tenant/front.ts'
import { snapshotOf } from '../support/scenes.ts'
import { ioOf } from './run.ts'

it.each([
  ['true', 2],
  ['1', 2],
  ['false', 0],
  ['', 0],
])('on a terminal with CI=%s a reading is told in %i plain lines', async (CI, count) => {
  let said = ''
  const io = { ...ioOf('.'), env: { CI }, isErrTerminal: true, err: (text: string) => void (said += text) }
  const result = await createProgress(io, false).watch(snapshotReader(snapshotOf([])), () => Promise.resolve('read'))
  expect([result, said.split('\n').length - 1]).toEqual(['read', count])
})
