import { describe, expect, it } from 'vitest'
import { commandLine, judgeCommandLine } from '../../evidence/fuzz/command-lines.ts'
import { isBuilt } from '../support/built.ts'
import { IS_WIDE } from '../support/wide.ts'

const LINES = IS_WIDE ? 1000 : 30
const AT_ONCE = 4

describe.skipIf(!isBuilt)('any command line (skipped where dist/ was not built)', { timeout: 900_000 }, () => {
  it('ends in 0, 1 or 2, says why in 1 and no error in 0, and no drift goes quiet by a slip of the pen', async () => {
    const seed = Number(process.env['TENANT_DRIFT_SEED'] ?? Date.now() % 1_000_000)
    console.log(`command lines of TENANT_DRIFT_SEED=${seed}`)
    const left = Array.from({ length: LINES }, (_, index) => commandLine(seed, index))
    const wrong: unknown[] = []
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let line = left.shift(); line !== undefined; line = left.shift())
          wrong.push(...(await judgeCommandLine(line)))
      }),
    )

    expect(wrong).toEqual([])
  })

  it('is judged: a drift that is told is 2, and the same with nothing that it looks at', async () => {
    const env = { AUTH0_DOMAIN: 'acme.eu.auth0.com' }
    const plain = ['check', '--live', 'live.json', '--declared', 'declared.yaml']

    expect(await judgeCommandLine({ argv: plain, env })).toEqual([])
    expect(await judgeCommandLine({ argv: [...plain, '--fail-on', 'never'], env })).toEqual([])
  })
})
