import { setFlagsFromString } from 'node:v8'
import type { World } from './io.ts'
import { runCommand } from './program.ts'
import { endAtSignals } from './signals.ts'
import { writeOut } from './write-out.ts'

// V8 lets the space for young objects grow while much is parsed, and never gives it back: 10,000 APIs of 10 scopes took 285 MB as JSON and 308 as
// YAML, and take 172 and 216 without that growth, in the same time.
setFlagsFromString('--semi-space-growth-factor=1')

const world: World = {
  out: (text) => writeOut(process.stdout, text),
  err: (text) => writeOut(process.stderr, text),
  env: process.env,
  cwd: process.cwd(),
  now: Date.now,
  isOutTerminal: process.stdout.isTTY,
  isErrTerminal: process.stderr.isTTY,
}

endAtSignals()

// Whoever reads our output may stop reading (`| head`): then the report is not whole, which is no success.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(1)
  })
}

// The command as a process: bundled to dist/bin/tenant-drift.js. It ends when pipes have taken all of it, and not later: taking the process apart
// in good order would cost as much as comparing a tenant.
void runCommand(process.argv.slice(2), world).then((code) => {
  process.exitCode = code
  whenWritten(process.stdout, () => whenWritten(process.stderr, () => process.exit()))
})

function whenWritten(stream: NodeJS.WriteStream, then: () => void): void {
  // Nothing is under way: then nobody need be there to take it (`simulate` outlives the reader of its one line). What failed is said first.
  if (stream.writableLength === 0) {
    setImmediate(then)
    return
  }
  // What could not be written is said by the listener above.
  stream.write('', (error) => {
    if (error === null || error === undefined) then()
  })
}
