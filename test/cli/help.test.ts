import { describe, expect, it } from 'vitest'
import { program } from '../../tools/docs/commands.ts'
import { git, repository } from '../action/runner.ts'
import { run } from './run.ts'

const COMMANDS = program().commands.map((command) => command.name())

describe('--help', () => {
  it.each([[], ...COMMANDS.map((command) => [command])])('of %j exits 0 and fits 80 columns', async (...command) => {
    const { code, out } = await run([...command, '--help'])
    expect([code, out.split('\n').filter((line) => line.length > 80)]).toEqual([0, []])
  })

  it('of the whole names every command, and begins with the first run on a tenant', async () => {
    const { out } = await run(['--help'])
    expect(COMMANDS).toContain('check')
    expect(COMMANDS.filter((command) => !out.includes(`\n  ${command} `))).toEqual([])
    expect(out).toMatch(/Examples:\n {2}\$ npx tenant-drift init /)
  })

  it.each([[['serve']], [['history']], [['history', 'show']]])(
    'of %j offers no --no-history: it is nothing without one',
    async (command) => {
      const { out } = await run([...command, '--help'])
      expect([out.includes('--history <store>'), out.includes('--no-history')]).toEqual([true, false])
    },
  )

  it('of check has examples that are commands it takes', async () => {
    const { out } = await run(['check', '--help'])
    const examples = [...out.matchAll(/^ {2}\$ tenant-drift (.*)$/gm)].map(([, line = '']) => line.split(' '))
    expect(examples.length).toBeGreaterThan(3)
    const { cwd } = repository({ 'declared/a.json': { resource_servers: [] } })
    git(cwd, 'update-ref', 'refs/remotes/origin/main', 'HEAD')
    for (const argv of examples) {
      const { code, err } = await run([...argv, '--show-config'], { cwd })
      expect([code, err]).toEqual([0, ''])
    }
  })
})

describe('what people type', () => {
  it.each([
    ['--json', '--output json'],
    ['--no-color', '--color never'],
    ['--exit-zero', '--fail-on never'],
    ['--dry-run', 'nothing here writes to a tenant'],
    ['-v', '--version'],
  ])('check %s is refused with what it is here', async (option, hint) => {
    const { code, out, err } = await run(['check', option])
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain(`error: unknown option '${option}'`)
    expect(err).toContain(hint)
  })

  it('a close name is suggested, and nothing else is said', async () => {
    expect((await run(['check', '--fail-onn', 'any'])).err).toBe(
      "error: unknown option '--fail-onn'\n(Did you mean --fail-on?)\n",
    )
  })

  it('the short flags are the long ones', async () => {
    const short = await run(['check', '-o', 'json', '-t', 'urn:a', '-x', 'urn:b', '--show-config'])
    const long = await run(['check', '--output', 'json', '--target', 'urn:a', '--exclude', 'urn:b', '--show-config'])
    expect(short).toEqual(long)
    expect(short.out).toMatch(/^output +json {2}\(flag --output\)$/m)
  })
})
