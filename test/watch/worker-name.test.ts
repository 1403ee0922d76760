import { spawnSync } from 'node:child_process'
import { hostname } from 'node:os'
import { expect, it } from 'vitest'
import { isGone, workerName } from '../../src/watch/worker-name.ts'

it('knows of this machine alone who is gone', () => {
  const own = workerName()
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  expect([
    isGone(own, own),
    isGone(`${hostname()} ${pid} another`, own),
    isGone(`${hostname()} ${process.ppid} another`, own),
    isGone(`${hostname()} ${process.pid} before-a-restart`, own),
    isGone(`elsewhere ${pid} another`, own),
    isGone('nonsense', own),
  ]).toEqual([false, true, false, true, false, false])
})
