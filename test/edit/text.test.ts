import { describe, expect, it } from 'vitest'
import { rewrite } from '../../src/edit/text.ts'
import { readText } from '../../src/declared/source-text.ts'
import { findNode } from '../../src/declared/source-tree.ts'
import type { Json, JsonObject } from '../../src/schema/json.ts'
import { mutations, noOps } from '../support/corpus.ts'
import { FORMS } from '../support/written-forms.ts'

interface Api {
  identifier: string
  name?: string
  signing_alg?: string
  scopes: { value: string; description?: string }[]
  token_encryption: { encryption_key: { pem?: string; thumbprint?: string } }
  access: { user?: { policy: string }; more?: number[]; c?: unknown }
  empty?: unknown
  flag?: boolean
}
/** What a new entry in a list needs not have. */
type Some = Partial<Api>

async function valueOf(file: string, text: string): Promise<Json> {
  const reading = await readText(file, text)
  if (!reading.ok) throw new Error(JSON.stringify(reading.faults))
  return JSON.parse(JSON.stringify(reading.source.value)) as Json
}

/** The text after a change of its value. */
async function edited(file: string, text: string, change: (apis: Api[]) => unknown): Promise<string | null> {
  const value = (await valueOf(file, text)) as JsonObject
  change(value.resource_servers as unknown as Api[])
  return rewrite(file, text, value)
}

const YAML = `# top
resource_servers:
  # first
  - identifier: "urn:a" # who
    signing_alg: RS256   # how
    name: 'It''s'

    scopes: # what
      # reading
      - value: read # beside
        description: |
          long
          text

      - {value: write, description: 'x'} # flow
    token_encryption:
      encryption_key:
        name: k
        pem: | # the key
          AAA
          BBB
        alg: RSA-OAEP-256
    access: { user: {policy: a}, more: [1, 2], }
    empty:  # nothing
  # second
  - identifier: urn:b
    token_lifetime: 5`

