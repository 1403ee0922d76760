import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { Exchange } from './replay-recording.ts'

const RECORDINGS = new URL('../../../shared/data/recorded-traffic.jsonl.gz', import.meta.url)

export const hasRecordings: boolean = existsSync(RECORDINGS)

/** The recordings, each in its own order. */
export function recordings(): readonly (readonly Exchange[])[] {
  const exchanges = gunzipSync(readFileSync(RECORDINGS))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Exchange)
  return [...Map.groupBy(exchanges, ({ file, blob }) => `${file} ${blob}`).values()]
}
