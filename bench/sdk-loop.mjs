// What a careful user would write with the official SDK: list everything, compare with a file, exit 2 where it differs. `node sdk-loop.mjs FILE`.
import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { ManagementClient } from 'auth0'

const { AUTH0_DOMAIN = '', AUTH0_CLIENT_ID = '', AUTH0_CLIENT_SECRET = '' } = process.env
const client = new ManagementClient({
  domain: AUTH0_DOMAIN,
  clientId: AUTH0_CLIENT_ID,
  clientSecret: AUTH0_CLIENT_SECRET,
})
/** @type {{ resource_servers: readonly Record<string, unknown>[] }} */
const declared = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))
const live = new Map()
for await (const api of await client.resourceServers.list()) live.set(api.identifier, api)
const differing = declared.resource_servers.filter((api) => {
  const found = live.get(api.identifier)
  return found === undefined || Object.entries(api).some(([key, value]) => !isDeepStrictEqual(found[key], value))
})
console.log(differing.length === 0 ? 'IN SYNC' : `${differing.length} differ`)
process.exitCode = differing.length === 0 ? 0 : 2
