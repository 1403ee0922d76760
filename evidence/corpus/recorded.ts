import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { FIELDS, topRows } from '../../src/schema/fields.ts'
import { isJsonObject, sameJson, type Json, type JsonObject } from '../../src/schema/json.ts'
import { ROOT } from '../../tools/run.mjs'
import { drift, type Draft } from './case.ts'
import { direction } from './mutated.ts'

const FILE = join(ROOT, '..', 'shared', 'data', 'recorded-traffic.jsonl.gz')
/** How many different shapes: more of them are the same keys with other names. */
const MOST = 60

/** Null where this machine does not have the recordings. */
export function recordedShapes(): readonly Draft[] | null {
  if (!existsSync(FILE)) return null
  return shapes().slice(0, MOST).flatMap(casesOf)
}

/** One real answer for each set of keys and values that decide something, largest first. */
function shapes(): readonly JsonObject[] {
  const lines = gunzipSync(readFileSync(FILE)).toString('utf8').trim().split('\n')
  const found = new Map<string, JsonObject>()
  for (const line of lines) {
    const { path, processed, responseBody } = JSON.parse(line) as {
      path: string
      processed: string
      responseBody: Json
    }
    if (!processed.startsWith('raw') || !path.includes('/resource-servers')) continue
    for (const api of apisIn(responseBody)) {
      if (typeof api.id !== 'string' || api.signing_alg === undefined || api.is_system === true) continue
      const known = topRows().filter((row) => api[row.path] !== undefined)
      const key = known
        .map((row) =>
          row.json === 'string' && row.schema?.def.type !== 'enum'
            ? row.path
            : `${row.path}=${JSON.stringify(api[row.path])}`,
        )
        .join()
      if (!found.has(key)) found.set(key, api)
    }
  }
  return [...found.values()].toSorted((a, b) => Object.keys(b).length - Object.keys(a).length)
}

function apisIn(body: Json): readonly JsonObject[] {
  if (Array.isArray(body)) return (body as readonly Json[]).filter(isJsonObject)
  if (!isJsonObject(body)) return []
  return Array.isArray(body.resource_servers) ? (body.resource_servers as readonly JsonObject[]) : [body]
}

/** The shape as the code would declare it is silent; each of its plain fields at another value is found. */
function casesOf(shape: JsonObject, index: number): readonly Draft[] {
  const { signing_secret: _secret, client_id: _client, ...live } = shape
  const declarable = new Set(
    topRows()
      .filter((row) => row.writable !== 'never' && row.path !== 'identifier')
      .map((row) => row.path),
  )
  const declared = Object.fromEntries(Object.entries(live).filter(([key]) => declarable.has(key)))
  const group = 'shapes of recorded traffic'
  const changes = topRows(FIELDS).flatMap((row): readonly Draft[] => {
    const other = row.samples.find(
      (sample) => !sameJson(sample, live[row.path]) && !row.absentEquals.some((one) => sameJson(one, sample)),
    )
    if (!declarable.has(row.path) || live[row.path] === undefined || row.compare !== 'plain' || other === undefined)
      return []
    const changed = { ...live, [row.path]: other }
    return [
      {
        group,
        title: `shape ${index}, ${row.path}`,
        declared,
        base: declared,
        live: changed,
        expected: [drift(row.path, direction(row.path, declared, changed))],
        adopted: 0,
      },
    ]
  })
  return [{ group, title: `shape ${index}`, declared, base: declared, live, expected: [], adopted: 0 }, ...changes]
}
