import { spawnSync } from 'node:child_process'
import { hostname } from 'node:os'
import { expect, it } from 'vitest'
import { isWorkerGone, workerName } from '../../src/watch/worker-name.ts'

it('knows of this machine alone who is gone', () => {
  const own = workerName()
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  expect([
    isWorkerGone(own, own),
    isWorkerGone(`${hostname()} ${pid} another`, own),
    isWorkerGone(`${hostname()} ${process.ppid} another`, own),
    isWorkerGone(`${hostname()} ${process.pid} before-a-restart`, own),
    isWorkerGone(`elsewhere ${pid} another`, own),
    isWorkerGone('nonsense', own),
  ]).toEqual([false, true, false, true, false, false])
})
