import { describe, expect, it } from 'vitest'
import { envOf, folderWith, run } from '../cli/run.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { read } from './pages.ts'

describe('the page of the command', () => {
  it('shows the diff that adopt prints for its file', async () => {
    const section = read('docs/command.md').split('\n## Adopt\n')[1] ?? ''
    const file = /```yaml\n([^]*?)```/.exec(section)?.[1] ?? ''
    const [command = '', ...diff] = (/```console\n([^]*?)```/.exec(section)?.[1] ?? '').split('\n')
    const tenant = await tenantWith({ apis: 0 })
    tenant.create({ identifier: 'https://orders.example.com/', signing_alg: 'HS256', token_lifetime: 600 })
    const cwd = folderWith({ 'declared/orders.yaml': file })

    const argv = command.replace('$ tenant-drift ', '').split(' ')
    const { code, out, err } = await run(argv, { cwd, env: envOf(tenant) })

    expect(out).toBe(diff.join('\n'))
    expect([code, err]).toEqual([2, expect.stringContaining('not adopted: signing_alg')])
  })

  it('names every command that the program has', async () => {
    const { out } = await run(['--help'])
    const commands = [...out.matchAll(/^ {2}([a-z]+) /gm)]
      .map(([, name = '']) => name)
      .filter((name) => name !== 'help')
    expect(commands).toContain('adopt')
    expect(commands.filter((name) => !read('docs/command.md').includes(`| \`${name}`))).toEqual([])
  })
})
