import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Simulator } from '../../src/simulator/front.ts'
import { envOf, folderWith, run } from '../cli/run.ts'
import { checkFiles, liveFive, realText, tenantOf } from '../support/real-states.ts'

/** What `record` writes of this tenant. */
async function recordOf(tenant: Simulator): Promise<string> {
  const cwd = folderWith()
  await run(['record', '--quiet'], { cwd, env: envOf(tenant) })
  return readFileSync(join(cwd, 'tenant-drift.recorded.json'), 'utf8')
}

const SOURCES = [
  ['tfstate', 'terraform-provider-1.38.0.tfstate'],
  ['tfstate', 'terraform-provider-1.38.0.show.json'],
] as const

describe('what the real provider wrote', () => {
  it.each(SOURCES)('%s:%s is in sync with the tenant right after its apply', async (kind, name) => {
    const tenant = await tenantOf(liveFive())

    const checked = await checkFiles(tenant, { [name]: realText(name) }, ['--declared', `${kind}:${name}`])

    expect([checked.code, checked.counting]).toEqual([0, []])
  })
})

describe('laundering: what an apply or a refresh takes over', () => {
  const PLAN = 'tfplan-five-from-nothing.json'
  const STATE = 'terraform-provider-1.38.0.tfstate'
  const [MINIMAL, FULL] = ['https://minimal.example.com/', 'https://full.example.com/']

  /** The state after somebody flipped these in the tenant, and Terraform read it. */
  const laundered = realText(STATE).replaceAll('"enforce_policies": false', '"enforce_policies": true')

  it('is found by the code itself, with a record, and the state as base makes nothing pending', async () => {
    const before = liveFive()
    const tenant = await tenantOf(before)
    const recorded = await recordOf(tenant)
    const files = { [PLAN]: realText(PLAN), 's.tfstate': laundered, 'tenant-drift.recorded.json': recorded }
    const silent = await checkFiles(tenant, files, ['--declared', `tfplan:${PLAN}`])
    for (const { identifier } of before) tenant.edit(identifier as string, { enforce_policies: true })
    tenant.edit(MINIMAL, { signing_alg: 'HS256', signing_secret: 'made-by-hand-0123456789' })

    const byPlan = await checkFiles(tenant, files, ['--declared', `tfplan:${PLAN}`])
    const byState = await checkFiles(tenant, files, ['--declared', 'tfstate:s.tfstate'])
    const based = await checkFiles(tenant, files, ['--declared', `tfplan:${PLAN}`, '--base', 'tfstate:s.tfstate'])

    const flipped = before.map(({ identifier }) => identifier).filter((identifier) => identifier !== FULL)
    expect([silent.code, silent.counting]).toEqual([0, []])
    for (const { code, counting } of [byPlan, byState, based]) {
      expect(code).toBe(2)
      expect(counting.filter((each) => each.includes(' enforce_policies '))).toHaveLength(flipped.length)
      expect(counting.some((each) => each.startsWith(`${MINIMAL} signing_alg `))).toBe(true)
    }
  })
})
