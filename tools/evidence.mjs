#!/usr/bin/env node
// npm run evidence [-- PART]: the set-up, then the evidence, each part with the repository's Node and nothing of the caller's tenants. Exit 1 where a
// figure got worse than the committed one, or where a property fails on ten thousand inputs.
import { join } from 'node:path'
import { cleanEnvironment } from './environment.mjs'
import { NODE_24, ROOT, run, runTool, say, SetupError } from './run.mjs'

const VITEST = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
const RUNS = '10000'
const WIDE = [
  'test/engine/sequences.test.ts',
  'test/engine/package.test.ts',
  'test/engine/many.test.ts',
  'test/provider/sequences.test.ts',
  'test/provider/meanwhile.test.ts',
  'test/integration/gate-and-check.test.ts',
  'test/integration/from-deploy-cli.test.ts',
  'test/integration/proxies.test.ts',
  'test/integration/any-command-line.test.ts',
]

/** @typedef {{ args: readonly string[], env?: Readonly<Record<string, string>>, asksRegistries?: boolean }} Part */

/** @type {Readonly<Record<string, Part>>} */
const PARTS = {
  detection: { args: [join(ROOT, 'evidence', 'detection.ts')] },
  fidelity: { args: [join(ROOT, 'evidence', 'fidelity.ts')] },
  faults: { args: [join(ROOT, 'evidence', 'faults.ts')] },
  fuzz: { args: [join(ROOT, 'evidence', 'fuzz.ts')] },
  repair: { args: [join(ROOT, 'evidence', 'repair.ts')] },
  gate: { args: [join(ROOT, 'evidence', 'gate.ts')] },
  memory: { args: [join(ROOT, 'evidence', 'memory.ts')] },
  watch: { args: [join(ROOT, 'evidence', 'watch.ts')] },
  who: { args: [join(ROOT, 'evidence', 'who.ts')] },
  secrets: { args: [join(ROOT, 'evidence', 'secrets.ts')] },
  // It needs the caller's own way to the registries, and nothing of anybody's tenant.
  fields: { args: [join(ROOT, 'evidence', 'fields.ts')], asksRegistries: true },
  // What `npm test` takes samples of.
  sequences: { args: [VITEST, 'run', ...WIDE], env: { TENANT_DRIFT_RUNS: RUNS } },
  properties: { args: [VITEST, 'run', '--project', 'unit', 'test/properties'], env: { TENANT_DRIFT_RUNS: RUNS } },
}

await runTool(async () => {
  const wanted = process.argv.slice(2)
  const stranger = wanted.find((name) => !Object.hasOwn(PARTS, name))
  if (stranger !== undefined) {
    throw new SetupError(
      `there is no evidence named ${stranger}: name ${Object.keys(PARTS).join(' or ')}, or nothing for all`,
    )
  }
  const setup = await run(process.execPath, [join(ROOT, 'tools', 'setup.mjs')], { show: true })
  if (setup.code !== 0) return 1
  let isGood = true
  for (const [name, { args, env, asksRegistries = false }] of Object.entries(PARTS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    say(`evidence: ${name}`)
    const { code } = await run(NODE_24, args, {
      env: { ...(asksRegistries ? process.env : cleanEnvironment()), ...env },
      show: true,
    })
    isGood &&= code === 0
  }
  return isGood ? 0 : 1
})
