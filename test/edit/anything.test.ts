import { describe, expect, it } from 'vitest'
import { rewrite } from '../../src/edit/text.ts'
import { readText } from '../../src/declared/source-text.ts'
import { findNode } from '../../src/declared/source-tree.ts'
import { isJsonObject, sameJson, type Json, type JsonObject } from '../../src/schema/json.ts'
import { FORMS } from '../support/written-forms.ts'

/** A linear congruential generator: the same declarations in every run. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

const TEXTS = [
  'plain',
  'true',
  '1',
  'x: y',
  '# no',
  '- a',
  "it's",
  '"q"',
  'two\nlines',
  'tab\there',
  '',
  ' lead',
  'trail ',
  '*star',
  '&amp',
]
const MORE = [
  '!tag',
  '{b}',
  '[c]',
  'a,b',
  'é\u202E',
  '${v}',
  'null',
  '~',
  '|',
  '%x',
  '@x',
  'a #b',
  'a\n\n',
  '\na',
  `${'x'.repeat(90)} y`,
]

class Maker {
  readonly next: () => number
  constructor(seed: number) {
    this.next = random(seed)
  }

  pick<T>(values: readonly T[]): T {
    return values[Math.floor(this.next() * values.length)] as T
  }

  text(): string {
    return this.pick([...TEXTS, ...MORE])
  }

  scopes(): readonly JsonObject[] {
    const names = ['r', 'w', 'x:y', 'z'].filter(() => this.next() < 0.6)
    return names.map((value) => (this.next() < 0.5 ? { value } : { value, description: this.text() }))
  }

  api(identifier: string): JsonObject {
    const fields: readonly (readonly [string, Json])[] = [
      ['name', this.text()],
      ['token_lifetime', Math.floor(this.next() * 100)],
      ['scopes', this.pick([this.scopes(), this.scopes(), [], null])],
      ['proof_of_possession', this.pick([null, { mechanism: 'dpop', required: true }, { mechanism: 'mtls' }])],
      ['access', this.pick<Json>([{}, { user: { policy: this.text() } }, { user: {}, client: { policy: 'b' } }])],
    ]
    return { identifier, ...Object.fromEntries(fields.filter(() => this.next() < 0.7)) }
  }

  /** Another declaration of some of the same APIs, and perhaps of one more; most fields stay. */
  other(apis: readonly JsonObject[]): readonly JsonObject[] {
    const kept = apis
      .filter(() => this.next() < 0.85)
      .map((api) => {
        if (this.next() < 0.4) return api
        const fresh = this.api(api.identifier as string)
        const keys = [...new Set([...Object.keys(api), ...Object.keys(fresh)])]
        const chosen = keys.flatMap((key) => {
          const from = this.next() < 0.5 ? fresh : api
          return from[key] === undefined ? [] : [[key, from[key]] as const]
        })
        return Object.fromEntries(chosen)
      })
    return this.next() < 0.3 ? [...kept, this.api('new')] : kept
  }
}

/** The text of each API, by its identifier. */
async function textsOf(file: string, text: string): Promise<ReadonlyMap<string, string>> {
  const reading = await readText(file, text)
  if (!reading.ok) throw new Error(JSON.stringify(reading.faults))
  const { value, tree } = reading.source
  const servers = isJsonObject(value) ? (value.resource_servers as readonly JsonObject[]) : []
  const { root } = tree()
  const starts = servers.map((_api, index) => findNode(root, ['resource_servers', index])?.keyOffset ?? 0)
  return new Map(
    servers.map((api, index) => {
      const whole = text.slice(starts[index], starts[index + 1] ?? text.length)
      // Without what leads over to the next one.
      return [api.identifier as string, whole.replace(/[\s,}\]-]*(?:# above \d+[\s-]*)*$/, '')] as const
    }),
  )
}

describe.each(FORMS)('any change of a declaration in $name', ({ file, write }) => {
  it.each([1, 2, 3, 4, 5])('comes out exactly, and APIs that are the same keep their bytes (%i)', async (seed) => {
    const maker = new Maker(seed)
    for (let round = 0; round < 40; round++) {
      const apis = ['a', 'b', 'c'].filter(() => maker.next() < 0.8).map((name) => maker.api(name))
      const wanted = maker.other(apis)
      const text = write({ resource_servers: apis })

      const after = (await rewrite(file, text, { resource_servers: wanted })) ?? ''

      const reading = await readText(file, after)
      expect(reading.ok && sameJson(reading.source.value, { resource_servers: wanted })).toBe(true)
      const [before, now] = [await textsOf(file, text), await textsOf(file, after)]
      const same = apis
        .filter((api) => wanted.some((each) => sameJson(each, api)))
        .map(({ identifier }) => identifier as string)
      expect(same.map((name) => now.get(name))).toEqual(same.map((name) => before.get(name)))
    }
  })
})
