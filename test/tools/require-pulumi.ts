import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { requirePulumi } from '../../tools/pulumi-cli.mjs'
import { NODE_24, ROOT } from '../../tools/run.mjs'

/** What the program, the dynamic provider and the pack of every run of the engine load. */
const LOADS = `for (const name of ['@pulumi/policy', '@pulumi/pulumi/cmd/dynamic-provider']) require(name); process.exit()`

let compiled: string | null = null

/**
 * Before the engine tests: they never pass, and are never skipped, where there is no engine or nothing built to run in it. Node compiles the SDK for
 * all of them here: the engine kills what it starts, and then Node keeps nothing.
 */
export function setup(): void {
  requirePulumi()
  if (!existsSync(join(ROOT, 'dist', 'bin', 'provider.js'))) throw new Error('dist/ is not built. Run: npm run setup')
  compiled = mkdtempSync(join(tmpdir(), 'tenant-drift-compiled-'))
  process.env['NODE_COMPILE_CACHE'] = compiled
  spawnSync(NODE_24, ['-e', LOADS], { cwd: ROOT, stdio: 'ignore' })
}

export function teardown(): void {
  if (compiled !== null) rmSync(compiled, { recursive: true, force: true })
}
