// What a whole tenant in one resource adds to a preview: `node bench/tenant-10000.ts [ROUNDS]`. One TenantCheck over 10,000 APIs of ten scopes
// each, declared in JSON files, in sync with the embedded tenant, and an empty program. Exits 1 where the ratio of the medians is above 3, or
// where the tenant is not in sync.
import { alternate, countInSync, expect, makeProject, tell, withTenant } from './preview-project.ts'
import { roundsFrom } from './measure.ts'

const MOST_RATIO = 3
const APIS_PER_FILE = 1000

const OURS = `import { TenantCheck } from 'tenant-drift'
new TenantCheck('tenant', { files: 'declared-*.json' })
`

await withTenant(['--apis', '10000', '--scopes-per-api', '10'], async (tenant, folder) => {
  const apis = await tenant.declarable()
  const files: Record<string, string> = { 'index.js': OURS }
  for (let from = 0; from < apis.length; from += APIS_PER_FILE) {
    const some = { resource_servers: apis.slice(from, from + APIS_PER_FILE) }
    files[`declared-${from}.json`] = JSON.stringify(some, null, 2)
  }
  const ours = await makeProject(folder, 'tenant', files, tenant)
  const empty = await makeProject(folder, 'empty', { 'index.js': '' }, tenant)

  await tenant.forget()
  const inSync = countInSync(await ours.inputs())
  expect(`in sync: ${apis.length} APIs in ${inSync} check`, inSync === 1)
  console.log(`requests of one preview: ${JSON.stringify(await tenant.requests())}`)

  const compared = await alternate(ours, empty, roundsFrom(process.argv, 5))
  tell('preview of 10,000 APIs in one TenantCheck, and of nothing', compared, MOST_RATIO)
})
