#!/usr/bin/env node
// npm run demo: dependencies and build, then the story of the command alone, then a real `pulumi preview` that refuses a drifted tenant. Where the
// machine has no Pulumi CLI, one is made while the first story is told.
import { join } from 'node:path'
import { startCliBeside } from './cli-beside.mjs'
import { cleanEnvironment } from './environment.mjs'
import { NODE_24, ROOT, run, runTool } from './run.mjs'
import { Screen } from './screen.mjs'

await runTool(async () => {
  const setup = await run(process.execPath, [join(ROOT, 'tools', 'setup.mjs'), '--project'], { show: true })
  if (setup.code !== 0) return 1
  const screen = new Screen()
  const cli = startCliBeside(screen)
  const color = process.stdout.isTTY && !process.env.NO_COLOR ? ['--color'] : []
  /** @param {string} name */
  const tell = async (name) => {
    const args = [join(ROOT, 'tools', name), ...color]
    const story = await run(NODE_24, args, { env: cleanEnvironment(), show: screen.show })
    screen.flush()
    return story.code
  }
  const command = await tell('demo-command.mjs')
  const why = await cli.ready()
  if (why !== null) {
    screen.say('')
    screen.say(`The previews were not shown. ${why}`)
    return 1
  }
  const previews = await tell('demo-story.mjs')
  return command === 0 ? previews : command
})
