import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/schema/json.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { projectFolder, startProcess, tenantWith } from '../support/checks.ts'
import { runCommand, type Command, type Outcome, type Resource } from '../support/engine-model.ts'

const API = 'https://orders.example.com/'
const APPLIED: JsonObject = { identifier: API, signing_alg: 'RS256', token_lifetime: 7200 }
const EDITED: JsonObject = { ...APPLIED, token_lifetime: 3600 }

const declares = (...apis: readonly JsonObject[]): string => JSON.stringify({ resource_servers: apis })

/** What the files may say that is no declaration for this tenant. */
const MISTAKES: Readonly<Record<string, string>> = {
  'a value that nothing accepts': declares({ ...APPLIED, token_lifetime: -1 }),
  'a text that is no JSON': '{"resource_servers": [',
  'a declaration for another tenant': JSON.stringify({ tenant: 'other.eu.auth0.com', resource_servers: [APPLIED] }),
}

interface Story {
  readonly tenant: Simulator
  readonly write: (text: string) => void
  readonly run: (command: Command, state: Resource | null, more?: Partial<Ran>) => Promise<Outcome>
}

interface Ran {
  readonly program: JsonObject
  readonly env: Readonly<Record<string, string>>
  readonly beforeApply: () => void
}

async function story(): Promise<Story> {
  const tenant = await tenantWith()
  tenant.put({ id: '66a1f0000000000000000001', ...APPLIED })
  const cwd = projectFolder()
  const write = (text: string): void => writeFileSync(join(cwd, 'declared.json'), text)
  write(declares(APPLIED))
  const run: Story['run'] = (command, state, { program = { files: 'declared.json' }, env = {}, beforeApply } = {}) =>
    runCommand(command, {
      methods: startProcess(tenant, { cwd, env }).tenant,
      program,
      state,
      ...(beforeApply === undefined ? {} : { beforeApply }),
    })
  return { tenant, write, run }
}

const statusOf = (resource: Resource | null): Json | undefined =>
  (resource?.outputs.observed as JsonObject | undefined)?.status

const pendingOf = (props: JsonObject | null | undefined): Json | undefined =>
  (props?.observed as JsonObject | undefined)?.pending

const pathsOf = (part: Json | undefined): readonly string[] =>
  Object.keys(((part as JsonObject | undefined)?.[API] ?? {}) as JsonObject)

describe('an up of files with mistakes', () => {
  test.for(Object.keys(MISTAKES))('%s: keeps the base that was there before it', async (mistake) => {
    const { tenant, write, run } = await story()
    const applied = await run('up', null)
    write(MISTAKES[mistake] ?? '')
    const broken = await run('up', applied.state)
    write(declares(EDITED))
    tenant.put({ id: '66a1f0000000000000000001', ...APPLIED, signing_alg: 'HS256' })

    const mended = await run('preview', broken.state)

    expect(statusOf(broken.state)).toBe('invalid')
    expect(mended.checked?.observed).toMatchObject({ status: 'read' })
    expect(pathsOf(pendingOf(mended.checked))).toEqual(['token_lifetime'])
    expect(pathsOf(mended.checked?.drift)).toEqual(['signing_alg'])
  })

  test.for(Object.keys(MISTAKES))('%s: is one for every refresh after it, until they are mended', async (mistake) => {
    const { write, run } = await story()
    const applied = await run('up', null)
    write(MISTAKES[mistake] ?? '')
    const broken = await run('up', applied.state)

    const [once, dry] = [await run('refresh', broken.state), await run('refresh --preview-only', broken.state)]
    const twice = await run('refresh', once.state)
    write(declares(EDITED))
    const mended = await run('refresh', twice.state)

    expect([broken.state, once.state, twice.state].map(statusOf)).toEqual(['invalid', 'invalid', 'invalid'])
    expect([once.changed, dry.changed, twice.changed]).toEqual([true, true, true])
    // A refresh asks how the tenant stands to what was applied, and no mistake ever was.
    expect(mended.state?.outputs).toMatchObject({ observed: { status: 'read' }, drift: {} })
    expect(mended.state?.outputs.declaration).toBe(applied.state?.outputs.declaration)
  })

  test('is refused where the program says so', async () => {
    const { write, run } = await story()
    const program = { files: 'declared.json', onDrift: 'refuse' }
    const applied = await run('up', null, { program })
    write(MISTAKES['a value that nothing accepts'] ?? '')

    const broken = await run('up', applied.state, { program })

    expect(broken.error).toMatch(/invalid_declaration/)
    expect(broken.state).toBe(applied.state)
  })

  test('that are mended before it applies stores what they say then', async () => {
    const { write, run } = await story()
    const applied = await run('up', null)
    write(MISTAKES['a text that is no JSON'] ?? '')

    const after = await run('up', applied.state, { beforeApply: () => write(declares(EDITED)) })

    expect(statusOf(after.state)).toBe('read')
    expect(pathsOf(pendingOf(after.state?.outputs))).toEqual(['token_lifetime'])
  })

  test('with secret variables stays a mistake in a refresh, which does not know them', async () => {
    const { write, run } = await story()
    const program = {
      files: 'declared.json',
      variables: { alg: 'RS256' },
      secretInputs: ['variables'],
    }
    write(declares({ ...APPLIED, signing_alg: '${alg}' }))
    const applied = await run('up', null, { program })
    write(MISTAKES['a text that is no JSON'] ?? '')
    const broken = await run('up', applied.state, { program })

    const refreshed = await run('refresh', broken.state)

    expect(statusOf(refreshed.state)).toBe('invalid')
    expect(refreshed.state?.outputs.declaration).toBe(applied.state?.outputs.declaration)
  })
})

test('an up without usable credentials keeps the base, and the next one tells pending from drift', async () => {
  const { write, run } = await story()
  const applied = await run('up', null)
  const blind = await run('up', applied.state, { env: { AUTH0_DOMAIN: 'no domain at all' } })
  write(declares(EDITED))

  const preview = await run('preview', blind.state)

  expect(statusOf(blind.state)).toBe('unreadable')
  expect(preview.checked?.drift).toEqual({})
  expect(pathsOf(pendingOf(preview.checked))).toEqual(['token_lifetime'])
})
