import { describe, expect, it } from 'vitest'
import { hasDocument, judgeByDocument, type WireAnswer } from '../../evidence/fidelity/document.ts'
import { runOfficialSdk } from '../../evidence/fidelity/official-sdk.ts'
import { readFidelity, withFidelity, worseFidelity } from '../../evidence/fidelity/results.ts'
import { clientResults } from '../../evidence/fidelity/step.ts'
import { readDocs } from '../../evidence/section.ts'
import { bareApi } from '../support/corpus.ts'

const LIST = '/api/v2/resource-servers'

describe('the official SDK against the embedded tenant', { timeout: 60_000 }, () => {
  it('ends each of its calls as it would with a real one, and every answer is one that the document knows', async () => {
    const { calls, asExpected, answers, misses } = await runOfficialSdk(hasDocument ? judgeByDocument() : null)

    expect(misses).toEqual([])
    expect([asExpected, answers >= calls]).toEqual([calls, true])
  })
})

describe.skipIf(!hasDocument)('the judge by the OpenAPI document (skipped without ../shared/data)', () => {
  const judge = hasDocument ? judgeByDocument() : () => null
  const api = bareApi()
  const got = (change: Partial<WireAnswer>): WireAnswer => ({
    method: 'GET',
    path: `${LIST}/66a1f0000000000000000001`,
    status: 200,
    body: api,
    ...change,
  })

  it.each<[string, Partial<WireAnswer>]>([
    ['one API', {}],
    ['a PATCH with 200', { method: 'PATCH' }],
    ['a list', { path: LIST, body: [api] }],
    ['a page', { path: LIST, body: { total: 1, start: 0, limit: 50, resource_servers: [api] } }],
    ['nothing after a DELETE', { method: 'DELETE', status: 204, body: null }],
    ['an error', { status: 404, body: { statusCode: 404, error: 'Not Found', message: 'No', errorCode: 'no' } }],
  ])('has nothing against %s', (_title, change) => {
    expect(judge(got(change))).toBeNull()
  })

  it.each<[string, Partial<WireAnswer>, string]>([
    ['null', { body: { ...api, consent_policy: null } }, '/consent_policy'],
    ['a key that nobody knows', { body: { ...api, made_up: 1 } }, 'made_up'],
    ['is_system false', { body: { ...api, is_system: false } }, '/is_system'],
    [
      'a key with its PEM',
      {
        body: {
          ...api,
          token_encryption: { format: 'compact-nested-jwe', encryption_key: { alg: 'RSA-OAEP-256', pem: 'x' } },
        },
      },
      '/token_encryption',
    ],
    ['a PATCH with 201', { method: 'PATCH', status: 201 }, 'no 201'],
    ['a body after a DELETE', { method: 'DELETE', status: 204 }, 'a body'],
    [
      'an error with another status inside',
      { status: 404, body: { statusCode: 400, error: '', message: '' } },
      'another shape',
    ],
  ])('is against %s', (_title, change, word) => {
    expect(judge(got(change))).toContain(word)
  })

  it('says where the document has nothing to say', () => {
    expect(judge(got({ path: '/oauth/token' }))).toBe('outside')
  })
})

describe('the committed figures of fidelity', () => {
  const results = readFidelity()

  it('are those of the page', () => {
    expect(withFidelity(readDocs('evidence.md'), results)).toBe(readDocs('evidence.md'))
  })

  it('have no call that went otherwise, and no status that differs', () => {
    expect(Object.values(results.clients).flatMap(({ misses }) => misses)).toEqual([])
    expect(results.replay.operations.filter(({ compared, sameStatus }) => compared !== sameStatus)).toEqual([])
    expect(results.replay.recorded).toMatchObject({ misses: [] })
  })

  it('count as worse with an answer more that differs, a call less, or a client that is gone', () => {
    const [first, ...others] = results.replay.operations
    const [[name, client] = ['', undefined]] = Object.entries(results.clients)
    if (first === undefined || client === undefined) throw new Error('there are no figures')
    const operations = [{ ...first, sameBody: first.sameBody - 1 }, ...others]
    const clients = (changed: Partial<typeof client>) => ({
      ...results,
      clients: { ...results.clients, [name]: { ...client, ...changed } },
    })

    expect(worseFidelity(results, results)).toEqual([])
    expect(worseFidelity(results, { ...results, replay: { ...results.replay, operations } })).toHaveLength(1)
    expect(worseFidelity(results, clients({ calls: client.calls - 1 }))).toHaveLength(1)
    expect(worseFidelity(results, clients({ misses: ['one'] }))).toHaveLength(1)
    expect(worseFidelity(results, { ...results, clients: {} })).toHaveLength(Object.keys(results.clients).length)
  })
})

describe('the results of a client', () => {
  it('name what ended otherwise, and what the judge is against, once', () => {
    const steps = [
      { call: 'a', expected: '1', got: '1' },
      { call: 'b', expected: '1', got: '2' },
    ]
    const answer: WireAnswer = { method: 'GET', path: LIST, status: 200, body: [] }

    expect(clientResults(steps, [answer, answer], () => 'wrong')).toMatchObject({
      calls: 2,
      asExpected: 1,
      valid: 0,
      misses: ['b: 2, not 1', 'GET 200: wrong'],
    })
    expect(clientResults(steps, [answer], null)).toMatchObject({ answers: 1, valid: null, misses: ['b: 2, not 1'] })
  })
})
