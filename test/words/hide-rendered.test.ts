import { describe, expect, it } from 'vitest'
import { createHider } from '../../src/words/hide.ts'
import { hideRendered } from '../../src/words/hide-rendered.ts'
import { jsonText } from '../../src/words/json-text.ts'
import { SecretValues } from '../../src/words/secret-values.ts'

describe('a finished text', () => {
  it('of JSON loses secrets in values, however they are escaped; marks and words of the format stay', () => {
    const text = `${JSON.stringify({ kind: 'undeclared', message: 'x "secret" 1', list: ['secret-two', 'b'] }, null, 2)}\n`
    const hider = createHider(['"secret" 1', 'secret-two', 'undeclared', '": "undeclared', '",\n  "message'])
    expect(JSON.parse(hideRendered(text, 'json', hider))).toEqual({
      kind: 'undeclared',
      message: 'x (hidden)',
      list: ['(hidden)', 'b'],
    })
    expect(hideRendered('{"a":"\\u0073ecret-two"}', 'json', hider)).toBe('{"a":"(hidden)"}')
  })

  it('of JSON keeps what was made harmless so, also in a text that loses a secret', () => {
    const text = jsonText({ message: 'secret-one ##[command] \u202e' })
    const hidden = hideRendered(text, 'json', createHider(['secret-one']))
    expect(JSON.parse(hidden)).toEqual({ message: '(hidden) ##[command] \u202e' })
    expect(hidden).not.toContain('##[')
  })

  it('of JSON keeps the words that a report keeps: a secret that is spelt like one is none', () => {
    const finding = { through: 'application', certainty: 'not-known', message: 'of an application' }
    const hider = createHider(['application', 'not-known'])
    expect(JSON.parse(hideRendered(JSON.stringify(finding), 'json', hider))).toEqual({
      through: 'application',
      certainty: 'not-known',
      message: 'of an (hidden)',
    })
  })

  it('of JSON loses a secret also under a key where a word of ours stands', () => {
    const secret = 'v3ryS3cret-Value_of-a-client'
    const keys = ['why', 'what', 'because', 'through', 'certainty', 'state', 'kind', 'code']
    const report = Object.fromEntries(keys.map((key) => [key, secret]))
    expect(hideRendered(JSON.stringify(report), 'json', createHider([secret]))).not.toContain(secret)
  })

  it('of XML or HTML loses them in texts and in attributes that hold some; tags, scripts and classes stay', () => {
    const text = '<testcase name="secret-one" class="secret-one">a secret-one</testcase><script>secret-one</script>'
    const hider = createHider(['secret-one', 'testcase', '</testcase>', 'class="secret-one"'])
    expect(hideRendered(text, 'markup', hider)).toBe(
      '<testcase name="(hidden)" class="secret-one">a (hidden)</testcase><script>secret-one</script>',
    )
  })

  it('without a secret in it is the very same', () => {
    const hider = createHider(['secret-one'])
    expect(hideRendered('{"a":"\\u0041"}', 'json', hider)).toBe('{"a":"\\u0041"}')
  })
})

describe('the secrets of a run', () => {
  it('are hidden from when they are added on', () => {
    const secrets = new SecretValues()
    const before = secrets.hider()
    secrets.add('secret-one')
    secrets.add(undefined)
    secrets.add('short')
    expect(before.hide('secret-one')).toBe('secret-one')
    expect(secrets.hider().hide('secret-one, short')).toBe('(hidden), short')
    expect(secrets.hider()).toBe(secrets.hider())
  })
})
