import { expect, onTestFinished, test } from 'vitest'
import { tenantWith } from '../support/checks.ts'
import { resourcesOf, startProject } from '../support/engine.ts'
import { IS_WIDE } from '../support/wide.ts'

const COUNT = IS_WIDE ? 1000 : 250
/** A hundred on a page, and the Management API on the last. */
const PAGES = IS_WIDE ? 11 : 3

test(
  `${COUNT} declared APIs in sync: a preview is ${PAGES} pages and one token, and so is an up`,
  { timeout: 600_000 },
  async () => {
    const tenant = await tenantWith({ apis: COUNT })
    const project = await startProject(tenant)
    onTestFinished(() => project.remove())
    const declared = tenant
      .list()
      .filter((api) => api.is_system !== true)
      .map(({ identifier, signing_alg }) => ({ identifier, signing_alg }))
    project.write('declared.json', JSON.stringify(declared))
    project.setProgram(`import { readFileSync } from 'node:fs'
import { ResourceServerCheck } from 'tenant-drift'
Error.stackTraceLimit = 0
for (const [index, api] of JSON.parse(readFileSync('declared.json', 'utf8')).entries()) new ResourceServerCheck('api-' + index, api)
`)
    const once = { 'POST /oauth/token': 1, 'GET /api/v2/resource-servers': PAGES }

    const preview = await project.run(['preview'])
    const requests = tenant.requests()
    tenant.reset()
    // The engine writes a state file after each resource: a minute of its own for 1,000, and no business of ours.
    const up = await project.run(['up', '--yes', '--skip-preview'], { env: { PULUMI_SKIP_CHECKPOINTS: 'true' } })

    expect([preview.code, up.code]).toEqual([0, 0])
    expect(requests).toEqual(once)
    expect(tenant.requests()).toEqual(once)
    expect(Object.keys(resourcesOf(project.stateText()))).toHaveLength(COUNT)
  },
)
