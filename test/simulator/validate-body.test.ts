import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { FieldRow } from '../../src/schema/field-row.ts'
import { FIELDS } from '../../src/schema/fields.ts'
import { validateBody } from '../../src/simulator/validate-body.ts'

describe('a new field of the catalogue', () => {
  const name = FIELDS.find(({ path }) => path === 'name') as FieldRow
  const rows: readonly FieldRow[] = [
    ...FIELDS,
    { ...name, path: 'new_setting', json: 'integer', schema: z.int().max(9) },
  ]

  it('is accepted and checked as soon as it has its row', () => {
    expect(validateBody({ new_setting: 5 }, 'update')).toMatchObject({
      text: 'Additional properties not allowed: new_setting',
    })
    expect(validateBody({ new_setting: 5 }, 'update', rows)).toBeNull()
    expect(validateBody({ new_setting: 10 }, 'update', rows)).toEqual({
      text: 'Value 10 is greater than maximum 9',
      property: 'new_setting',
    })
  })
})
