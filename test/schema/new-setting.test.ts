import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** A setting as somebody may add it tomorrow: its row, and no other line. */
const ROW = `  coffeeBreak: {
    kind: 'duration',
    fallback: 90_000,
    says: 'how long to wait before looking',
    argument: 'duration',
    holds: 'check',
    file: 'tenant',
    action: 'flag',
    preview: 'file',
  },
`

/** What a script in the copy has to say, as JSON. */
const SCRIPT = `
import { readFileSync } from 'node:fs'
import { flagsFrom, inputVariable } from './src/action/inputs.ts'
import { readAgreed } from './src/declared/agreed.ts'
import { checkConfig } from './src/schema/config.ts'
import { fromVariable } from './src/schema/setting-layers.ts'
import { actionFile } from './tools/docs/action-file.ts'
import { referencePage } from './tools/docs/reference-page.ts'
const action = actionFile(readFileSync('action.yml', 'utf8'))
const env = { TENANT_DRIFT_COFFEE_BREAK: 'soon' }
const preview = await readAgreed(undefined, { tenant: 'a.example', root: process.cwd(), env }).then(() => 'read', (error) => error.message)
console.log(JSON.stringify({
  action,
  page: referencePage(action),
  flags: flagsFrom({ env: { [inputVariable('coffee-break')]: '5m' } }),
  right: checkConfig({ coffee_break: '5m', tenants: { a: { domain: 'a.example', coffee_break: '6m' } } }).ok,
  wrong: checkConfig({ coffee_break: 'soon' }).mistakes?.map(({ message }) => message),
  variable: [' 5m ', '  '].map((text) => fromVariable('coffeeBreak', { TENANT_DRIFT_COFFEE_BREAK: text })),
  preview,
}))
`

interface Said {
  readonly action: string
  readonly page: string
  readonly flags: readonly string[]
  readonly right: boolean
  readonly wrong: readonly string[]
  readonly variable: readonly (number | null)[]
  readonly preview: string
}

let copy = ''
let said: Said

const inCopy = (args: readonly string[], env: Readonly<Record<string, string>> = {}): string =>
  execFileSync(process.execPath, [...args], { cwd: copy, encoding: 'utf8', env: { PATH: process.env.PATH, ...env } })

const shown = (args: readonly string[], env: Readonly<Record<string, string>> = {}): string | undefined =>
  inCopy(['src/cli/main.ts', 'check', '--show-config', ...args], env)
    .split('\n')
    .find((line) => line.startsWith('coffee_break'))

beforeAll(() => {
  copy = mkdtempSync(path.join(tmpdir(), 'tenant-drift-setting-'))
  for (const part of ['src', 'tools', 'action.yml', 'package.json'])
    cpSync(path.join(ROOT, part), path.join(copy, part), { recursive: true })
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'))
  const catalogue = path.join(copy, 'src/schema/settings.ts')
  const before = readFileSync(catalogue, 'utf8')
  writeFileSync(catalogue, before.replace('export const SETTINGS = {\n', `export const SETTINGS = {\n${ROW}`))
  writeFileSync(path.join(copy, 'say.ts'), SCRIPT)
  said = JSON.parse(inCopy(['say.ts'])) as Said
}, 120_000)

afterAll(() => rmSync(copy, { recursive: true, force: true }))

describe('a new setting is one new row and nothing else', { timeout: 120_000 }, () => {
  it('a flag, a variable, keys of the file and the default set it, and --show-config says which', () => {
    const config = path.join(copy, 'tenant-drift.yaml')
    expect(shown([])).toBe('coffee_break     90s  (default)')
    writeFileSync(config, 'coffee_break: 5m\n')
    expect(shown([])).toBe('coffee_break     5m  (tenant-drift.yaml:1)')
    writeFileSync(config, 'coffee_break: 5m\ntenants:\n  a:\n    domain: a.example\n    coffee_break: 6m\n')
    expect(shown([])).toBe('coffee_break     6m  (tenant-drift.yaml:5)')
    const env = { TENANT_DRIFT_COFFEE_BREAK: '7m' }
    expect(shown([], env)).toBe('coffee_break     7m  (variable TENANT_DRIFT_COFFEE_BREAK)')
    expect(shown(['--coffee-break', '8m'], env)).toBe('coffee_break     8m  (flag --coffee-break)')
    rmSync(config)
  })

  it('the schema of the file takes its values and no others', () => {
    expect([said.right, said.wrong]).toEqual([true, ['coffee_break must be a duration like 90s, 2m or 24h']])
  })

  it('the action has an input, hands it over, and makes a flag of it', () => {
    expect(said.action).toContain(
      "  coffee-break:\n    description: 'How long to wait before looking (90s).'\n    default: ''\n",
    )
    expect(said.action).toContain('        INPUT_COFFEE_BREAK: ${{ inputs.coffee-break }}\n')
    expect(said.flags).toEqual(['--coffee-break=5m'])
  })

  it('a preview reads its variable as the command does', () => {
    expect(said.variable).toEqual([300_000, null])
    expect(said.preview).toBe('variable TENANT_DRIFT_COFFEE_BREAK: a duration like 90s, 2m or 24h is expected')
  })

  it('the reference page has its flag, variable, key and input', () => {
    expect(said.page).toContain(
      '| `--coffee-break` | `TENANT_DRIFT_COFFEE_BREAK` | `coffee_break`, also of one tenant | `coffee-break` | variable and key | a duration like 90s, 2m or 24h | 90s |',
    )
    expect(said.page).toContain('| `--coffee-break <duration>` | how long to wait before looking (90s) |')
    expect(said.page).toContain('| `coffee_break` | text or number | How long to wait before looking (90s). |')
  })

  it('explain knows it by every name', () => {
    for (const name of ['coffee_break', 'coffee-break', 'TENANT_DRIFT_COFFEE_BREAK'])
      expect(inCopy(['src/cli/main.ts', 'explain', name])).toContain('How long to wait before looking (90s).')
  })
})
