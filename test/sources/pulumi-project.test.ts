import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseDeclaredFiles, readDeclared } from '../../src/sources/front.ts'
import { exportStack } from '../../src/sources/export-stack.ts'
import { memoryFiles, mistakesOf } from '../declared/memory-files.ts'

const API = { type: 'auth0:index/resourceServer:ResourceServer', inputs: { identifier: 'urn:a' } }
const EXPORT = JSON.stringify({ version: 3, deployment: { resources: [API] } })

describe('a project', () => {
  const asked: (readonly [string, string | null])[] = []
  const files = {
    ...memoryFiles({}),
    exportStack: (folder: string, stack: string | null) => {
      asked.push([folder, stack])
      return Promise.resolve({ text: EXPORT, warnings: [] })
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

    expect(found).toEqual([
      'pulumi:infra: the state of a stack at a commit cannot be asked for: name a file with an export of it',
    ])
  })
})

describe('the CLI', () => {
  let folder: string
  let tools: string
  let env: Record<string, string>

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tenant-drift-cli-'))
    tools = mkdtempSync(join(tmpdir(), 'tenant-drift-tools-'))
    mkdirSync(join(folder, 'infra'))
    env = { PATH: `${tools}:/usr/bin:/bin`, PULUMI_CONFIG_PASSPHRASE: 'correct-horse' }
  })
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true })
    rmSync(tools, { recursive: true, force: true })
  })

  /** A stand-in for the command: it is run in the project's folder with what it was given. */
  const command = (...lines: readonly string[]): void => program(tools, ...lines)
  const program = (where: string, ...lines: readonly string[]): void => {
    mkdirSync(where, { recursive: true })
    writeFileSync(join(where, 'pulumi'), ['#!/bin/sh', ...lines, ''].join('\n'))
    chmodSync(join(where, 'pulumi'), 0o755)
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

    const found = await mistakesOf(exportStack(join(folder, 'infra'), 'prod', env, { deadline: 300 }))

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
    [
      'an empty stack',
      `echo '{"version":3,"deployment":{"manifest":{}}}'`,
      'so it says nothing about what was declared',
    ],
  ])('that prints %s is a mistake, never an empty declaration', async (_, line, expected) => {
    command(line)

    expect(await mistakesOf(read('pulumi:infra'))).toEqual([expect.stringContaining(expected)])
  })

  it('is not taken from where a change could have put it', async () => {
    const bin = join(folder, 'node_modules', '.bin')
    program(bin, 'echo ran > ../ran')
    mkdirSync(join(folder, '.git'))
    env.PATH = `${bin}:${env.PATH}`
    command(`cat <<'END'`, EXPORT, 'END')

    const state = await read('pulumi:infra#prod')

    expect(state.apis).toHaveLength(1)
    expect(existsSync(join(folder, 'ran'))).toBe(false)

    env.PATH = bin
    expect(await mistakesOf(read('pulumi:infra'))).toEqual([
      'pulumi:infra: the command pulumi is not on PATH: the one in the work tree is not run',
    ])
  })

  it('gets what Pulumi and its backends need, and no credential of a tenant or of the job', async () => {
    const kept = { HOME: '/home/me', PULUMI_ACCESS_TOKEN: 'pul-1', AWS_PROFILE: 'state', https_proxy: 'http://proxy' }
    const left = {
      AUTH0_CLIENT_SECRET: 'x',
      ACME_CLIENT_SECRET: 'x',
      INPUT_GITHUB_TOKEN: 'x',
      GITHUB_TOKEN: 'x',
      TENANT_DRIFT_VAR_orders: 'x',
      NODE_OPTIONS: '--require ./x.js',
      LD_PRELOAD: './x.so',
    }
    env = { ...env, ...kept, ...left, PATH: `.:${join(folder, 'bin')}:${env.PATH}` }
    command('env > ../seen', `cat <<'END'`, EXPORT, 'END')

    await read('pulumi:infra#prod')

    const seen = readFileSync(join(folder, 'seen'), 'utf8').split('\n')
    expect(seen).toEqual(expect.arrayContaining(Object.entries(kept).map(([name, value]) => `${name}=${value}`)))
    expect(seen).toContain(`PATH=${tools}:/usr/bin:/bin`)
    expect(seen.filter((line) => Object.keys(left).some((name) => line.startsWith(`${name}=`)))).toEqual([])
  })

  describe('of a change', () => {
    const base = {
      'infra/Pulumi.yaml': 'name: shop\nruntime: nodejs\nbackend:\n  url: s3://states\n',
      'infra/Pulumi.prod.yaml': 'secretsprovider: awskms://key\n',
    }
    const readChange = (source: string, trusted = memoryFiles(base)) =>
      readDeclared([source], { cwd: folder, variables: {}, env, trusted })

    beforeEach(() => {
      writeFileSync(join(folder, 'infra', 'Pulumi.yaml'), 'name: shop\nbackend:\n  url: http://evil\nplugins: {}\n')
      writeFileSync(join(folder, 'infra', 'Pulumi.prod.yaml'), 'secretsprovider: hashivault://evil\n')
      command(`echo "$PWD $*" > ${folder}/asked`, `cat Pulumi.* > ${folder}/seen`, `cat <<'END'`, EXPORT, 'END')
    })

    it('sees the project of the base, in a folder that is gone afterwards', async () => {
      const state = await readChange('pulumi:infra#acme/shop/prod')

      const [room = '', ...asked] = readFileSync(join(folder, 'asked'), 'utf8').trim().split(' ')
      expect(asked.join(' ')).toBe('stack export --stack acme/shop/prod --non-interactive')
      expect(readFileSync(join(folder, 'seen'), 'utf8').split('\n').sort()).toEqual(
        `${Object.values(base).join('')}`.split('\n').sort(),
      )
      expect(room.startsWith(folder)).toBe(false)
      expect(existsSync(room)).toBe(false)
      expect(state.apis).toHaveLength(1)
    })

    it('is told what of its edits is not followed', async () => {
      const state = await readChange('pulumi:infra#prod')

      expect(state.warnings).toEqual([
        {
          file: 'infra/Pulumi.yaml',
          line: null,
          message: 'the change edits backend, plugins: the stack was read with the versions of the base',
        },
        {
          file: 'infra/Pulumi.prod.yaml',
          line: null,
          message: 'the change edits secretsprovider: the stack was read with the versions of the base',
        },
      ])
    })

    it('is told nothing where it edits neither', async () => {
      for (const [file, text] of Object.entries(base)) writeFileSync(join(folder, file), `${text}# and a comment\n`)

      expect((await readChange('pulumi:infra#prod')).warnings).toEqual([])
    })

    it('is a mistake, and nothing is started, where the base has no such project or no stack is named', async () => {
      const none = await mistakesOf(readChange('pulumi:infra#prod', memoryFiles({})))
      const unnamed = await mistakesOf(readChange('pulumi:infra'))

      expect(none).toEqual([expect.stringContaining('pulumi:infra#prod: the base has no Pulumi.yaml for it')])
      expect(unnamed).toEqual([expect.stringContaining('on a change name the stack, as pulumi:infra#STACK')])
      expect(existsSync(join(folder, 'asked'))).toBe(false)
    })

    it('takes the folder that the base names for the settings of its stacks, inside the project alone', async () => {
      const elsewhere = { 'infra/Pulumi.yaml': 'name: shop\nstackConfigDir: ../../elsewhere\n' }

      expect(await mistakesOf(readChange('pulumi:infra#prod', memoryFiles(elsewhere)))).toEqual([
        expect.stringContaining("the folder of the stacks' settings lies outside of the project"),
      ])
    })
  })
})
