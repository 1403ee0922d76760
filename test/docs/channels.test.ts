import { execFileSync } from 'node:child_process'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { readChannels } from '../../src/notify/channel.ts'
import { readSecrets } from '../../src/notify/sign.ts'
import { checkConfig, type Config } from '../../src/schema/config.ts'
import type { Json } from '../../src/schema/json.ts'
import { CHANNEL_KINDS } from '../../src/schema/notify.ts'
import { TELLING } from '../../src/schema/telling.ts'
import { codeBlocks, read } from './pages.ts'

const blocks = ['docs/notify.md', 'docs/schedule.md'].flatMap((page) =>
  codeBlocks(page).map((block) => ({ page, ...block })),
)
const configs = blocks.filter(({ language, text }) => language === 'yaml' && /^notify:/m.test(text))

describe('configurations on the pages about channels', () => {
  it('show every kind', () => {
    const kinds = configs.flatMap(({ text }) => [...text.matchAll(/^ {2}- (\w+):/gm)].map(([, kind]) => kind))
    expect(new Set(kinds)).toEqual(new Set(CHANNEL_KINDS))
  })

  it.each(configs)('$page: $text is one', ({ text }) => {
    const value = load(text) as Json
    expect(checkConfig(value)).toEqual({ ok: true })
    // The one thing that is missing is what variables hold.
    const { mistakes } = readChannels((value as unknown as Config).notify ?? [], null, {})
    for (const { message } of mistakes)
      expect(message).toMatch(/^the (variable [A-Z_]+ is not set|file [\w/-]+ is not there)$/)
  })

  it('make a secret that a webhook takes', () => {
    const [command] = blocks.filter(({ text }) => text.includes('whsec_') && text.startsWith('echo'))
    const secret = execFileSync('bash', ['-c', command?.text ?? 'false'], { encoding: 'utf8' })
    expect(readSecrets(secret.trim())).toHaveLength(32)
  })

  it('name everything that can be told', () => {
    for (const word of TELLING) expect(read('docs/notify.md')).toContain(`\`${word}\``)
  })
})
