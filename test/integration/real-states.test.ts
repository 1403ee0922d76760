import { describe, expect, it } from 'vitest'
import { checkFiles, liveFive, realText, tenantOf } from '../support/real-states.ts'

const SOURCES = [
  ['tfstate', 'terraform-provider-1.38.0.tfstate'],
  ['tfstate', 'terraform-provider-1.38.0.show.json'],
] as const

describe('what the real provider wrote', () => {
  it.each(SOURCES)('%s:%s is in sync with the tenant right after its apply', async (kind, name) => {
    const tenant = await tenantOf(liveFive())

    const checked = await checkFiles(tenant, { [name]: realText(name) }, ['--declared', `${kind}:${name}`])

    expect([checked.code, checked.counting]).toEqual([0, []])
  })
})
