import { globSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { RESOURCE_SERVER_PROVIDER, TENANT_PROVIDER } from '../../src/provider/contract.ts'
import { RESOURCE_SERVER_TYPE, TENANT_TYPE } from '../../src/schema/state-contract.ts'
import { ERROR_CODES } from '../../src/schema/errors.ts'
import { FIELDS } from '../../src/schema/fields.ts'
import { SEVERITIES } from '../../src/schema/finding.ts'
import { FINDING_INFO } from '../../src/words/kinds.ts'
import { FIELD_POLICY_DEFAULTS, KIND_POLICY_DEFAULTS } from '../../src/schema/policy-defaults.ts'
import { ALL_SETTINGS, flagOf, settingOf, variableOf } from '../../src/schema/settings.ts'
import { FAULT_KINDS } from '../../src/simulator/front.ts'
import { configKeys } from '../../src/schema/config-keys.ts'
import { allCommands } from '../../tools/docs/commands.ts'
import { readDeclared } from '../../src/sources/front.ts'
import { run } from '../cli/run.ts'
import { firstCells, read, ROOT } from './pages.ts'

/** The part of a page from one heading to the next of its level. */
function section(page: string, heading: string): string {
  const text = read(page)
  const begin = text.indexOf(`\n${heading}\n`)
  expect(begin, `${page} has ${heading}`).toBeGreaterThan(-1)
  const level = heading.slice(0, heading.indexOf(' ') + 1)
  const end = text.indexOf(`\n${level}`, begin + 1)
  return text.slice(begin, end === -1 ? undefined : end)
}

function cellsIn(text: string): readonly string[] {
  return [...text.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name = '']) => name)
}

async function helpOf(command: string): Promise<string> {
  return (await run([command, '--help'])).out
}

describe('tenant.md', () => {
  it('has every error code, in the order of the source, and no other', () => {
    expect(cellsIn(section('docs/tenant.md', '## Error codes'))).toEqual(Object.keys(ERROR_CODES))
  })

  it('has every variable of the environment that the sources read', () => {
    // Those of the deploy CLI stand in its own config.json.
    const files = globSync('src/{tenant,provider,declared}/**/*.ts', { cwd: ROOT })
    const sources = files
      .filter((file) => !file.includes('a0deploy'))
      .map(read)
      .join('\n')
    const shared = ALL_SETTINGS.filter((name) => settingOf(name).preview !== null).map(variableOf)
    const variables = new Set([...(sources.match(/\b(?:AUTH0|TENANT_DRIFT)_[A-Z][A-Z_]*[A-Z]\b/g) ?? []), ...shared])
    const table = section('docs/tenant.md', '## Configuration')
    expect(variables.size).toBeGreaterThan(8)
    expect([...variables].filter((name) => !table.includes(`\`${name}`))).toEqual([])
  })
})

describe('reference.md', () => {
  const page = read('docs/reference.md')

  it('has every command with the flags that its own --help has', async () => {
    const names = [...(await helpOf('')).matchAll(/^ {2}([a-z]+) /gm)].map(([, name = '']) => name)
    expect(names.length).toBeGreaterThan(10)
    for (const name of names.filter((each) => each !== 'help')) {
      const flags = [...(await helpOf(name)).matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, flag = '']) => flag)
      const part = page.slice(page.indexOf(`\n### ${name}\n`))
      expect(flags.filter((flag) => flag !== '--help' && !part.includes(`${flag}`))).toEqual([])
    }
  })

  it('has every variable that the sources name, and every setting', () => {
    const files = globSync('{src,policies}/**/*.ts', { cwd: ROOT }).filter((file) => !file.includes('a0deploy'))
    const named = new Set(
      files
        .map(read)
        .join('\n')
        .match(/\b(?:AUTH0_(?!EXCL|INCL)|TENANT_DRIFT_)[A-Z][A-Z_]*[A-Z]\b/g),
    )
    // Handed from the action to its own command, and nobody's to set.
    named.delete('TENANT_DRIFT_GIT_OBJECTS')
    named.delete('TENANT_DRIFT_PUBLIC')
    expect(named.size).toBeGreaterThan(8)
    expect([...named].filter((name) => !page.includes(`\`${name}`))).toEqual([])
    const settings = ALL_SETTINGS.filter((name) => settingOf(name).variable !== false)
    expect(settings.flatMap((name) => [flagOf(name), variableOf(name)]).filter((name) => !page.includes(name))).toEqual(
      [],
    )
  })

  it('leaves no flag, argument, key or input without a sentence', () => {
    const commands = allCommands().flatMap(([name, command]) => [
      [name, command.description()] as const,
      ...[...command.options, ...command.registeredArguments].map(
        (each) => [`${name} ${each.name()}`, each.description] as const,
      ),
    ])
    const said = [...configKeys().map(({ key, sentence }) => [key, sentence] as const), ...commands]
    expect(said.length).toBeGreaterThan(100)
    expect(said.filter(([, sentence]) => sentence === '').map(([name]) => name)).toEqual([])
  })
})

