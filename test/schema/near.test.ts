import { describe, expect, it } from 'vitest'
import { near, nearOrAll } from '../../src/schema/near.ts'

const NAMES = ['signing_alg', 'signing_secret', 'token_lifetime', 'token_lifetime_for_web', 'id']

describe('names that somebody may have meant', () => {
  it('are those a few letters away, the nearest first', () => {
    expect(near('signing_algo', NAMES)).toEqual(['signing_alg'])
    expect(near('token_lifetimes', NAMES)).toEqual(['token_lifetime'])
    expect(near('colour', NAMES)).toEqual([])
  })

  it('are asked for in place of the list of all, and not for names so short that everything is near', () => {
    const all = `known in a resource server: ${NAMES.join(', ')}`
    expect(nearOrAll('signing_algo', all)).toBe('did you mean signing_alg?')
    expect(nearOrAll('colour', all)).toBe(all)
    expect(nearOrAll('x', all)).toBe(all)
  })
})
