import { describe, expect, test } from 'vitest'
import { FORMS, modelOf, tenantWith } from '../support/checks.ts'
import type { Resource } from '../support/engine-model.ts'
import { APPLIED, BEFORE_AN_EDIT, MOMENTS } from '../support/worlds.ts'

const CHECKS = ['preview', 'preview --refresh', 'refresh --preview-only'] as const
const STARTS = { 'nothing applied': null, 'applied in sync': APPLIED, 'applied before an edit': BEFORE_AN_EDIT }
const starts = Object.keys(STARTS) as (keyof typeof STARTS)[]

describe('a tenant that changes between the check and the update of one `up`', () => {
  test.for(FORMS.flatMap((form) => starts.map((start) => [form, start] as const)))(
    '%s, %s: whatever an up stored, a difference still shows, and the end of it is silent after one more up',
    async ([form, start]) => {
      const run = modelOf(await tenantWith(), form)
      const applied = STARTS[start]
      const initial: Resource | null = applied === null ? null : (await run('up', applied, null)).state
      const wrong: string[] = []

      for (const [seen, checked] of Object.entries(MOMENTS)) {
        for (const [met, meanwhile] of Object.entries(MOMENTS)) {
          const { state } = await run('up', checked, initial, meanwhile)
          for (const [found, later] of Object.entries(MOMENTS)) {
            for (const command of CHECKS) {
              const { changed } = await run(command, later, state)
              if (later !== MOMENTS.right && !changed) wrong.push(`${seen}, ${met}, ${found}: ${command} is silent`)
            }
          }
          const right = MOMENTS.right ?? APPLIED
          const mended = (await run('up', right, state)).state
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
