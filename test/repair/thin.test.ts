import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { envOf, folderWith, run } from '../cli/run.ts'
import { tenantWith } from '../tenant/with-tenant.ts'

function bash(script: string, args: readonly string[], env: Record<string, string>) {
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    execFile('bash', [script, ...args], { env: { PATH: process.env.PATH ?? '', ...env } }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    )
  })
}

it('a plan puts one field back', async () => {
  const tenant = await tenantWith({ apis: 0 })
  tenant.create({ identifier: 'urn:orders', allow_offline_access: true, scopes: [{ value: "a'$(touch x)`\u202e" }] })
  const cwd = folderWith({
    'declared/a.json': {
      resource_servers: [
        {
          identifier: 'urn:orders',
          allow_offline_access: false,
          scopes: [{ value: "a'$(touch x)`\u202e", description: 'hm' }],
        },
      ],
    },
  })
  const io = { cwd, env: envOf(tenant) }
  const ran = await run(
    ['repair', '--quiet', '--output', 'text', '--output', 'json=plan.json', '--output', 'sh=fix.sh'],
    io,
  )
  expect(ran.code).toBe(0)
  const done = await bash(path.join(cwd, 'fix.sh'), [], { AUTH0_API_TOKEN: tenant.token })
  expect(done.code).toBe(0)
  expect((await run(['check', '--quiet'], io)).code).toBe(0)
  const again = await bash(path.join(cwd, 'fix.sh'), [], { AUTH0_API_TOKEN: tenant.token })
  const undone = await bash(path.join(cwd, 'fix.sh'), ['--inverse'], { AUTH0_API_TOKEN: tenant.token })
})
