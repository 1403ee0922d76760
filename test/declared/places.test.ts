import { CORE_SCHEMA, dump, mergeTag, parseEvents } from 'js-yaml'
import * as yaml from 'js-yaml'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonTree } from '../../src/declared/json-tree.ts'
import { findNode, LineIndex, type SourceTree } from '../../src/declared/source-tree.ts'
import { yamlTree } from '../../src/declared/yaml-tree.ts'
import { memoryFiles, parse, VARIABLES } from './memory-files.ts'
import { parseDeclaredFiles } from '../../src/sources/front.ts'

const ofYaml = (text: string): SourceTree => yamlTree(yaml, text, parseEvents(text, {}))
const at = (text: string, tree: SourceTree, path: readonly (string | number)[]): string => {
  const found = findNode(tree.root, path)
  if (found === null) return 'nowhere'
  const { line, column } = new LineIndex(text).place(found.keyOffset)
  return `${line}:${column}`
}

describe('places in YAML', () => {
  const text = `a: 1
"b c": {d: [x, 'y', {e: }]}
f: &f
  g: |
    text
  h: ~
i:
  <<: *f
  h: own
j: *f
k:
  <<: [{l: 1}, {l: 2, m: 3}]
`

  it.each([
    [['a'], '1:1'],
    [['b c'], '2:1'],
    [['b c', 'd', 1], '2:16'],
    [['b c', 'd', 2, 'e'], '2:22'],
    [['f', 'g'], '4:3'],
    [['i', 'g'], '4:3'],
    [['i', 'h'], '9:3'],
    [['j', 'h'], '6:3'],
    [['k', 'l'], '12:9'],
    [['k', 'm'], '12:23'],
    [['k', 'n'], 'nowhere'],
    [['a', 'x'], 'nowhere'],
  ])('%j stands at %s', (path, expected) => {
    expect(at(text, ofYaml(text), path)).toBe(expected)
  })
})

describe('a tree', () => {
  const keys = fc.string({ minLength: 1, maxLength: 8 })
  const { tree: anything } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, 0, -1.5e3, 'text', '"\\\n'),
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(keys, tie('tree'), { maxKeys: 4 }),
    ),
  }))

  const paths = (value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] => {
    if (Array.isArray(value)) return [path, ...value.flatMap((item, index) => paths(item, [...path, index]))]
    if (typeof value !== 'object' || value === null) return [path]
    return [path, ...Object.entries(value).flatMap(([key, item]) => paths(item, [...path, key]))]
  }

  it('has a place for every path of any value, in JSON and in YAML', () => {
    fc.assert(
      fc.property(anything, (value) => {
        const json = JSON.stringify(value, null, 2)
        const ofJson = jsonTree(json, 64)
        const text = dump(value, { schema: CORE_SCHEMA.withTags(mergeTag), noRefs: true })
        const trees = ['root' in ofJson ? ofJson : null, ofYaml(text)]

        const missing = trees.map((tree) =>
          paths(value).filter((path) => tree === null || findNode(tree.root, path) === null),
        )

        expect(missing).toEqual([[], []])
      }),
      { numRuns: 200 },
    )
  })

  it('of JSON refuses what JSON.parse refuses, and nothing else', () => {
    const broken = fc
      .tuple(anything, fc.nat(), fc.constantFrom('', ',', '"', '}', ']', '\\', '0', 'x', '\n', ':'))
      .map(([value, where, put]) => {
        const text = JSON.stringify(value)
        const position = where % (text.length + 1)
        return text.slice(0, position) + put + text.slice(position + 1)
      })
    fc.assert(
      fc.property(broken, (text) => {
        let isValid = true
        try {
          JSON.parse(text)
        } catch {
          isValid = false
        }

        expect('root' in jsonTree(text, 64)).toBe(isValid)
      }),
      { numRuns: 500 },
    )
  })
})

describe('lines of an API', () => {
  it('are keyed by property path, list items by their key, and cost nothing until asked for', async () => {
    const text = `resource_servers:
  - identifier: urn:a
    scopes:
      - description: Read
        value: read:a
      - {value: "a.b"}
    authorization_details: [{type: pay}]
    subject_type_authorization:
      user:
        policy: deny_all
`
    const state = await parse({ 'a.yaml': text })

    expect(state.apis[0]?.line).toBe(2)
    expect({ ...state.apis[0]?.lines }).toEqual({
      identifier: 2,
      scopes: 3,
      'scopes.read:a': 4,
      'scopes.read:a.description': 4,
      'scopes.read:a.value': 5,
      'scopes["a.b"]': 6,
      'scopes["a.b"].value': 6,
      authorization_details: 7,
      'authorization_details.pay': 7,
      'authorization_details.pay.type': 7,
      subject_type_authorization: 8,
      'subject_type_authorization.user': 9,
      'subject_type_authorization.user.policy': 10,
    })
  })

  it('are those of the text that was read, whatever became of the file', async () => {
    const files = memoryFiles({ 'a.json': '\n{"resource_servers": [\n{"identifier": "urn:a"}]}' })
    const state = await parseDeclaredFiles(['a.json'], files, { variables: VARIABLES })

    expect(state.apis.map(({ line }) => line)).toEqual([3])
    expect(files.reads).toEqual(['a.json'])
  })
})
