#!/usr/bin/env node
// npm run bench [-- PART...]: the set-up, then bench/suite.ts with the repository's Node and nothing of the caller's tenants.
import { join } from 'node:path'
import { cleanEnvironment } from './environment.mjs'
import { NODE_24, ROOT, run, runTool } from './run.mjs'

await runTool(async () => {
  const setup = await run(process.execPath, [join(ROOT, 'tools', 'setup.mjs')], { show: true })
  if (setup.code !== 0) return 1
  const args = [join(ROOT, 'bench', 'suite.ts'), ...process.argv.slice(2)]
  return (await run(NODE_24, args, { env: cleanEnvironment(), show: true })).code
})
