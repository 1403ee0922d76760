import type { ResourceValidationArgs, StackValidationArgs } from '@pulumi/policy'
import { expect, test } from 'vitest'
import { nothingJudged } from '../../policies/nothing-judged.ts'
import { tenantWith } from '../support/checks.ts'
import { runLive } from './live/run-live.ts'
import { serverCheck, tenantCheck, type Resource } from './run-policies.ts'

const STACK: Resource = { type: 'pulumi:pulumi:Stack', props: {} }
const AUTH0_API: Resource = { type: 'auth0:index/resourceServer:ResourceServer', props: {} }
const excluded = serverCheck({}, { status: 'excluded' })

/** What the policy says over a whole program, as the SDK runs it. */
async function saidOver(...resources: readonly Resource[]): Promise<string> {
  const policy = nothingJudged()
  const texts: string[] = []
  const report = (found: unknown) => texts.push((found as { message: string }).message)
  const validate = policy.validateResource as (args: ResourceValidationArgs, found: typeof report) => void
  for (const { type, props } of resources) validate({ type, props } as unknown as ResourceValidationArgs, report)
  await policy.validateStack?.({ resources: [] } as unknown as StackValidationArgs, report)
  return texts.join('\n')
}

test.for([
  ['a check of one API', serverCheck({})],
  ['a check of a tenant', tenantCheck({})],
  ['a check that could not read the tenant', serverCheck({}, { status: 'unreadable' })],
] as const)('the main pack judged something: %s', async ([, check]) => {
  expect(await saidOver(STACK, AUTH0_API, excluded, check)).toBe('')
})

test('the main pack says that it judged nothing, and what would have', async () => {
  expect(await saidOver(STACK)).toMatch(/^Nothing was judged: .*no check of tenant-drift/)
  expect(await saidOver(STACK)).not.toContain('tenant-drift-live-policies')
  // As the full token has it, and as YAML programs write it.
  for (const type of [AUTH0_API.type, 'auth0:ResourceServer', 'auth0:index:ResourceServerScopes'])
    expect(await saidOver(STACK, { type, props: {} })).toContain('tenant-drift-live-policies')
  expect(await saidOver(STACK, excluded)).toContain('the configuration excludes')
})

test('of a tenant whose every API is excluded it is said once, whatever else was judged', async () => {
  const whole = tenantCheck({}, { allExcluded: true })

  const said = [await saidOver(STACK, whole), await saidOver(STACK, serverCheck({}), whole, excluded)]

  for (const text of said)
    expect(text).toMatch(/^Nothing that is declared for .*acme\.eu\.auth0\.com.* excludes every one/)
  expect(said.map((text) => text.match(/Fix: /g)?.length)).toEqual([1, 1])
})

test('the live pack says that it judged nothing, and is silent where it is disabled', async () => {
  const tenant = await tenantWith()

  const empty = await runLive(tenant, [])
  const disabled = await runLive(tenant, [], { config: { 'nothing-judged': { enforcementLevel: 'disabled' } } })
  const checks = await runLive(tenant, [], { beside: [serverCheck({}).type] })

  expect([empty.lines, checks.lines]).toEqual([
    ['mandatory nothing-judged shop-dev'],
    ['mandatory nothing-judged shop-dev'],
  ])
  expect(disabled.lines).toEqual([])
  expect(empty.text).not.toContain('tenant-drift-policies')
  expect(checks.text).toContain('(tenant-drift-policies)')
  expect(tenant.requests()).toEqual({})
})
