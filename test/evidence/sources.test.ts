import { expect, it } from 'vitest'
import { runSources } from '../../evidence/runners/sources.ts'

it('no source that cannot tell makes a run clean, or a difference pending', async () => {
  const { cases, wrong } = await runSources()

  expect(wrong).toEqual([])
  expect(cases).toBeGreaterThan(1800)
})
