import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readChannels, type Channel } from '../../src/notify/channel.ts'
import { checkConfig } from '../../src/schema/config.ts'
import type { Json } from '../../src/schema/json.ts'
import type { ChannelConfig } from '../../src/schema/notify.ts'
import { folderWith } from '../cli/run.ts'
import { ROUTING_KEY, SECRET } from './services.ts'

const URL = 'https://hooks.example.com/a-credential'

/** A folder as secrets are mounted: links to files. */
function mounted(files: Readonly<Record<string, string>>): string {
  const folder = folderWith({})
  mkdirSync(path.join(folder, 'data'))
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(path.join(folder, 'data', name), text)
    symlinkSync(path.join('data', name), path.join(folder, name))
  }
  return folder
}

const EVERY: readonly ChannelConfig[] = [
  { slack: { url_file: 'url' } },
  { teams: { url_file: 'url' } },
  { webhook: { url_file: 'url', secret_file: 'secret' } },
  { webhook: { url: URL, secret_files: ['secret', 'old'] }, name: 'two' },
  { pagerduty: { routing_key_file: 'key' } },
  { github_issue: { repository: 'o/r', token_file: 'token' } },
  { gitlab_issue: { project: 'g/p', token_file: 'token' } },
  { heartbeat: { url_file: 'url', fail_url_file: 'fail' } },
]

const FILES = {
  url: `${URL}\n`,
  secret: `${SECRET}\r\n`,
  old: `whsec_${Buffer.alloc(32, 8).toString('base64')}`,
  key: `  ${ROUTING_KEY}\n`,
  token: 'a-token-of-somebody\n',
  fail: `${URL}/fail-url\n`,
}

const secretOf = (channel: Channel | undefined): unknown => channel && 'url' in channel && channel.url

describe('a credential in a file', () => {
  it('is one, of every kind of channel, without its line break, and is hidden from then on', () => {
    expect(checkConfig({ notify: EVERY } as unknown as Json)).toEqual({ ok: true })
    const { channels, mistakes, secrets } = readChannels(EVERY, null, {}, mounted(FILES))
    expect(mistakes).toEqual([])
    expect(channels).toMatchObject([
      { url: URL },
      { url: URL },
      { url: URL, secrets: [Buffer.alloc(32, 7)] },
      { secrets: [Buffer.alloc(32, 7), Buffer.alloc(32, 8)] },
      { routingKey: ROUTING_KEY },
      { token: 'a-token-of-somebody' },
      { token: 'a-token-of-somebody' },
      { url: URL, failUrl: `${URL}/fail-url` },
    ])
    for (const text of Object.values(FILES)) expect(secrets).toContain(text.trim())
  })

  it('is read at each run, so that it may change', () => {
    const folder = mounted(FILES)
    const read = () => secretOf(readChannels([{ slack: { url_file: 'url' } }], null, {}, folder).channels[0])
    const before = read()
    writeFileSync(path.join(folder, 'data', 'url'), 'https://hooks.example.com/another')
    expect([before, read()]).toEqual([URL, 'https://hooks.example.com/another'])
  })

  it.each([
    ['is not there', 'nothing', 'the file nothing is not there'],
    ['is a folder', 'data', 'the file data is not a file'],
    ['is empty', 'empty', 'the file empty is empty'],
    [
      'has two lines',
      'lines',
      'the file lines holds blanks, line breaks or other characters that a credential cannot have',
    ],
    ['is large', 'large', 'the file large is larger than 16 KiB, so it is not a credential'],
    [
      'is no text',
      'binary',
      'the file binary holds blanks, line breaks or other characters that a credential cannot have',
    ],
    ['holds no address', 'token', /^the file token must hold an https URL without user and password/],
    ['is for everybody to write', 'open', /^the file open can be written by everybody on this machine.*chmod o-w$/],
  ])('that %s is a mistake, without a word of what stands in it', (_, url_file, message: string | RegExp) => {
    const folder = mounted({
      ...FILES,
      empty: '\n',
      lines: 'hunter2\nhunter2\n',
      large: 'hunter2'.repeat(3000),
      binary: '\u0000hunter2\u00ff',
      token: 'hunter2',
      open: URL,
    })
    chmodSync(path.join(folder, 'data', 'open'), 0o666)
    const { channels, mistakes } = readChannels([{ slack: { url_file } }], null, {}, folder)
    expect(channels).toEqual([])
    expect(mistakes).toEqual([
      {
        path: [0, 'slack', 'url_file'],
        message: expect.stringMatching(message) as string,
      },
    ])
    expect(JSON.stringify(mistakes)).not.toMatch(/hunter2/)
  })

  it.each([
    [{ slack: {} }, 'slack needs one of url_variable and url_file'],
    [{ slack: { url_variable: 'A', url_file: 'b' } }, 'slack needs one of url_variable and url_file'],
    [
      { webhook: { url: URL } },
      /^a webhook needs one of secret_variable, secret_variables, secret_file and secret_files$/,
    ],
    [
      { heartbeat: { url_file: 'a', fail: 'none', fail_url_file: 'b' } },
      /^a heartbeat takes at most one of fail: none/,
    ],
  ])('and %j is a mistake', (channel, message) => {
    expect(checkConfig({ notify: [channel] })).toMatchObject({
      ok: false,
      mistakes: [{ message: expect.stringMatching(message) as string }],
    })
  })
})
