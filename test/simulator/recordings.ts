import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { Exchange } from './replay-recording.ts'

const RECORDINGS = new URL('../../../shared/data/recorded-traffic.jsonl.gz', import.meta.url)

export const hasRecordings: boolean = existsSync(RECORDINGS)

const APPLICATIONS = new URL('../../../shared/data/recorded-grants-and-clients.jsonl.gz', import.meta.url)

export const hasApplicationRecordings: boolean = existsSync(APPLICATIONS)

/** Of grants and applications, each in its own order. */
export const applicationRecordings = (): readonly (readonly Exchange[])[] => read(APPLICATIONS)

/** The recordings, each in its own order. */
export const recordings = (): readonly (readonly Exchange[])[] => read(RECORDINGS)

function read(recording: URL): readonly (readonly Exchange[])[] {
  const exchanges = gunzipSync(readFileSync(recording))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Exchange)
  return [...Map.groupBy(exchanges, ({ file, blob }) => `${file} ${blob}`).values()]
}
