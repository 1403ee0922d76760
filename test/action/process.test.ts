import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { envOf, folderWith } from '../cli/run.ts'
import { programFile } from '../support/built.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { git, pullRequest, repository, ROOT, runnerEnv, writtenBy } from './runner.ts'

const MAIN = programFile('tenant-drift-action')
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

it('ends a check that does not end when it is asked to', async () => {
  const folder = folderWith({
    'stubborn.mjs': "process.on('SIGTERM', () => {})\nconsole.log('here')\nsetInterval(() => {}, 1000)\n",
  })
  const { cwd } = repository(declared)
  const env = runnerEnv(cwd, { event: 'schedule' })
  const script = `
    import { runAction } from ${JSON.stringify(path.join(ROOT, 'src', 'action', 'run-action.ts'))}
    import { stopChecks } from ${JSON.stringify(path.join(ROOT, 'src', 'action', 'run-check.ts'))}
    const command = [process.execPath, ${JSON.stringify(path.join(folder, 'stubborn.mjs'))}]
    process.on('SIGTERM', () => void stopChecks().then(() => process.exit(7)))
    void runAction({ env: process.env, out: (text) => process.stdout.write(text), command, now: Date.now, wait: () => Promise.resolve() })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
  await expect.poll(() => said, { timeout: 10_000 }).toContain('here')
  child.kill('SIGTERM')
  expect(await once(child, 'close')).toEqual([7, null])
  const left = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n')
  expect(left.filter((line) => line.includes(folder))).toEqual([])
})