describe('a change in a YAML text', () => {
  it.each([
    ['a value', 'signing_alg: RS256 ', 'signing_alg: HS256 ', (a: Api) => (a.signing_alg = 'HS256')],
    ['a quoted text', "name: 'It''s'", "name: 'They''re'", (a: Api) => (a.name = "They're")],
    ['a value that looks like another type', "name: 'It''s'", "name: 'true'", (a: Api) => (a.name = 'true')],
    ['an item', "      - {value: write, description: 'x'} # flow\n", '', (a: Api) => a.scopes.splice(1, 1)],
    [
      'an item over several lines',
      '      - value: read # beside\n        description: |\n          long\n          text\n',
      '',
      (a: Api) => a.scopes.splice(0, 1),
    ],
    [
      'a member of an item',
      '        description: |\n          long\n          text\n',
      '',
      (a: Api) => delete a.scopes[0]!.description,
    ],
    [
      'a text over several lines',
      '|\n          long\n          text\n',
      'short\n',
      (a: Api) => (a.scopes[0]!.description = 'short'),
    ],
    ['a new item', '# flow\n', '# flow\n\n      - {value: more}\n', (a: Api) => a.scopes.push({ value: 'more' })],
    ['a member by another name', 'pem: | # the key\n          AAA\n          BBB\n', 'thumbprint: x\n', swapKey],
    ['a flow member', '{policy: a}', '{policy: b}', (a: Api) => (a.access.user!.policy = 'b')],
    ['a new flow member', ', }\n', ', c: { d: 1 }, }\n', (a: Api) => (a.access.c = { d: 1 })],
    ['a flow member that goes', '{ user: {policy: a}, more', '{ more', (a: Api) => delete a.access.user],
    ['the last flow member', ', more: [1, 2], }', ', }', (a: Api) => delete a.access.more],
    ['an empty value', 'empty:  # nothing', 'empty: 1  # nothing', (a: Api) => (a.empty = 1)],
    ['an empty value that gets items', '# nothing\n', '# nothing\n      - a: 1\n', (a: Api) => (a.empty = [{ a: 1 }])],
    ['a new member', '# nothing\n', '# nothing\n    flag: true\n', (a: Api) => (a.flag = true)],
  ])('%s: only its own characters change', async (_what, before, after, change) => {
    expect(YAML.split(before)).toHaveLength(2)
    const text = await edited('a.yaml', YAML, ([a]) => change(a!))
    expect(text).toBe(YAML.replace(before, () => after))
  })

  it('that makes a block list empty or null keeps the comment beside its key', async () => {
    const [, block = ''] = /(scopes: # what[^]*?)    token_encryption/.exec(YAML) ?? []
    const none = await edited('a.yaml', YAML, ([a]) => (a!.scopes = []))
    expect(none).toBe(YAML.replace(block, 'scopes: [] # what\n'))
    const unset = await edited('a.yaml', YAML, ([a]) => Object.assign(a!, { scopes: null }))
    expect(unset).toBe(YAML.replace(block, 'scopes: null # what\n'))
  })

  it('at its end keeps it without a last line break', async () => {
    const text = await edited('a.yaml', YAML, (apis) =>
      apis.push({ identifier: 'urn:c', scopes: [{ value: 'x' }] } as Api),
    )
    expect(text).toBe(`${YAML}\n  - identifier: urn:c\n    scopes:\n      - value: x`)
    expect(await edited('a.yaml', text ?? '', (apis) => apis.pop())).toBe(YAML)
  })

  it('goes behind comments that lie deeper than the last entry, and before others', async () => {
    const text = 'resource_servers:\n- identifier: a\n  # about a\n  #\n# about the file\n...\n'
    const after = await edited('a.yaml', text, (apis) => apis.push({ identifier: 'b' } as Api))
    expect(after).toBe(text.replace('  #\n', '  #\n- identifier: b\n'))
    const named = await edited('a.yaml', text, ([a]) => (a!.name = 'A'))
    expect(named).toBe(text.replace('r: a\n', 'r: a\n  name: A\n'))
  })

  it('takes a whole API away with its lines', async () => {
    const text = await edited('a.yaml', YAML, (apis) => apis.shift())
    const [head = '', rest = ''] = YAML.split('  - identifier: "urn:a"')
    expect(text).toBe(head + rest.slice(rest.indexOf('  # second')))
  })

  it('of the first member beside a dash moves the next one up, or leaves the dash where a comment stands between', async () => {
    const text = 'resource_servers:\n- name: x # x\n  identifier: a\n- name: y\n  # b\n  identifier: b\n'
    const after = await edited('a.yaml', text, (apis) => apis.forEach((api) => delete api.name))
    expect(after).toBe('resource_servers:\n- identifier: a\n-\n  # b\n  identifier: b\n')
  })
})

function swapKey(a: Api): void {
  delete a.token_encryption.encryption_key.pem
  a.token_encryption.encryption_key.thumbprint = 'x'
}

const SHARED = `resource_servers:
- &a
  identifier: a
  signing_alg: RS256
  scopes: &s
  - value: x
- <<: *a
  identifier: b
- identifier: c
  scopes: *s   # same
`

describe('a value that others repeat', () => {
  it('changes for the one alone: the others get what they had, written out', async () => {
    const text = await edited('a.yaml', SHARED, ([a]) => (a!.signing_alg = 'HS256'))
    expect(text).toBe(
      SHARED.replace('RS256', 'HS256').replace('identifier: b\n', 'identifier: b\n  signing_alg: RS256\n'),
    )
  })

  it('keeps its anchor when it goes', async () => {
    const text = await edited('a.yaml', SHARED, ([a]) => Object.assign(a!, { scopes: null }))
    const items = '  scopes:\n  - value: x\n'
    expect(text).toBe(
      SHARED.replace('&s\n  - value: x', '&s null')
        .replace('identifier: b\n', `identifier: b\n${items}`)
        .replace('  scopes: *s   # same\n', '  scopes:   # same\n  - value: x\n'),
    )
  })

  it('is broken out where the one that repeats it changes', async () => {
    const text = await edited('a.yaml', SHARED, ([, b, c]) => {
      b!.signing_alg = 'PS256'
      c!.scopes.push({ value: 'y2' })
    })
    expect(text).toBe(
      SHARED.replace('identifier: b\n', 'identifier: b\n  signing_alg: PS256\n').replace(
        'scopes: *s   # same\n',
        'scopes:   # same\n  - value: x\n  - value: y2\n',
      ),
    )
  })

  it('that a merge brought can be taken away', async () => {
    const text = await edited('a.yaml', SHARED, ([, b]) => delete (b as Some).scopes)
    expect(text).toBe(SHARED.replace('- <<: *a\n  identifier: b\n', '- identifier: b\n  signing_alg: RS256\n'))
  })

  it('cannot go while others repeat it', async () => {
    expect(await edited('a.yaml', SHARED, (apis) => apis.shift())).toBeNull()
  })
})

describe('a change in a JSON text', () => {
  const text = `{
\t"resource_servers": [
\t\t{
\t\t\t"identifier": "a",
\t\t\t"scopes": [
\t\t\t\t{ "value": "r" },
\t\t\t\t{ "value": "w" }
\t\t\t],
\t\t\t"signing_alg": "RS256"
\t\t}
\t]
}
`
  it('keeps tabs, spacing and commas', async () => {
    const more = await edited('a.json', text, ([a]) => {
      a!.scopes.shift()
      a!.scopes.push({ value: 'n\u202E' })
      delete a!.signing_alg
    })
    expect(more).toBe(
      text
        .replace('\t\t\t\t{ "value": "r" },\n', '')
        .replace('{ "value": "w" }\n', '{ "value": "w" },\n\t\t\t\t{ "value": "n\\u202e" }\n')
        .replace('],\n\t\t\t"signing_alg": "RS256"\n', ']\n'),
    )
  })

  it('in one line stays in one line', async () => {
    const tight = '{"resource_servers":[{"identifier":"a","scopes":[]}]}'
    const more = await edited('a.json', tight, (apis) => {
      apis[0]!.scopes.push({ value: 'x' })
      apis.push({ identifier: 'b' } as Api)
    })
    expect(more).toBe('{"resource_servers":[{"identifier":"a","scopes":[{"value":"x"}]},{"identifier":"b"}]}')
  })
})

describe.each(FORMS)('every change of the corpus in $name', ({ file, write }) => {
  const around = { identifier: 'urn:around', scopes: [{ value: 'x', description: 'stays' }], token_lifetime: 1 }
  const whole = (api: Json): Json => ({
    tenant: 'acme.eu.auth0.com',
    resource_servers: [around, api, { ...around, identifier: 'urn:z' }],
  })

  it('comes out exactly, and nothing else changes', async () => {
    for (const { declared, before, title, row } of [...mutations(), ...noOps()]) {
      const text = write(whole(declared))
      const after = await rewrite(file, text, whole(before))
      expect([title, after === null ? null : await valueOf(file, after)]).toEqual([
        title,
        JSON.parse(JSON.stringify(whole(before))),
      ])
      const places = await placesOf(file, text, row.path.split('.')[0] ?? '')
      const isInPlace = places.some(([from, to]) => {
        const [head, tail] = [text.slice(0, from), text.slice(to)]
        return after?.startsWith(head) === true && after.endsWith(tail) && after.length >= head.length + tail.length
      })
      expect([title, isInPlace]).toEqual([title, true])
    }
  })
})

/** Where the field of the second API may stand: from behind what is before it up to the next one and its comment. Not there yet: behind the last one. */
async function placesOf(file: string, text: string, field: string): Promise<readonly (readonly [number, number])[]> {
  const reading = await readText(file, text)
  if (!reading.ok) throw new Error(JSON.stringify(reading.faults))
  const { root } = reading.source.tree()
  const api = findNode(root, ['resource_servers', 1])?.value
  if (api?.kind !== 'map') throw new Error('the API is nowhere')
  const keys = [...api.entries.keys()]
  const index = keys.indexOf(field)
  const offsetOf = (key: string | undefined) => api.entries.get(key ?? '')?.keyOffset
  const next = offsetOf(keys[index + 1]) ?? findNode(root, ['resource_servers', 2])?.keyOffset ?? 0
  if (index < 0) {
    const last = offsetOf(keys.at(-1)) ?? 0
    return Array.from({ length: next - last }, (_each, step) => [last + step, last + step] as const)
  }
  const start = offsetOf(field) ?? 0
  const before = /[\s,]*$/.exec(text.slice(0, start))?.[0] ?? ''
  const behind = /\s*(?:# above \d+[\s-]*)?$/.exec(text.slice(0, next))?.[0] ?? ''
  // With the comma before it, with the one behind it, or with the break of its line.
  const comment = /# above \d+\s*$/.test(text.slice(0, start))
  return [
    [comment ? start : start - before.length, next - behind.length],
    [start - /[ -]*$/.exec(text.slice(0, start))![0].length, next - behind.replace(/^\r?\n/, '').length],
  ]
}
