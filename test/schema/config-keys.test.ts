import { expect, it } from 'vitest'
import { configKeys } from '../../src/schema/config-keys.ts'

it('a key that takes one word, or false alone, is told so: true is refused there', () => {
  const types = Object.fromEntries(configKeys().map((each) => [each.key, each.type]))
  expect([types.history, types['notify[].heartbeat.fail'], types['notify[].who']]).toEqual([
    'text or false or object',
    'none',
    'full',
  ])
})
