import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { tenantWith } from '../tenant/with-tenant.ts'
import { envOf, folderWith, NOW, run } from './run.ts'

it('init writes all of it or nothing: a part of a declaration would check as in sync', async () => {
  const tenant = await tenantWith({ apis: 3 })
  const cwd = folderWith()
  // While the tenant is read, something comes to stand where the record belongs.
  const now = (): number => {
    mkdirSync(path.join(cwd, 'tenant-drift.recorded.json'), { recursive: true })
    return NOW
  }

  const stopped = await run(['init'], { cwd, env: envOf(tenant), now })

  expect([stopped.code, readdirSync(cwd)]).toEqual([1, ['tenant-drift.recorded.json']])
  expect(stopped.err).toContain('nothing was written')
  expect(existsSync(path.join(cwd, 'declared'))).toBe(false)
})
