import { beforeAll, describe, expect, it } from 'vitest'
import { applicationRecordings, hasApplicationRecordings } from './recordings.ts'
import { isWriteOfClient, replayApplications, type ReplayedApplication } from './replay-applications.ts'

describe.skipIf(!hasApplicationRecordings)(
  'recorded grants and applications, replayed (skipped without ../shared/data)',
  () => {
    let replayed: readonly ReplayedApplication[] = []

    beforeAll(async () => {
      replayed = (await Promise.all(applicationRecordings().map((each) => replayApplications(each)))).flat()
    })

    it('are answered as recorded, every one of them', () => {
      const wrong = replayed.filter(
        ({ exchange, kind }) => (kind === 'status' || kind === 'body') && !isWriteOfClient(exchange),
      )
      expect(
        wrong.map(({ exchange, got }) => ({
          where: `${exchange.file} #${exchange.seq} ${exchange.method} ${exchange.path}?${exchange.query ?? ''}`,
          got: got.slice(0, 3000),
          expected: `${exchange.status} ${JSON.stringify(exchange.responseBody).slice(0, 3000)}`,
        })),
      ).toEqual([])
    })

    it('are made, changed and deleted as recorded', () => {
      const writes = replayed.filter(
        ({ exchange, kind }) => isWriteOfClient(exchange) && kind !== 'seeded' && kind !== 'followed',
      )
      const wrong = writes.filter(({ kind }) => kind !== 'match')
      expect(writes.length).toBeGreaterThan(150)
      expect(1 - wrong.length / writes.length).toBeGreaterThan(0.99)
    })

    it('are many, of both kinds', () => {
      const matched = replayed.filter(({ kind }) => kind === 'match').map(({ exchange }) => exchange)
      expect(matched.filter(({ path }) => path.startsWith('/api/v2/client-grants')).length).toBeGreaterThan(40)
      expect(matched.filter(({ path }) => path.startsWith('/api/v2/clients')).length).toBeGreaterThan(100)
    })
  },
)
