import { describe, expect, it } from 'vitest'
import { readPlainFile } from '../../src/declared/plain-file.ts'
import { addRule } from '../../src/edit/add-rule.ts'
import type { JsonObject } from '../../src/schema/json.ts'

const RULE: JsonObject = { path: 'x', reason: 'two\nlines' }

describe('a rule in the list of one tenant', () => {
  it.each([
    [
      'tenants:\n  prod:\n    domain: x\n    recorded: y\n  dev:\n    domain: z\n',
      'tenants:\n  prod:\n    domain: x\n    recorded: y\n    accept:\n      - path: x\n        reason: "two\\nlines"\n  dev:\n    domain: z\n',
    ],
    [
      'tenants: { prod: { domain: x } }\n',
      'tenants: { prod: { domain: x, accept: [{ path: x, reason: "two\\nlines" }] } }\n',
    ],
    [
      'tenants:\r\n  prod: # ours\r\n    accept: []\r\n',
      'tenants:\r\n  prod: # ours\r\n    accept:\r\n      - path: x\r\n        reason: "two\\nlines"\r\n',
    ],
    ['tenants:\n  prod:\n    domain: x\n    accept: { a: b }\n', null],
  ])('stands there and nothing else changes, or nothing at all: %j', async (before, after) => {
    expect(await addRule('a.yaml', before, ['tenants', 'prod', 'accept'], RULE)).toBe(after)
  })
})

describe('a rule in a file that is a list', () => {
  const rule: JsonObject = { resource_server: 'a', path: 'x', reason: 'new' }

  it.each([
    ['a.yaml', '', '- resource_server: a\n  path: x\n  reason: new\n'],
    ['a.yaml', '# ours', '# ours\n- resource_server: a\n  path: x\n  reason: new\n'],
    ['a.yaml', '[] # none yet\n', '- resource_server: a\n  path: x\n  reason: new # none yet\n'],
    ['a.json', '[]\n', '[\n  {\n    "resource_server": "a",\n    "path": "x",\n    "reason": "new"\n  }\n]\n'],
    ['a.json', '', '[\n  {\n    "resource_server": "a",\n    "path": "x",\n    "reason": "new"\n  }\n]\n'],
    ['a.json', '[{"path":"y"}]', '[{"path":"y"},{"resource_server":"a","path":"x","reason":"new"}]'],
    ['a.yaml', '\uFEFF- path: y\n', '\uFEFF- path: y\n- resource_server: a\n  path: x\n  reason: new\n'],
    ['a.yaml', '~\n', null],
  ])('is written as the file is: %s %j', async (file, before, after) => {
    expect(await addRule(file, before, [], rule)).toBe(after)
  })

  it.each(['a.yaml', 'a.json'])('shows what nobody sees in an empty file, too: %s', async (file) => {
    const hidden = { resource_server: 'urn:a\u202Eb\u200B', path: 'x', reason: 'two\nlines' }
    const written = (await addRule(file, '', [], hidden)) ?? ''

    expect(written).toContain('"urn:a\\u202eb\\u200b"')
    expect((await readPlainFile(file, written)).value).toEqual([hidden])
  })

  it('renews the first one for the same place, with the comments around it', async () => {
    const before =
      '# all\n- resource_server: a\n  path: x\n  reason: old # why\n# other\n- resource_server: b\n  path: x\n' +
      '- resource_server: a\n  path: x\n  reason: hides nothing\n'

    expect(await addRule('a.yaml', before, [], rule)).toBe(before.replace('reason: old', 'reason: new'))
  })
})
