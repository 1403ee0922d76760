import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, realpath, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { readDeclared } from '../../src/sources/front.ts'
import { mistakesOf } from '../declared/memory-files.ts'

const OUTSIDE =
  'lies outside of the repository: there only files that a source names are read, not files that `extends` or a link leads to'
const DECLARES = 'resource_servers: [{identifier: urn:a, name: A}]\n'
/** Not a declaration, and nothing of it may be said. */
const PRIVATE = '{"hidden_key": "hidden value", "hidden_key": }'

let scratch: string
let tree: string

beforeEach(async () => {
  scratch = await realpath(await mkdtemp(join(tmpdir(), 'tenant-drift-disk-')))
  tree = join(scratch, 'work')
  await mkdir(join(tree, '.git'), { recursive: true })
  await put('outside/private.json', PRIVATE)
  await put('outside/good.yaml', DECLARES)
})

afterEach(() => rm(scratch, { recursive: true, force: true }))

async function put(path: string, text: string): Promise<string> {
  const file = join(scratch, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
  return file
}

async function link(target: string, path: string): Promise<void> {
  await mkdir(dirname(join(scratch, path)), { recursive: true })
  await symlink(target, join(scratch, path))
}

function read(sources: readonly string[], cwd = tree) {
  return readDeclared(sources, { cwd, variables: {} })
}

const identifiersOf = async (reading: ReturnType<typeof read>) => (await reading).apis.map((api) => api.identifier)

describe('a declared file', () => {
  it.each([
    ['an absolute path', () => join(scratch, 'outside/private.json')],
    ['a path upwards', () => '../../outside/private.json'],
    ['a file of the machine', () => '/proc/self/environ.json'],
  ])('that extends %s outside of the repository is refused, and nothing of that file is said', async (_, target) => {
    await put('work/declared/a.yaml', `extends: ['${target()}']\n${DECLARES}`)

    const found = await mistakesOf(read(['declared/*.yaml']))

    expect(found).toEqual([
      expect.stringMatching(/^declared\/a\.yaml:1:\d+: extends: .*(outside of the repository|is not there)/),
    ])
    expect(found.join()).not.toContain('hidden')
  })

  it.each(['declared/a.json', 'declared/*.json'])(
    'that is a link out of the repository is refused: %s',
    async (source) => {
      await link(join(scratch, 'outside/private.json'), 'work/declared/a.json')

      expect(await mistakesOf(read([source]))).toEqual([`declared/a.json: ${OUTSIDE}`])
    },
  )

  it('below a linked folder that leads out of the repository is refused, named or by a glob', async () => {
    await link(join(scratch, 'outside'), 'work/declared')

    expect(await mistakesOf(read(['declared/good.yaml']))).toEqual([`declared/good.yaml: ${OUTSIDE}`])
    expect(await mistakesOf(read(['declared/**/*.yaml']))).toEqual([`declared/**/*.yaml: ${OUTSIDE}`])
    expect(await mistakesOf(read(['{declared,more}/*.yaml']))).toEqual([expect.stringContaining(OUTSIDE)])
    expect(await mistakesOf(read(['a0deploy:declared']))).toEqual([expect.stringContaining('declared')])
  })

  it('that extends a link out of the repository is refused', async () => {
    await link(join(scratch, 'outside/good.yaml'), 'work/shared/base.yaml')
    await put('work/declared/a.yaml', `extends: [../shared/base.yaml]\n${DECLARES}`)

    expect(await mistakesOf(read(['declared/*.yaml']))).toEqual([
      `declared/a.yaml:1:11: extends: shared/base.yaml ${OUTSIDE}`,
    ])
  })

  it('may be reached by links inside the repository, as a file or below a folder', async () => {
    await put('work/real/a.yaml', DECLARES)
    await put('work/real/b.yaml', `extends: [a.yaml]\nresource_servers: [{identifier: urn:b}]\n`)
    await link('../real/a.yaml', 'work/declared/a.yaml')
    await link('../real', 'work/declared/linked')

    expect(await identifiersOf(read(['declared/a.yaml', 'declared/linked/b.yaml']))).toEqual(['urn:a', 'urn:b'])
    expect(await identifiersOf(read(['declared/*.yaml']))).toEqual(['urn:a'])
  })

  it('may lie outside of the working directory, in the same repository', async () => {
    await put('work/shared/base.yaml', DECLARES)
    await put('work/infra/declared/a.yaml', `extends: [../../shared/base.yaml]\nresource_servers: []\n`)

    expect(await identifiersOf(read(['declared/*.yaml'], join(tree, 'infra')))).toEqual(['urn:a'])
  })

  it('may lie outside of the repository where a source names it, and extend its neighbours there', async () => {
    await put('outside/deep/b.yaml', 'extends: [../good.yaml]\nresource_servers: []\n')
    await put('outside/c.yaml', 'extends: [good.yaml]\nresource_servers: []\n')

    expect(await identifiersOf(read([join(scratch, 'outside/good.yaml')]))).toEqual(['urn:a'])
    expect(await identifiersOf(read(['../outside/*.yaml']))).toEqual(['urn:a'])
    expect(await identifiersOf(read(['../outside/c.yaml']))).toEqual(['urn:a'])
    expect(await mistakesOf(read(['../outside/deep/*.yaml']))).toEqual([expect.stringContaining(OUTSIDE)])
  })

  it('of the repository extends nothing outside, also where a source names another file there', async () => {
    await put('work/declared/a.yaml', `extends: [${join(scratch, 'outside/private.json')}]\n${DECLARES}`)

    const found = await mistakesOf(read(['declared/a.yaml', join(scratch, 'outside/good.yaml')]))

    expect(found).toEqual([expect.stringContaining(OUTSIDE)])
  })

  it('without a repository lies below the working directory', async () => {
    await put('bare/declared/a.yaml', `extends: [../../outside/good.yaml]\nresource_servers: []\n`)

    expect(await mistakesOf(read(['declared/*.yaml'], join(scratch, 'bare')))).toEqual([
      expect.stringContaining(OUTSIDE),
    ])
  })

  it.each(['/dev/zero', '/dev/stdin', '/proc/self/environ', '/proc/self/fd/0', '/dev/tty'])(
    'that is a link to %s is refused at once',
    async (target) => {
      await link(target, 'work/declared/a.json')
      const began = Date.now()

      const found = await mistakesOf(read(['declared/*.json']))

      expect(found).toEqual([
        expect.stringMatching(/^declared\/a\.json: (lies outside of the repository|is not there|cannot be read)/),
      ])
      expect(Date.now() - began).toBeLessThan(5000)
    },
  )

  it('that is a pipe or a socket is refused at once', async () => {
    await mkdir(join(tree, 'declared'))
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(tree, 'declared', 'a.yaml')])
    const server = createServer().listen(join(tree, 'declared', 'b.yaml'))
    onTestFinished(() => void server.close())
    const began = Date.now()

    const found = await mistakesOf(read(['declared/*.yaml', 'pulumi-stack:declared/a.yaml']))

    expect(found).toEqual([
      'declared/a.yaml: is not a regular file',
      expect.stringMatching(/^declared\/b\.yaml: (is not a regular file|cannot be read \(ENXIO\))$/),
    ])
    expect(Date.now() - began).toBeLessThan(5000)
  })

  it.each(['pulumi-stack:/dev/zero', 'tfstate:/dev/zero', 'files:/dev/zero', '/dev/zero'])(
    'that is a device is refused where a source names it: %s',
    async (source) => {
      expect(await mistakesOf(read([source]))).toEqual([
        expect.stringMatching(/^\/dev\/zero: (is not a regular file|is not a declared file)/),
      ])
    },
  )

  it('that extends what is no declaration is told so, without a key of it', async () => {
    await put('work/gha-creds.json', '{"private_key_id": "hidden", "token_uri": 1e999, "universe": "${gone}"}')
    await put('work/list.yaml', '- hidden: 12345678901234567890\n')
    await put('work/declared/a.yaml', `extends: [../gha-creds.json, ../list.yaml]\n${DECLARES}`)

    expect(await mistakesOf(read(['declared/*.yaml']))).toEqual([
      'gha-creds.json:1:1: is not a declaration: it has none of the keys tenant, extends, resource_servers, managed_elsewhere',
      'list.yaml:1:1: a declared file is an object with the keys tenant, extends, resource_servers, managed_elsewhere',
    ])
  })

  it('has at most 16 MiB, and a state 256', async () => {
    const file = await put('work/declared/a.json', '')
    await truncate(file, 16 * 1024 * 1024 + 1)

    expect(await mistakesOf(read(['declared/*.json']))).toEqual([
      'declared/a.json: is larger than the 16 MiB that a declared file may have',
    ])
    expect(await mistakesOf(read(['pulumi-stack:declared/a.json']))).toEqual([
      expect.stringContaining('not valid JSON'),
    ])

    await truncate(file, 256 * 1024 * 1024 + 1)
    expect(await mistakesOf(read(['tfstate:declared/a.json']))).toEqual(['declared/a.json: is larger than 256 MiB'])
  })

  it('has at most 256 MiB with all others together', async () => {
    for (let index = 0; index < 17; index++) {
      await truncate(await put(`work/declared/${index}.json`, ''), 16 * 1024 * 1024)
    }

    expect(await mistakesOf(read(['declared/*.json']))).toEqual(
      expect.arrayContaining([expect.stringContaining('makes all declared files together larger than 256 MiB')]),
    )
  })
})
