import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isCleanValue } from '../../src/schema/clean-value.ts'
import { declaredMistakes, declaredSchema } from '../../src/schema/declared-schema.ts'
import { FIELDS } from '../../src/schema/fields.ts'
import { isJsonObject, type Json, type JsonObject } from '../../src/schema/json.ts'
import { mutations, noOps } from '../support/corpus.ts'

const schema = declaredSchema()
const corpus = [...mutations(), ...noOps()].map(({ declared }) => declared)

/** Whether both judges agree, and what they say. */
function verdicts(value: Json): { quick: boolean; whole: boolean } {
  return { quick: isCleanValue(value, FIELDS), whole: schema.safeParse(value).success }
}

const strange = fc.oneof(
  fc.json().map((text) => JSON.parse(text) as Json),
  fc.constantFrom<Json[]>(null, '', [], {}, 0, -1, 1.5, 2_592_001, true, 'x'.repeat(2000), '<name>', [{}], [null]),
)

/** The value with another one somewhere inside, under the names that are there or a strange one. */
function changed(value: Json, steps: readonly number[], put: Json, key: string): Json {
  const [step = 0, ...rest] = steps
  if (Array.isArray(value) && value.length > 0) {
    const items = value as readonly Json[]
    if (steps.length === 0) return [...items, items[0] as Json]
    return items.map((item, index) => (index === step % items.length ? changed(item, rest, put, key) : item))
  }
  if (!isJsonObject(value) || steps.length === 0) return put
  const keys = [...Object.keys(value), key]
  const chosen = keys[step % keys.length] ?? key
  const { [chosen]: member, ...others } = value
  if (member === undefined) return { ...value, [key]: put }
  return step % 5 === 0 ? others : { ...value, [chosen]: changed(member, rest, put, key) }
}

describe('the quick look at a declared resource server', () => {
  it('accepts all that is right in the corpus of every field', () => {
    expect(corpus.length).toBeGreaterThan(100)
    expect(corpus.map(verdicts).filter(({ quick, whole }) => quick !== whole)).toEqual([])
    expect(corpus.some((value) => isCleanValue(value, FIELDS))).toBe(true)
  })

  it('agrees with the schema of the whole on values that are changed anywhere', () => {
    const step = fc.nat(1000)
    const property = fc.property(
      fc.constantFrom(...corpus),
      fc.array(step, { maxLength: 4 }),
      strange,
      fc.constantFrom('surprise', '__proto__', 'constructor', 'signing_alg', 'scopes', 'value'),
      (value, steps, put, key) => {
        const { quick, whole } = verdicts(changed(value, steps, put, key))
        expect(quick).toBe(whole)
      },
    )
    fc.assert(property, { numRuns: 3000, seed: 5 })
  })

  it('remembers what was right and not what was wrong', () => {
    const api = (signing_alg: Json): JsonObject => ({ identifier: 'https://a.example/', signing_alg })
    expect([api('RS256'), api('none'), api('RS256'), api('none')].map((each) => isCleanValue(each, FIELDS))).toEqual([
      true,
      false,
      true,
      false,
    ])
    expect(declaredMistakes(api('none'))).toHaveLength(1)
  })
})
