#!/usr/bin/env node
// npm run demo:watch: dependencies and build, then the service on an embedded tenant: a switch is flipped, and seconds later somebody is told.
import { join } from 'node:path'
import { cleanEnvironment } from './environment.mjs'
import { NODE_24, ROOT, run, runTool } from './run.mjs'

await runTool(async () => {
  const setup = await run(process.execPath, [join(ROOT, 'tools', 'setup.mjs'), '--project'], { show: true })
  if (setup.code !== 0) return 1
  const stays = process.stdout.isTTY && !process.argv.includes('--end') ? ['--stay'] : []
  const story = await run(NODE_24, [join(ROOT, 'tools', 'demo-watch-story.mjs'), ...stays], {
    env: cleanEnvironment(),
    show: true,
  })
  return story.code
})
