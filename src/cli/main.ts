import { runCommand } from './program.ts'

// The command as a process: bundled to dist/bin/tenant-drift.js. The code is set, not exited with, so that pipes are written to their end.
void runCommand(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
}).then((code) => {
  process.exitCode = code
})
