import { describe, expect, test } from 'vitest'
import { FORMS, modelOf, tenantWith } from '../support/checks.ts'
import type { Resource } from '../support/engine-model.ts'
import { IS_WIDE } from '../support/wide.ts'
import { APPLIED, BEFORE_AN_EDIT, MOMENTS, MOMENTS_OF_AN_EDIT } from '../support/worlds.ts'

const CHECKS = ['preview', 'preview --refresh', 'refresh --preview-only'] as const
const STARTS = {
  'nothing applied': { applied: null, moments: MOMENTS },
  'applied in sync': { applied: APPLIED, moments: MOMENTS },
  'applied before an edit': { applied: BEFORE_AN_EDIT, moments: MOMENTS },
  'an edit that is not released': { applied: APPLIED, moments: MOMENTS_OF_AN_EDIT },
}
/** In `npm test` each start has all its moments in one form, in turn, and three of them in the others. */
const cases = Object.entries(STARTS).flatMap(([start, { applied, moments }], turn) =>
  FORMS.map((form, index) => {
    const named = Object.entries(moments)
    const part = IS_WIDE || index === turn % FORMS.length ? named : [...named.slice(0, 2), ...named.slice(-1)]
    return { form, start, applied, right: moments.right, moments: part }
  }),
)

describe('a tenant that changes between the check and the update of one `up`', () => {
  test.for(cases)(
    '$form, $start: whatever an up stored, a difference still shows, and the end of it is silent after one more up',
    async ({ form, applied, right, moments }) => {
      const run = modelOf(await tenantWith(), form)
      const initial: Resource | null = applied === null ? null : (await run('up', applied, null)).state
      const wrong: string[] = []

      for (const [seen, checked] of moments) {
        for (const [met, meanwhile] of moments) {
          const { state } = await run('up', checked, initial, meanwhile)
          // What was mended by the time of the update is not stored any more.
          if (meanwhile === right && Object.keys(state?.outputs.drift ?? {}).length > 0)
            wrong.push(`${seen}, ${met}: what is mended is stored`)
          for (const [found, later] of moments) {
            for (const command of CHECKS) {
              const { changed } = await run(command, later, state)
              if (later !== right && !changed) wrong.push(`${seen}, ${met}, ${found}: ${command} is silent`)
            }
          }
          const mended = (await run('up', right, state)).state
          // What stack policies and other stacks see is the outputs.
          if (Object.keys(mended?.outputs.drift ?? { none: true }).length > 0)
            wrong.push(`${seen}, ${met}, mended: stays in the outputs`)
          for (const command of CHECKS) {
            if ((await run(command, right, mended)).changed)
              wrong.push(`${seen}, ${met}, mended: ${command} is not silent`)
          }
        }
      }

      expect(wrong.slice(0, 12)).toEqual([])
    },
  )
})
