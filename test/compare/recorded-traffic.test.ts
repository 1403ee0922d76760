import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { isJsonObject, type Json, type JsonObject } from '../../src/schema/json.ts'
import { compareOne, said } from '../support/scenes.ts'

const FILE = fileURLToPath(new URL('../../../shared/data/recorded-traffic.jsonl.gz', import.meta.url))

interface Exchange {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly requestBody: Json
  readonly responseBody: Json
  readonly processed: string
}

const exchanges: readonly Exchange[] = existsSync(FILE)
  ? gunzipSync(readFileSync(FILE))
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Exchange)
  : []
const isRaw = ({ processed }: Exchange) => processed.startsWith('raw')

function resourceServersOf({ responseBody }: Exchange): readonly JsonObject[] {
  if (Array.isArray(responseBody)) return responseBody as readonly JsonObject[]
  if (!isJsonObject(responseBody)) return []
  const list = responseBody.resource_servers
  return Array.isArray(list) ? (list as readonly JsonObject[]) : [responseBody]
}

describe.skipIf(!existsSync(FILE))(
  'what the real API was recorded to answer (skipped where ../shared is absent)',
  () => {
    const items = exchanges
      .filter((exchange) => isRaw(exchange) && exchange.path.includes('/resource-servers'))
      .flatMap((exchange) => resourceServersOf(exchange))
      .filter(
        (item) => typeof item.identifier === 'string' && typeof item.id === 'string' && item.signing_alg !== undefined,
      )

    it('is read without an unreadable place and without an unknown key', () => {
      const odd = items.flatMap((live) => compareOne({ declared: {}, live }).findings)

      expect(items.length).toBeGreaterThan(100)
      expect(odd.filter(({ kind }) => kind !== 'undeclared')).toEqual([])
    })

    it('of the tenant’s own APIs stands at the defaults that this version knows', () => {
      const system = items.filter((item) => item.is_system === true)
      const off = system.flatMap((live) => {
        const says = said(compareOne({ declared: null, live }).findings)
        return says.map((one) => `${JSON.stringify(live.name)}: ${one}`)
      })

      expect(system.length).toBeGreaterThan(5)
      // The recordings themselves set these three by PATCH; nothing else of any system API is off.
      expect([...new Set(off)].toSorted()).toEqual([
        '"Auth0 My Account API": undeclared - authorization_policy notice',
        '"Auth0 My Account API": undeclared - proof_of_possession notice',
        '"Auth0 My Account API": undeclared - skip_consent_for_verifiable_first_party_clients notice',
      ])
    })

    it('to a create is in sync with what was sent', () => {
      const creates = exchanges.filter(
        (exchange) =>
          isRaw(exchange) &&
          exchange.method === 'POST' &&
          exchange.status === 201 &&
          exchange.path.endsWith('/resource-servers'),
      )
      const off = creates.flatMap(({ requestBody, responseBody }) => {
        if (!isJsonObject(requestBody) || !isJsonObject(responseBody)) return []
        const { signing_secret: _secret, ...declared } = requestBody
        const { findings } = compareOne({ declared, live: responseBody })
        return findings.filter(({ kind }) => kind !== 'undeclared').map((one) => [one, declared] as const)
      })

      expect(creates.length).toBeGreaterThan(10)
      // The one quirk: a system API that is created keeps its own name, whatever was sent.
      expect(off.filter(([finding]) => finding.path !== 'name' || finding.live !== 'Auth0 My Account API')).toEqual([])
    })

    it('to a change is in sync with what was sent', () => {
      const changes = exchanges.filter(
        (exchange) =>
          isRaw(exchange) &&
          exchange.method === 'PATCH' &&
          exchange.status === 200 &&
          exchange.path.includes('/resource-servers/'),
      )
      const off = changes.flatMap(({ requestBody, responseBody }) => {
        if (!isJsonObject(requestBody) || !isJsonObject(responseBody)) return []
        const { signing_secret: _secret, ...declared } = requestBody
        const { findings } = compareOne({ declared, live: responseBody })
        return findings.filter(({ kind }) => kind !== 'undeclared').map((one) => [one, declared] as const)
      })

      expect(changes.length).toBeGreaterThan(10)
      expect(off).toEqual([])
    })
  },
)
