import fc from 'fast-check'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { envOf, folderWith, reportIn, run, write } from '../cli/run.ts'
import { FORMS } from '../support/written-forms.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { drifted } from './apis.ts'
import { holdsInTime, PATIENCE } from './seed.ts'

describe('adopting what is live, then checking', { timeout: PATIENCE }, () => {
  it('is in sync, and there is nothing left to adopt, in every form a file can have', async () => {
    const tenant = await tenantWith({ apis: 0 })
    const [canary] = tenant.list()
    const cwd = folderWith()
    const io = { cwd, env: envOf(tenant) }
    await holdsInTime(
      fc.asyncProperty(drifted, fc.constantFrom(...FORMS), async (cases, { file, write: formed }) => {
        for (const { identifier } of tenant.list())
          if (identifier !== canary?.identifier) tenant.remove(identifier as string)
        for (const { live } of cases) tenant.put(live)
        rmSync(path.join(cwd, 'declared'), { recursive: true, force: true })
        const declared = { resource_servers: cases.map((one) => one.declared) }
        // A dollar before a brace would begin a variable.
        write(cwd, { [`declared/${file}`]: formed(declared).replaceAll('${', '$$${') })

        const before = await run(['check', '--quiet', '--output', 'json'], io)
        const adopted = await run(['adopt', '--accept-weakened', '--quiet'], io)
        const after = await run(['check', '--quiet', '--output', 'json'], io)
        const again = await run(['adopt', '--quiet'], io)

        // What the tenant holds may be more than this version can declare: then adopting says so, and nothing is silent.
        const left = adopted.out.split('\n').filter((line) => line.startsWith('not adopted: '))
        expect(left.filter((line) => !line.includes('this version cannot declare it'))).toEqual([])
        expect([adopted.code, after.code]).toEqual(left.length > 0 ? [2, 2] : [0, 0])
        expect(reportIn(after.out).findings.filter(({ counts }) => counts)).toHaveLength(left.length)
        expect(before.code).toBe(adopted.out === 'nothing to adopt\n' ? 0 : 2)
        expect(again.out).toBe(
          left.length > 0
            ? adopted.out
                .split('\n')
                .filter((line) => line.startsWith('not'))
                .join('\n') + '\n'
            : 'nothing to adopt\n',
        )
      }),
      25,
      300,
    )
  })
})
