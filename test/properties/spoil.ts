import fc from 'fast-check'
import type { Json } from '../../src/schema/json.ts'
import { RAW, STRANGE, textOf, wounded, type Wound } from './wounds.ts'

export { isOnlySecret, PLANTED } from './wounds.ts'

const strange: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom(...Object.keys(RAW)),
  fc.constantFrom<Json[]>(...STRANGE),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
  fc.string({ unit: 'binary', maxLength: 8 }),
)

const wound: fc.Arbitrary<Wound> = fc.record({
  at: fc.nat(10_000),
  how: fc.constantFrom('value', 'value', 'value', 'key', 'gone', 'more'),
  value: strange,
})

/** What happens to a text after it was written. */
const ENDINGS: readonly ((text: string, at: number) => string)[] = [
  (text) => text,
  (text) => text,
  (text) => text,
  (text) => text,
  (text, at) => text.slice(0, at % (text.length + 1)),
  (text, at) => text.slice(0, at % (text.length + 1)) + text.slice((at % (text.length + 1)) + 1),
  (text) => `\uFEFF${text}`,
  (text) => text + text,
]

/** JSON texts that are nearly these values: a few places hold something else, and some texts are cut or damaged. */
export function spoiled(values: fc.Arbitrary<Json>): fc.Arbitrary<string> {
  return fc
    .tuple(values, fc.array(wound, { maxLength: 3 }), fc.constantFrom(...ENDINGS), fc.nat(100_000))
    .map(([value, wounds, ending, at]) => ending(textOf(wounds.reduce(wounded, value)), at))
}
