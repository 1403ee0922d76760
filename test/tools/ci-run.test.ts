import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ROOT } from '../../tools/run.mjs'

let bin: string

beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'tenant-drift-ci-'))
})

afterEach(() => rmSync(bin, { recursive: true, force: true }))

/** Runs the real .ci/run with an `npm` that prints these lines and ends with this code. */
function ciRun(lines: string[], code: number): { status: number | null; lines: string[] } {
  const text = lines.map((line) => `echo '${line}'`).join('\n')
  writeFileSync(join(bin, 'npm'), `#!/bin/sh\n${text}\nexit ${code}\n`)
  chmodSync(join(bin, 'npm'), 0o755)
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH ?? ''}` }
  const { status, stdout } = spawnSync('bash', [join(ROOT, '.ci', 'run')], { env, cwd: bin, encoding: 'utf8' })
  return { status, lines: stdout.trimEnd().split('\n') }
}

describe('.ci/run', () => {
  it('ends with the closing line of npm test, once', () => {
    expect(ciRun(['ok     set-up', '12 passed, 0 failed'], 0)).toEqual({
      status: 0,
      lines: ['ok     set-up', '12 passed, 0 failed'],
    })
  })

  it('hands on the failure', () => {
    expect(ciRun(['11 passed, 1 failed'], 1)).toEqual({ status: 1, lines: ['11 passed, 1 failed'] })
  })

  it('repeats the closing line at the end when npm spoke after it', () => {
    const { status, lines } = ciRun(['11 passed, 1 failed', 'npm notice a new version'], 1)
    expect({ status, last: lines.at(-1) }).toEqual({ status: 1, last: '11 passed, 1 failed' })
  })

  it('counts a run that never reached its end as a failure, whatever it returned', () => {
    expect(ciRun(['Segmentation fault'], 0)).toEqual({ status: 1, lines: ['Segmentation fault', '0 passed, 1 failed'] })
  })
})
