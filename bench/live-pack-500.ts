// What the live policy pack adds to a preview: `node bench/live-pack-500.ts [ROUNDS]`. A program with 500 resource servers of the real npm package
// @pulumi/auth0 (and a stand-in for its plugin), in sync with the embedded tenant, once with the live pack and once with an empty one. Exits 1 where
// the ratio of the medians is above 1.2, where the tenant sees more than six pages and one token, or where the pack misses a drift.
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { isJsonObject, type Json, type JsonObject } from '../src/schema/json.ts'
import { installAuth0Plugin } from '../test/support/auth0-plugin/install.ts'
import { ROOT } from '../tools/run.mjs'
import { roundsFrom } from './measure.ts'
import { alternate, expect, makeProject, tell, withTenant } from './preview-project.ts'

const APIS = 500
const MOST_RATIO = 1.2
/** 501 APIs with the tenant's own Management API, a hundred a page. */
const REQUESTS = { 'GET /api/v2/resource-servers': 6, 'POST /oauth/token': 1 }
const LIVE = join(ROOT, 'dist', 'bin', 'tenant-drift-live-policies.js')

const PROGRAM = `import { readFileSync } from 'node:fs'
import * as auth0 from '@pulumi/auth0'
const apis = JSON.parse(readFileSync('apis.json', 'utf8'))
for (const [index, api] of apis.entries()) new auth0.ResourceServer('api-' + index, api)
`
const EMPTY = `#!/usr/bin/env node
process.chdir(import.meta.dirname)
const { PolicyPack } = await import('@pulumi/policy')
new PolicyPack('empty', { policies: [] })
`

await withTenant(['--apis', String(APIS), '--scopes-per-api', '0'], async (tenant, folder) => {
  const apis = (await tenant.declarable()).map((api) => inCamelCase(api) as JsonObject)
  const drifted = apis.map((api, index) => (index === 250 ? { ...api, signingAlg: 'HS256' } : api))
  const files = (declared: readonly JsonObject[]) => ({
    'index.js': PROGRAM,
    'apis.json': JSON.stringify(declared),
    'pack.js': EMPTY,
    'package.json': JSON.stringify({
      name: 'bench',
      version: '1.0.0',
      private: true,
      type: 'module',
      main: 'index.js',
    }),
  })
  const project = (name: string, declared: readonly JsonObject[], pack: string) =>
    makeProject(folder, name, files(declared), tenant, {
      flags: ['--policy-pack', pack],
      prepare: installAuth0Plugin,
    })
  const empty = join(folder, 'empty', 'pack.js')
  const live = await project('live', apis, LIVE)
  const other = await project('drifted', drifted, LIVE)
  const bare = await project('empty', apis, empty)
  chmodSync(empty, 0o755)

  await tenant.forget()
  const said = await live.output()
  const requests = await tenant.requests()
  expect(`requests of one preview: ${JSON.stringify(requests)}`, isDeepStrictEqual({ ...requests }, REQUESTS))
  expect('the pack finds nothing in a tenant that is in sync', said.includes('✅ tenant-drift-live'))
  const found = (await other.output()).match(/ {2}signing-alg-drift {2}\(.*: api-250\)/g)?.length ?? 0
  expect(`one drift of ${APIS} APIs: found ${found}`, found === 1)

  const compared = await alternate(live, bare, roundsFrom(process.argv, 5))
  tell(`preview of ${APIS} unmodified APIs with the live pack, and with an empty one`, compared, MOST_RATIO)
})

/** The provider's names for what this tenant holds are the wire's in camelCase. */
function inCamelCase(value: Json): Json {
  if (!isJsonObject(value)) return value
  const renamed = Object.entries(value).map(([key, member]) => {
    return [key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()), inCamelCase(member)] as const
  })
  return Object.fromEntries(renamed)
}
