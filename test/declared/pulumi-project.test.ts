import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseDeclaredFiles, readDeclared } from '../../src/declared/front.ts'
import { exportStack } from '../../src/declared/export-stack.ts'
import { memoryFiles, mistakesOf } from './memory-files.ts'

const API = { type: 'auth0:index/resourceServer:ResourceServer', inputs: { identifier: 'urn:a' } }
const EXPORT = JSON.stringify({ version: 3, deployment: { resources: [API] } })

describe('a project', () => {
  const asked: (readonly [string, string | null])[] = []
  const files = {
    ...memoryFiles({}),
    exportStack: (folder: string, stack: string | null) => {
      asked.push([folder, stack])
      return Promise.resolve(EXPORT)
    },
  }

  it.each([
    ['pulumi:infra', 'infra', null],
    ['pulumi:.', '.', null],
    ['pulumi:infra#prod', 'infra', 'prod'],
    ['pulumi:#acme/shop/prod', '.', 'acme/shop/prod'],
    ['pulumi:with#hash#', 'with#hash', null],
  ])('names its folder, and the stack where it is not the selected one: %s', async (source, folder, stack) => {
    const state = await parseDeclaredFiles([source], files, { variables: {} })

    expect(asked.at(-1)).toEqual([folder, stack])
    expect(state.apis).toMatchObject([{ identifier: 'urn:a', file: source, lacksSecrets: true }])
  })

  it('is a mistake where only files can be read, as in a commit', async () => {
    const found = await mistakesOf(parseDeclaredFiles(['pulumi:infra'], memoryFiles({}), { variables: {} }))

    expect(found).toEqual(['pulumi:infra: a stack has no state as of a commit: name a file with what it exported'])
  })
})

describe('the CLI', () => {
  let folder: string
  let env: Record<string, string>

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tenant-drift-cli-'))
    mkdirSync(join(folder, 'infra'))
    env = { PATH: `${folder}:/usr/bin:/bin`, PULUMI_CONFIG_PASSPHRASE: 'correct-horse' }
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  /** A stand-in for the command: it is run in the project's folder with what it was given. */
  const command = (...lines: readonly string[]): void => {
    writeFileSync(join(folder, 'pulumi'), ['#!/bin/sh', ...lines, ''].join('\n'))
    chmodSync(join(folder, 'pulumi'), 0o755)
  }
  const read = (source: string) => readDeclared([source], { cwd: folder, variables: {}, env })

  it('is asked for the stack in the folder, with nothing to answer its questions', async () => {
    command(`echo "$PWD $*" > ../asked`, 'read -r answer && exit 9', `cat <<'END'`, EXPORT, 'END')

    const state = await read('pulumi:infra#prod')

    expect(state.apis.map(({ identifier }) => identifier)).toEqual(['urn:a'])
    command('cat ../asked')
    expect(await exportStack(join(folder, 'infra'), null, env)).toMatch(
      /\/infra stack export --stack prod --non-interactive\n$/,
    )
  })

  it('that refuses is a mistake in its own first words, without a credential', async () => {
    command(
      `echo "error: incorrect passphrase $PULUMI_CONFIG_PASSPHRASE for postgres://me:pw@db/state" >&2`,
      'echo "and more" >&2',
      'exit 255',
    )

    expect(await mistakesOf(read('pulumi:infra'))).toEqual([
      'pulumi:infra: pulumi stack export failed: incorrect passphrase (hidden) for postgres://(hidden)@db/state',
    ])
  })

  it('that does not end is given up', async () => {
    command('sleep 5')
    const started = Date.now()

    const found = await mistakesOf(exportStack(join(folder, 'infra'), 'prod', env, 300))

    expect(found).toEqual(['pulumi stack export did not end within 0.3 s'])
    expect(Date.now() - started).toBeLessThan(4000)
  })

  it('that is not there is a mistake', async () => {
    env.PATH = folder

    expect(await mistakesOf(read('pulumi:infra'))).toEqual(['pulumi:infra: the command pulumi is not on PATH'])
  })

  it('is not started in a folder that is not there', async () => {
    command('exit 0')

    expect(await mistakesOf(read('pulumi:elsewhere#prod'))).toEqual(['pulumi:elsewhere#prod: there is no such folder'])
  })

  it.each([
    ['nothing', 'exit 0', 'not valid JSON'],
    ['an empty stack', `echo '{"version":3,"deployment":{"manifest":{}}}'`, 'so it says nothing of what was declared'],
  ])('that prints %s is a mistake, never an empty declaration', async (_, line, expected) => {
    command(line)

    expect(await mistakesOf(read('pulumi:infra'))).toEqual([expect.stringContaining(expected)])
  })
})
