// Records runs until it is killed: each one moves something, and is told on standard output once it is safe.
import { openHistory } from '../../src/history/open.ts'
import { differs } from '../memory/runs.ts'
import { record } from './stores.ts'

const history = await openHistory({ kind: 'file', file: process.argv[2] ?? '', shown: 'history.db' }, false)
for (let hour = Number(process.argv[3]); ; hour++) {
  await record(history, hour % 2 === 0 ? { findings: [differs()] } : {}, hour)
  process.stdout.write(`${hour}\n`)
}
