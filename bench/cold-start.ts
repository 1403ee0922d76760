// What the command costs before it does anything: `node bench/cold-start.ts [ROUNDS|--quick]`. CPU time of the help and of a refused flag,
// above that of `node -e 0`.
import { describeMachine, inTurn, median, ours, roundsFrom, usageOf, verdict, type Program } from './measure.ts'
import { NODE_24 } from '../tools/run.mjs'

const MOST_CPU_MS = 100
const NOTHING: Program = { command: NODE_24, args: ['-e', '0'], exitCode: 0 }
const PROGRAMS = {
  '--help': ours(['--help'], { exitCode: 0, says: 'Usage: tenant-drift' }),
  'check --help': ours(['check', '--help'], { exitCode: 0, says: 'Exit codes' }),
  'check --declred (refused)': ours(['check', '--declred'], { exitCode: 1 }),
}

const programs = Object.entries(PROGRAMS)
describeMachine()
const [nothing = [], ...started] = await inTurn(
  [NOTHING, ...programs.map(([, program]) => program)].map((program) => async () => (await usageOf(program)).cpuMs),
  roundsFrom(process.argv, 25),
)
console.log(`node -e 0: ${median(nothing).toFixed(0)} ms of CPU`)
for (const [index, [name]] of programs.entries()) {
  verdict(`CPU of ${name} above node -e 0`, median(started[index] ?? []) - median(nothing), MOST_CPU_MS, ' ms')
}
