import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { nodeFiles, readDeclared } from '../../src/sources/front.ts'
import { globFiles, matchesFile, type GlobTree, type PassedBy } from '../../src/git/file-glob.ts'
import { mistakesOf } from '../declared/memory-files.ts'
import { envOf, folderWith, reportIn, run } from '../cli/run.ts'
import { tenantWith } from '../tenant/with-tenant.ts'

const DECLARES = 'resource_servers: [{identifier: urn:a, name: A}]\n'

/** A disk on which one folder may not be looked into, whoever asks. */
function refusing(folder: string, code = 'EACCES'): GlobTree {
  const folders: Readonly<Record<string, readonly string[]>> = { declared: ['sub'], 'declared/sub': [] }
  const refuse = () => Object.assign(new Error(code), { code })
  return {
    list(at) {
      if (at === folder) return Promise.reject(refuse())
      return Promise.resolve((folders[at] ?? []).map((name) => ({ name, isFolder: true, isLink: false })))
    },
    kindOf: (file) =>
      file.startsWith(`${folder}/`)
        ? Promise.reject(refuse())
        : Promise.resolve(file === '.' || Object.hasOwn(folders, file) ? 'folder' : null),
  }
}

it.each(['declared/**/*.yaml', 'declared/*/*.yaml', 'declared/sub/*.yaml', '{x,declared/sub}/a.yaml', 'declared/**'])(
  '%s does not pass over a folder that it cannot look into',
  async (pattern) => {
    await expect(globFiles(refusing('declared/sub'), pattern)).rejects.toMatchObject({
      name: 'UnseenFolderError',
      folder: 'declared/sub',
      code: 'EACCES',
    })
  },
)

it.each(['declared/*.yaml', 'other/**/*.yaml'])('%s has no business in that folder', async (pattern) => {
  expect(await globFiles(refusing('declared/sub'), pattern)).toEqual([])
})

const isRoot = process.getuid?.() === 0

/** What is said of each source, to a user who is bound by the modes of files. */
function saidTo(cwd: string, sources: readonly string[]): readonly string[] {
  const script = `
    import { readDeclared } from ${JSON.stringify(path.resolve('src/sources/front.ts'))}
    for (const source of ${JSON.stringify(sources)})
      await readDeclared([source], { cwd: ${JSON.stringify(cwd)}, variables: {} }).then(
        ({ apis }) => console.log('read ' + apis.length), (error) => console.log(error.message))`
  const node = [process.execPath, '--input-type=module', '-e', script]
  const [program = '', ...args] = isRoot ? [...AS_NOBODY, ...node] : node
  return execFileSync(program, args, { encoding: 'utf8', cwd: '/' }).trimEnd().split('\n')
}

const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']

const canBeBound = !isRoot || canSetUser()

function canSetUser(): boolean {
  try {
    const [program = '', ...args] = AS_NOBODY
    execFileSync(program, [...args, process.execPath, '-p', '1'], { stdio: 'ignore', cwd: '/' })
    execFileSync(program, [...args, 'ls', path.resolve('src/declared')], { stdio: 'ignore', cwd: '/' })
    return true
  } catch {
    return false
  }
}

it.runIf(canBeBound)('a folder that this user may not look into is a mistake that names it', () => {
  const names = ['open', 'closed', 'unlisted']
  const cwd = folderWith(Object.fromEntries(names.map((name) => [`${name}/sub/b.yaml`, DECLARES])))
  chmodSync(cwd, 0o755)
  for (const [name, mode] of [
    ['closed', 0o000],
    ['unlisted', 0o111],
  ] as const) {
    const sub = path.join(cwd, name, 'sub')
    chmodSync(sub, mode)
    onTestFinished(() => chmodSync(sub, 0o755))
  }
  const mistakes = [
    ['closed/sub', 'closed/**/*.yaml'],
    ['closed/sub', 'closed/sub/b.yaml'],
    ['closed/sub', 'closed/{sub,more}/b.yaml'],
    ['unlisted/sub', 'unlisted/**/*.yaml'],
  ] as const
  expect(saidTo(cwd, ['open/**/*.yaml', 'unlisted/sub/b.yaml', ...mistakes.map(([, source]) => source)])).toEqual([
    'read 1',
    'read 1',
    ...mistakes.map(
      ([folder, source]) => `${folder}: may not be read by this user, so it is not known what ${source} matches there`,
    ),
  ])
})

async function leftOut(cwd: string, ...sources: readonly string[]): Promise<readonly string[]> {
  const { leftOut: said = [] } = await readDeclared(sources, { cwd, variables: {} })
  return said
}

it('a linked folder is passed by, and said to be', async () => {
  const cwd = folderWith({ '.git/HEAD': 'x', 'declared/a.yaml': DECLARES, 'real/b.yaml': DECLARES })
  symlinkSync('..', path.join(cwd, 'declared', 'prod'))
  symlinkSync('../real', path.join(cwd, 'declared', 'real'))
  expect(await leftOut(cwd, 'declared/**/*.yaml')).toEqual([
    'not read: declared/prod, declared/real are links to folders, which a wildcard does not enter: name each in its own source',
  ])
  expect(await mistakesOf(readDeclared(['declared/*/*.yaml'], { cwd, variables: {} }))).toEqual([
    expect.stringMatching(
      /^declared\/\*\/\*\.yaml: no file matches: not read: declared\/prod, declared\/real are links to/,
    ),
  ])
  expect(await leftOut(cwd, 'declared/**/*.yaml', 'declared/real/*.yaml')).toEqual([
    'not read: declared/prod is a link to a folder, which a wildcard does not enter: name it in its own source',
  ])
  expect(await leftOut(cwd, 'declared/*.yaml')).toEqual([])
})