describe('simulator.md', () => {
  it('has every option of the command, and no other', async () => {
    const options = new Set((await helpOf('simulate')).match(/--[a-z][a-z-]*(?= )/g))
    options.delete('--help')
    options.delete('--without-defaults,')
    const rows = firstCells('docs/simulator.md').filter((cell) => cell.startsWith('--'))
    expect(new Set(rows.map((cell) => cell.split(' ')[0]))).toEqual(options)
  })

  it('has every call of the control, and no other', async () => {
    const calls = [...(await helpOf('simulate')).matchAll(/(GET|POST) +(\/__simulator\/\w+)/g)].map(
      ([, method, path]) => `${method} ${path}`,
    )
    expect(calls.length).toBeGreaterThan(5)
    expect(firstCells('docs/simulator.md').filter((cell) => cell.includes('/__simulator/'))).toEqual(calls)
  })

  it('has every kind of fault', () => {
    const cells = new Set(firstCells('docs/simulator.md'))
    expect(FAULT_KINDS.filter((kind) => !cells.has(kind))).toEqual([])
  })
})

describe('glossary.md', () => {
  it('has every kind of finding, and no other', () => {
    expect(cellsIn(section('docs/glossary.md', '## Kinds'))).toEqual(Object.keys(FINDING_INFO))
  })

  it('has every severity and origin', () => {
    const text = read('docs/glossary.md')
    const words = [...SEVERITIES, 'drift', 'pending', 'conflict', 'weakened', 'strengthened', 'neutral']
    expect(words.filter((word) => !text.includes(`\`${word}\``))).toEqual([])
  })
})

describe('policies.md', () => {
  const rows = section('docs/policies.md', '## What each policy does')

  it('has every policy of a kind with the level it has by default', () => {
    expect(cellsIn(rows).filter((name) => name !== 'FIELD-drift')).toEqual(Object.keys(KIND_POLICY_DEFAULTS))
    for (const [name, { enforcementLevel }] of Object.entries(KIND_POLICY_DEFAULTS))
      expect(rows).toMatch(new RegExp(`^\\| \`${name}\` \\|[^|]*\\| ${enforcementLevel}`, 'm'))
  })

  it('says from which severity field policies stop', () => {
    const { enforcementLevel, severityAtLeast } = FIELD_POLICY_DEFAULTS
    expect(rows).toContain(`| ${enforcementLevel} from \`${severityAtLeast}\`, advisory below |`)
  })
})

describe('decisions', () => {
  it('quote the state contract to the letter', () => {
    const page = read('docs/decisions/2026-11-24-state-contract.md')
    expect(page).toContain(`\n${TENANT_PROVIDER}\n`)
    expect(RESOURCE_SERVER_PROVIDER).toBe(TENANT_PROVIDER.replace('tenantCheck', 'resourceServerCheck'))
    expect(page).toContain(`\`${RESOURCE_SERVER_TYPE}\`, \`${TENANT_TYPE}\``)
  })

  it('name every dependency, and none that is not there', () => {
    const page = 'docs/decisions/2026-11-24-dependencies.md'
    const { dependencies, devDependencies, peerDependencies } = JSON.parse(read('package.json')) as Readonly<
      Record<string, Readonly<Record<string, string>>>
    >
    const names = new Set(Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies }))
    expect([...new Set(firstCells(page))].sort()).toEqual([...names].sort())
  })

  it('list the keys that every API has', () => {
    const page = read('docs/decisions/2026-11-24-absent-keys.md')
    const always = FIELDS.filter((row) => row.presence === 'always').map((row) => row.path)
    expect(always.filter((field) => !page.includes(`\`${field}\``))).toEqual([])
  })
})

describe('declared.md', () => {
  it('shows every kind of source that the program knows, and no other', async () => {
    const error: unknown = await readDeclared(['unheard-of:x'], { cwd: ROOT, variables: {} }).catch(
      (why: unknown) => why,
    )
    const [, listed = ''] = /known: (.*), or a file or glob/.exec(error instanceof Error ? error.message : '') ?? []
    const shown = section('docs/declared.md', '## Sources').matchAll(/^\| (.*?) \|/gm)
    const kinds = [...shown].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([a-z][a-z0-9-]+):/g)].map(([, kind]) => kind),
    )
    expect(listed).toContain('files')
    expect(new Set(kinds)).toEqual(new Set(listed.split(', ')))
  })
})
