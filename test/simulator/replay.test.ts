import { beforeAll, describe, expect, it } from 'vitest'
import { hasRecordings, recordings } from './recordings.ts'
import { replay } from './replay-recording.ts'
import type { Exchange, Replayed } from './replay-recording.ts'

const AT_LEAST = 0.995

describe.skipIf(!hasRecordings)('recorded traffic, replayed (skipped without ../shared/data)', () => {
  let replayed: readonly Replayed[] = []

  beforeAll(async () => {
    replayed = (await Promise.all(recordings().map((recording) => replay(recording)))).flat()
    console.log(summary(replayed))
  })

  it('is answered with the recorded status', () => {
    const counted = replayed.filter(({ outcome }) => outcome.kind !== 'seeded')
    const wrong = counted.filter(({ outcome }) => outcome.kind === 'status')
    expect(counted.length).toBeGreaterThan(1000)
    expect(1 - wrong.length / counted.length).toBeGreaterThanOrEqual(AT_LEAST)
  })

  it('is answered with the recorded body, where bodies were kept raw', () => {
    const counted = replayed.filter(
      ({ exchange, outcome }) => exchange.processed.startsWith('raw') && outcome.kind !== 'seeded',
    )
    const wrong = counted.filter(({ outcome }) => outcome.kind !== 'match')
    expect(counted.length).toBeGreaterThan(1000)
    expect(1 - wrong.length / counted.length).toBeGreaterThanOrEqual(AT_LEAST)
  })

  it('has a reason for every difference', () => {
    const reasons = replayed.flatMap(({ outcome }) => ('reason' in outcome ? [outcome.reason] : []))
    expect(reasons.filter((reason) => reason.startsWith('unexplained'))).toEqual([])
  })
})

describe('the replay itself', () => {
  const shared = { source: 'invented', file: 'invented', blob: '1', query: null, processed: 'raw' }
  const LIST = '/api/v2/resource-servers'
  const created = {
    id: '7'.repeat(24),
    identifier: 'urn:a',
    allow_offline_access: false,
    skip_consent_for_verifiable_first_party_clients: false,
    token_lifetime: 86_400,
    token_lifetime_for_web: 7200,
    signing_alg: 'RS256',
  }
  const invented = (change: Partial<Exchange>): readonly Exchange[] => [
    {
      ...shared,
      seq: 0,
      method: 'POST',
      path: LIST,
      status: 201,
      requestBody: { identifier: 'urn:a' },
      responseBody: created,
    },
    {
      ...shared,
      seq: 1,
      method: 'GET',
      path: `${LIST}/${created.id}`,
      status: 200,
      requestBody: null,
      responseBody: created,
      ...change,
    },
  ]

  it.each<[string, Partial<Exchange>, string]>([
    ['the same', {}, 'match'],
    ['another body', { responseBody: { ...created, token_lifetime: 60 } }, 'body'],
    ['another status', { status: 404, responseBody: {} }, 'status'],
    [
      'an object never seen',
      { path: `${LIST}/urn:b`, responseBody: { id: '8'.repeat(24), identifier: 'urn:b' } },
      'seeded',
    ],
  ])('tells %s', async (_title, change, kind) => {
    expect((await replay(invented(change))).map(({ outcome }) => outcome.kind)).toEqual(['match', kind])
  })
})

function summary(all: readonly Replayed[]): string {
  const seeded = all.filter(({ outcome }) => outcome.kind === 'seeded').length
  const lines = all.flatMap(({ exchange, outcome }) => {
    if (outcome.kind === 'match' || outcome.kind === 'seeded') return []
    const where = `${exchange.file} #${exchange.seq} ${exchange.method} ${exchange.path}`
    return [`${outcome.kind}: ${where}\n  got ${outcome.got}\n  expected ${outcome.expected}\n  ${outcome.reason}`]
  })
  return [`${all.length} exchanges, ${seeded} first sights seeded, ${lines.length} differ`, ...lines].join('\n')
}
