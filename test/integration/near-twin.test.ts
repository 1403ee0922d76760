import { describe, expect, it } from 'vitest'
import { envOf, folderWith, reportIn, run } from '../cli/run.ts'
import { tenantWith } from '../tenant/with-tenant.ts'

const WRITTEN = 'https://orders.example.com/'
const SAYS = 'which differs only in a trailing slash or in letter case'

async function check(live: string, argv: readonly string[]) {
  const tenant = await tenantWith({ apis: 0 })
  tenant.create({ identifier: live, name: 'Orders' })
  const cwd = folderWith({ 'd.json': { resource_servers: [{ identifier: WRITTEN }] } })
  const argument = ['check', '-o', 'json', '--quiet', '--declared', 'd.json', ...argv]
  const { code, out } = await run(argument, { cwd, env: envOf(tenant) })
  const { findings, notes } = reportIn(out)
  return { code, messages: findings.filter(({ counts }) => counts).map(({ message }) => message), notes }
}

describe('an identifier that the tenant has otherwise written', () => {
  it.each(['https://orders.example.com', 'https://Orders.example.com/'])('%s: is one finding', async (live) => {
    const whole = await check(live, [])
    const narrowed = await check(live, ['--exclude', live])

    for (const { code, messages } of [whole, narrowed]) {
      expect(code).toBe(2)
      expect(messages).toEqual([`${WRITTEN} is declared, and the tenant has ${live}, ${SAYS}.`])
    }
  })

  it('is not looked for where only named APIs are read, and the report says so', async () => {
    const { code, messages, notes } = await check('https://orders.example.com', ['--target', WRITTEN])

    expect([code, messages]).toEqual([2, [`${WRITTEN} is declared and gone from the tenant.`]])
    expect(notes.join()).toContain('with another trailing slash or letter case')
  })
})