it('what is left out stands in the notes of a report, with --quiet too', async () => {
  const tenant = await tenantWith({ apis: 0 })
  const cwd = folderWith({ 'declared/a.yaml': 'resource_servers: []\n', 'declared/B.YAML': DECLARES })
  const { out } = await run(['check', '--quiet', '--output', 'json'], { cwd, env: envOf(tenant) })

  expect(reportIn(out).notes).toEqual([
    expect.stringContaining('not read: declared/B.YAML differs from the source in upper and lower case'),
  ])
})

it('a link to a folder outside of the repository is passed by, and said to be', async () => {
  const outside = folderWith({ 'b.yaml': DECLARES })
  const cwd = folderWith({ '.git/HEAD': 'x', 'declared/a.yaml': DECLARES })
  symlinkSync(outside, path.join(cwd, 'declared', 'prod'))
  expect(await leftOut(cwd, 'declared/**/*.yaml')).toEqual([expect.stringContaining('declared/prod is a link')])
})

it('names that are hidden, in other letters or of the other ending are passed by, and said to be', async () => {
  const cwd = folderWith({
    'declared/a.yaml': DECLARES,
    'declared/.b.yaml': DECLARES,
    'declared/.c/d.yaml': DECLARES,
    'declared/E.YAML': DECLARES,
    'declared/f.yml': DECLARES,
    'declared/.git/g.yaml': DECLARES,
    'declared/notes.txt': 'x',
    'declared/.keep': '',
  })
  expect(await leftOut(cwd, 'declared/**/*.yaml')).toEqual([
    'not read: declared/.b.yaml, declared/.c/d.yaml have a part of their path that begins with a dot, which a wildcard does not match: name them with the dot',
    'not read: declared/E.YAML differs from the source in upper and lower case, which must match',
    'not read: declared/f.yml has the other file name ending of YAML files',
  ])
  const named = ['declared/.*.yaml', 'declared/.c/*.yaml', 'declared/*.{YAML,yml}', 'declared/*.yaml']
  expect(await leftOut(cwd, ...named)).toEqual([])
})

it('what a file extends is read, however it is called', async () => {
  const cwd = folderWith({
    'declared/a.yaml': 'extends: [.base.yaml]\n',
    'declared/.base.yaml': DECLARES,
  })
  expect(await leftOut(cwd, 'declared/*.yaml')).toEqual([])
})

it('a folder that is called like a declaration is a mistake, and a link that leads nowhere is one', async () => {
  const cwd = folderWith({ 'declared/a.yaml': DECLARES, 'declared/b.yaml/c.yaml': DECLARES })
  symlinkSync('gone.yaml', path.join(cwd, 'declared', 'd.yaml'))
  symlinkSync('e.yaml', path.join(cwd, 'declared', 'e.yaml'))
  expect(await mistakesOf(readDeclared(['declared/*.yaml'], { cwd, variables: {} }))).toEqual([
    'declared/b.yaml: is a folder',
    'declared/d.yaml: is not there',
    expect.stringMatching(/^declared\/e\.yaml: /),
  ])
  expect(await mistakesOf(readDeclared(['declared/{a,d}.yaml'], { cwd, variables: {} }))).toEqual([
    'declared/d.yaml: is not there',
  ])
})

it('a linked folder that a pattern writes out is entered, whatever letters are in its name', async () => {
  const cwd = folderWith({ '.git/HEAD': 'x', 'real/b.yaml': DECLARES })
  mkdirSync(path.join(cwd, 'declared'))
  for (const name of ['prod', 'prod+eu', 'p(1)', 'x[1]', 'a!b@c'])
    symlinkSync('../real', path.join(cwd, 'declared', name))
  const files = nodeFiles(cwd)
  for (const name of ['prod', 'prod+eu', 'p(1)', 'x[[]1]', 'x\\[1\\]', 'a!b@c', '[p]rod'])
    expect([name, (await files.glob(`declared/${name}/*.yaml`)).length]).toEqual([name, 1])
})

it('a source is matched by name as it is found on the disk', async () => {
  const cwd = folderWith(
    Object.fromEntries(['a.yaml', 'd/b.yaml', 'd/e/c.yml', '.h/x.yaml', 'd/.y.yaml'].map((file) => [file, 'x'])),
  )
  const all = ['a.yaml', 'd/b.yaml', 'd/e/c.yml', '.h/x.yaml', 'd/.y.yaml']
  for (const pattern of [
    '**/*.yaml',
    '*.yaml',
    'd/**',
    'd/**/*.{yaml,yml}',
    '**',
    '.h/*',
    './d/*',
    'd/.*',
    '[ad]*/b.*',
  ]) {
    const found: PassedBy[] = []
    const there = await nodeFiles(cwd).glob(pattern, (passed) => found.push(passed))
    expect([pattern, ...all.filter((file) => matchesFile(pattern, file)).toSorted()]).toEqual([
      pattern,
      ...there.toSorted(),
    ])
  }
})
