#!/usr/bin/env node
// npm run demo: the set-up, then the story of a drifted tenant and a real `pulumi preview` that refuses it.
import { join } from 'node:path'
import { cleanEnvironment } from './environment.mjs'
import { NODE_24, ROOT, run, runTool } from './run.mjs'

await runTool(async () => {
  const setup = await run(process.execPath, [join(ROOT, 'tools', 'setup.mjs')], { show: true })
  if (setup.code !== 0) return 1
  const color = process.stdout.isTTY && !process.env.NO_COLOR ? ['--color'] : []
  const args = [join(ROOT, 'tools', 'demo-story.mjs'), ...color]
  const story = await run(NODE_24, args, { env: cleanEnvironment(), show: true })
  return story.code
})
