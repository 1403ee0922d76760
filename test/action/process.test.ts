import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { envOf } from '../cli/run.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { git, pullRequest, repository, ROOT, runnerEnv, writtenBy } from './runner.ts'

const MAIN = path.join(ROOT, 'src', 'action', 'main.ts')
const declared = { 'declared/a.json': { resource_servers: [] } }

it('as a process it ends with the code of the check', async () => {
  const tenant = await tenantWith({ apis: 0 })
  const { cwd } = repository(declared)
  const env = runnerEnv(cwd, { event: 'schedule', env: envOf(tenant) })
  const child = spawn(process.execPath, [MAIN], { cwd, env, stdio: 'ignore' })
  expect(await once(child, 'close')).toEqual([0, null])
  expect(writtenBy(env).outputs).toMatchObject({ verdict: 'in-sync', 'exit-code': '0' })
})

it('ends the check where it is ended itself, and never touches the work tree', async () => {
  const tenant = await tenantWith()
  const repo = repository(declared, { 'tenant-drift.yaml': 'accept: []\n' })
  const config = path.join(repo.cwd, 'tenant-drift.yaml')
  const asked = new Promise<void>((resolve) => {
    tenant.onRequest(() => resolve())
  })
  tenant.setFault({ kind: 'hang' })
  const env = runnerEnv(repo.cwd, { payload: pullRequest(repo), env: envOf(tenant) })
  const ours = () =>
    execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes(env['RUNNER_TEMP'] ?? ''))
  const child = spawn(process.execPath, [MAIN], {
    cwd: repo.cwd,
    env: { ...env, TMPDIR: env['RUNNER_TEMP'] },
    stdio: 'ignore',
  })
  await asked
  expect(ours()).not.toEqual([])
  expect(readFileSync(config, 'utf8')).toBe('accept: []\n')
  child.kill('SIGTERM')
  expect(await once(child, 'close')).toEqual([143, null])
  expect(git(repo.cwd, 'status', '--porcelain')).toBe('')
  await expect.poll(ours, { timeout: 10_000 }).toEqual([])
  // What git was asked in is gone, too.
  await expect
    .poll(() => readdirSync(env['RUNNER_TEMP'] ?? '').filter((name) => name.startsWith('tenant-drift-git-')), {
      timeout: 10_000,
    })
    .toEqual([])
})
