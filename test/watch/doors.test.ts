import { describe, expect, it } from 'vitest'
import {
  isCookie,
  isKnownHost,
  isSameOrigin,
  makeCookie,
  readDoors,
  sentToken,
  type DoorSettings,
} from '../../src/watch/doors.ts'

const PLAIN: DoorSettings = {
  listen: '127.0.0.1:8484',
  pageUrl: null,
  trustUserHeader: null,
  trustedProxy: [],
  token: null,
}
const TOKEN = 'a-token-of-sixteen'

const mistakesOf = (settings: Partial<DoorSettings>): readonly string[] => {
  const doors = readDoors({ ...PLAIN, ...settings })
  return 'mistakes' in doors ? doors.mistakes : []
}

function doorsOf(settings: Partial<DoorSettings> = {}) {
  const doors = readDoors({ ...PLAIN, ...settings })
  if ('mistakes' in doors) throw new Error(doors.mistakes.join())
  return doors
}

describe('the doors of the service', () => {
  it.each([
    [{}, 0],
    [{ listen: '[::1]:0' }, 0],
    [{ listen: 'localhost:1' }, 0],
    [{ listen: '0.0.0.0:80' }, 1],
    [{ listen: '[::]:80' }, 1],
    [{ listen: '0.0.0.0:80', token: TOKEN }, 0],
    [{ listen: '0.0.0.0:80', trustUserHeader: 'X-User', trustedProxy: ['10.0.0.0/8', 'fd00::/8'] }, 0],
    [{ listen: '0.0.0.0:80', trustUserHeader: 'X-User' }, 1],
    [{ trustedProxy: ['10.0.0.0/8'] }, 1],
    [{ listen: 'nonsense' }, 1],
    [{ listen: '127.0.0.1:99999' }, 1],
    [{ token: 'short' }, 1],
    [{ pageUrl: 'http://drift.example.com' }, 1],
    [{ pageUrl: 'https://user:secret@drift.example.com' }, 1],
    [{ pageUrl: 'https://drift.example.com/path' }, 1],
    [{ trustUserHeader: 'X User', trustedProxy: ['10.0.0.0/33'] }, 2],
  ])('%j has %i mistakes', (settings, count) => {
    const mistakes = mistakesOf(settings)
    expect(mistakes).toHaveLength(count)
    expect(mistakes.join()).not.toMatch(/secret|short,/)
  })

  it('believes a header from the networks of the proxy alone, written in either family', () => {
    const { userHeader } = doorsOf({ trustUserHeader: 'X-User', trustedProxy: ['10.1.0.0/16', '::1'] })
    const believed = ['10.1.2.3', '::ffff:10.1.2.3', '::1', '10.2.0.1', '::ffff:10.2.0.1', 'fe80::1', ''].map(
      (address) => userHeader?.isTrusted(address),
    )
    expect(believed).toEqual([true, true, true, false, false, false, false])
  })

  it.each([
    ['127.0.0.1:8484', true],
    ['localhost', true],
    ['[::1]:8484', true],
    ['192.0.2.7:80', true],
    ['drift.example.com', true],
    ['DRIFT.example.com', true],
    ['drift.example.com:81', false],
    ['evil.example.com', false],
    ['127.0.0.1.evil.example.com', false],
    [undefined, false],
  ])('answers the Host %s: %s', (host, isKnown) => {
    expect(isKnownHost(host, doorsOf({ pageUrl: 'https://drift.example.com' }))).toBe(isKnown)
  })

  it.each([
    [{ 'sec-fetch-site': 'same-origin' }, true],
    [{ 'sec-fetch-site': 'cross-site' }, false],
    [{ 'sec-fetch-site': 'same-site' }, false],
    [{ 'sec-fetch-site': 'same-origin', origin: 'null' }, true],
    [{ origin: 'http://127.0.0.1:8484' }, true],
    [{ origin: 'https://drift.example.com' }, true],
    [{ origin: 'http://127.0.0.1:9999' }, false],
    [{ origin: 'null' }, false],
    [{}, true],
  ])('takes a change from %j: %s', (headers, isTaken) => {
    const header = (name: string) => (headers as Record<string, string>)[name]
    expect(isSameOrigin(header, '127.0.0.1:8484', doorsOf({ pageUrl: 'https://drift.example.com' }))).toBe(isTaken)
  })

  it('knows its cookie for twelve hours, and only while the token is the same', () => {
    const cookie = makeCookie(TOKEN, 1000)
    expect(cookie).not.toContain(TOKEN)
    expect(isCookie(cookie, TOKEN, 2000)).toBe(true)
    expect(isCookie(cookie, TOKEN, 1000 + 12 * 3_600_000)).toBe(false)
    expect(isCookie(cookie, `${TOKEN}2`, 2000)).toBe(false)
    expect(isCookie(cookie.replace(/^\d+/, '9999999999999'), TOKEN, 2000)).toBe(false)
    expect(isCookie('', TOKEN, 2000)).toBe(false)
  })

  it('holds the last token that was one, where its file changes: none from before it, and none that is half written', () => {
    let now: string | null = TOKEN
    const doors = doorsOf({ token: TOKEN, tokenNow: () => now })
    const held = ['another-token-of-24-signs', null, 'half', ''].map((found) => {
      now = found
      return doors.token
    })
    expect(new Set(held)).toEqual(new Set(['another-token-of-24-signs']))
  })

  it('takes a token with and without the word before it', () => {
    expect(['Bearer abc', 'bearer  abc', 'abc', '', undefined].map(sentToken)).toEqual([
      'abc',
      'abc',
      'abc',
      null,
      null,
    ])
  })
})
