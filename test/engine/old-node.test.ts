import { delimiter, dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startSimulator } from '../../src/simulator/front.ts'
import { ROOT } from '../../tools/run.mjs'
import { startProject } from '../support/engine.ts'
import { findOldNode } from '../support/old-node.ts'

const old = findOldNode()
const SENTENCE = 'tenant-drift needs Node 22.19 or newer'

describe.skipIf(old === null)('a preview on an old Node (skipped where PATH has none)', () => {
  const env = { PATH: [dirname(old?.program ?? ''), process.env['PATH']].join(delimiter) }

  it.each([
    ['pack', join(ROOT, 'dist/bin/tenant-drift-policies.js')],
    ['live pack', join(ROOT, 'dist/bin/tenant-drift-live-policies.js')],
  ])('says so for its %s, and does not pass', async (_name, pack) => {
    const tenant = await startSimulator()
    onTestFinished(() => tenant.close())
    const project = await startProject(tenant)
    onTestFinished(() => project.remove())
    const ran = await project.run(['preview', '--policy-pack', pack], { env })
    expect(ran.text).toContain(SENTENCE)
    expect(ran.text).not.toContain('bug in tenant-drift')
    expect(ran.code).not.toBe(0)
  })
})
