import { expect, it } from 'vitest'
import { FIELDS } from '../../src/schema/fields.ts'
import { SIGNING_SECRET } from '../../src/schema/secret-field.ts'

it('the field that is spelt out is the one that the catalogue compares as a secret, and there is no other', () => {
  expect(FIELDS.filter(({ compare }) => compare === 'secret').map(({ path }) => path)).toEqual([SIGNING_SECRET])
})
