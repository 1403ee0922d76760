import fc from 'fast-check'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import {
  canonical,
  canonicalText,
  exceedsDepth,
  own,
  sameJson,
  type Json,
  type JsonObject,
} from '../../src/schema/json.ts'

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>

/** The same value with the keys of every object the other way round, in objects without a prototype. */
function turned(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(turned)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value as JsonObject).toReversed()
  const object = Object.create(null) as Record<string, Json>
  for (const [key, member] of entries) Object.defineProperty(object, key, { value: turned(member), enumerable: true })
  return object
}

describe('canonical JSON', () => {
  it('is the same text for the same value, whatever the order of keys', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalText(turned(value))).toBe(canonicalText(value))
      }),
    )
  })

  it('means the same as the value', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalText(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('keeps a key named __proto__, and sorts by code units', () => {
    const value = JSON.parse('{"b":1,"__proto__":{"x":1},"B":2,"é":3,"a":4}') as JsonObject

    expect(canonicalText(value)).toBe('{"B":2,"__proto__":{"x":1},"a":4,"b":1,"é":3}')
    expect(Object.getPrototypeOf(canonical(value))).toBe(Object.prototype)
  })
})

describe('sameness', () => {
  it('is that of the canonical text', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(sameJson(a, turned(a))).toBe(true)
        expect(sameJson(a, b)).toBe(canonicalText(a) === canonicalText(b))
      }),
    )
  })

  it.each([
    [undefined, null],
    [null, {}],
    [[], {}],
    [{}, []],
    [[1], [1, 1]],
    [{ a: 1 }, { b: 1 }],
    [{ a: 1 }, { a: 1, b: 2 }],
    ['1', 1],
    [JSON.parse('{"__proto__":{}}') as Json, {}],
    [{}, JSON.parse('{"toString":1}') as Json],
  ] as const)('is not between %j and %j', (a, b) => {
    expect(sameJson(a, b)).toBe(false)
  })

  it('takes minus zero for zero, as the wire does', () => {
    expect(sameJson(JSON.parse('-0') as Json, 0)).toBe(true)
    expect(isDeepStrictEqual(JSON.parse('-0'), 0)).toBe(false)
  })
})

describe('own', () => {
  it.each(['constructor', 'toString', '__proto__'])('does not reach the prototype by %s', (key) => {
    expect(own({}, key)).toBeUndefined()
    expect(own(undefined, key)).toBeUndefined()
  })

  it('finds an own key whatever its name', () => {
    expect(own(JSON.parse('{"__proto__":1}') as JsonObject, '__proto__')).toBe(1)
  })
})

describe('depth', () => {
  it.each([
    [1, 0, true],
    [1, 1, false],
    [64, 64, false],
    [65, 64, true],
    [100_000, 64, true],
  ])('of %d lists exceeds %d: %s', (depth, limit, answer) => {
    let value: Json = []
    for (let level = 1; level < depth; level++) value = [value]

    expect(exceedsDepth(value, limit)).toBe(answer)
  })
})
