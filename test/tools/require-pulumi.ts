import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { requirePulumi } from '../../tools/pulumi-cli.mjs'
import { ROOT } from '../../tools/run.mjs'

/** Before the engine tests: they never pass, and are never skipped, where there is no engine or nothing built to run in it. */
export function setup(): void {
  requirePulumi()
  if (!existsSync(join(ROOT, 'dist', 'bin', 'provider.js'))) throw new Error('dist/ is not built. Run: npm run setup')
}
