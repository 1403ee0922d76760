// What the checks add to a preview: `node bench/preview-1000.ts [ROUNDS]`. A program with 1,000 ResourceServerChecks, in sync, against the
// embedded tenant, and the same program with a provider whose `check` returns its input. Exits 1 where the ratio of the medians is above 1.15,
// where a check is not in sync, or where the tenant sees more than eleven pages and one token.
import { isDeepStrictEqual } from 'node:util'
import { alternate, countInSync, expect, makeProject, tell, withTenant } from './preview-project.ts'
import { roundsFrom } from './measure.ts'

const APIS = 1000
const MOST_RATIO = 1.15
/** 1,001 APIs with the tenant's own Management API, a hundred a page. */
const REQUESTS = { 'GET /api/v2/resource-servers': 11, 'POST /oauth/token': 1 }

const OURS = `import { readFileSync } from 'node:fs'
import { ResourceServerCheck } from 'tenant-drift'
const apis = JSON.parse(readFileSync('apis.json', 'utf8'))
for (const [index, api] of apis.entries()) new ResourceServerCheck('api-' + index, api)
`

/** The same resources with the same two outputs, and a provider that does nothing. */
const IDLE = `import { readFileSync } from 'node:fs'
import resources from '@pulumi/pulumi/resource.js'
const text = 'exports.handler=()=>({check:async(olds,news)=>({inputs:news})})'
class IdleCheck extends resources.CustomResource {
  constructor(name, args) {
    super('pulumi-nodejs:dynamic/idle:IdleCheck', name, { ...args, observed: undefined, drift: undefined, __provider: text })
  }
}
const apis = JSON.parse(readFileSync('apis.json', 'utf8'))
for (const [index, api] of apis.entries()) new IdleCheck('api-' + index, api)
`

await withTenant(['--apis', String(APIS)], async (tenant, folder) => {
  const apis = JSON.stringify(await tenant.declarable())
  const ours = await makeProject(folder, 'checks', { 'index.js': OURS, 'apis.json': apis }, tenant)
  const idle = await makeProject(folder, 'idle', { 'index.js': IDLE, 'apis.json': apis }, tenant)

  await tenant.forget()
  const inSync = countInSync(await ours.inputs())
  const requests = await tenant.requests()
  expect(`in sync: ${inSync} of ${APIS}`, inSync === APIS)
  expect(`requests of one preview: ${JSON.stringify(requests)}`, isDeepStrictEqual({ ...requests }, REQUESTS))

  const compared = await alternate(ours, idle, roundsFrom(process.argv, 5))
  tell('preview of 1,000 checks, and of 1,000 idle resources', compared, MOST_RATIO)
})
