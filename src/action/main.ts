import { existsSync } from 'node:fs'
import path from 'node:path'
import { constants } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ActionWorld } from './io.ts'
import { runAction } from './run-action.ts'
import { stopChecks } from './run-check.ts'

// The action as a process: bundled to dist/bin/tenant-drift-action.js, beside the command.
const bundled = path.join(import.meta.dirname, 'tenant-drift.js')
const io: ActionWorld = {
  env: process.env,
  out: (text) => void process.stdout.write(text),
  command: [process.execPath, existsSync(bundled) ? bundled : path.join(import.meta.dirname, '..', 'cli', 'main.ts')],
  now: Date.now,
  wait: (ms) => sleep(ms),
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => void stopChecks().then(() => process.exit(128 + constants.signals[signal])))

void runAction(io).then((code) => {
  process.exitCode = code
})
