import { appendFileSync } from 'node:fs'
import path from 'node:path'
import type { GateCase, JobEdit } from '../case.ts'
import { putFiles } from '../files.ts'
import type { Scene } from '../scene.ts'
import { onlyTheMerge } from './checkouts.ts'
import { ALL, LOCAL } from './parts.ts'

const group = 'base'

/** Ways in which a job gets at a private repository, or not. */
const FETCHES: readonly (readonly [
  id: string,
  title: string,
  expect: 1 | 2,
  edit: (scene: Scene) => Promise<JobEdit['inputs']>,
])[] = [
  ['51-header', 'the header that actions/checkout left', 2, () => Promise.resolve({ 'github-token': '' })],
  [
    '51-included',
    'the same header in an included file',
    2,
    async (scene) => {
      const { work, temp } = scene
      const name = `http.${scene.forge.url}/.extraheader`
      const header = await scene.git(['config', name])
      await scene.git(['config', '--unset-all', name])
      putFiles(temp, { 'git-credentials-x.config': `[http "${scene.forge.url}/"]\n\textraheader = ${header}\n` })
      await scene.git(['config', `includeIf.gitdir:${work}/.git.path`, `${temp}/git-credentials-x.config`])
      return { 'github-token': '' }
    },
  ],
  ['51-token', 'persist-credentials: false, and github-token', 2, (scene) => withoutHeader(scene).then(() => ({}))],
  [
    '51-public',
    'no credentials, and a public repository',
    2,
    async (scene) => {
      await withoutHeader(scene)
      Object.assign(scene.forge, { git: 'public' })
      return { 'github-token': '' }
    },
  ],
  [
    '52',
    'no credentials, and a private repository',
    1,
    (scene) => withoutHeader(scene).then(() => ({ 'github-token': '' })),
  ],
  [
    '53',
    'the server redirects the fetch to another host',
    1,
    (scene) => {
      Object.assign(scene.forge, { git: { redirect: scene.stranger.url } })
      return Promise.resolve({})
    },
  ],
  [
    '54',
    'remote.origin.url of the checkout names another host',
    2,
    async (scene) => {
      await scene.git(['config', 'remote.origin.url', `${scene.stranger.url}/o/r`])
      await scene.git(['config', `http.${scene.stranger.url}/.extraheader`, 'AUTHORIZATION: basic eDp4'])
      return {}
    },
  ],
  [
    '54-header',
    'a header without a host in .git/config, and one of another host',
    2,
    async (scene) => {
      await scene.git(['config', 'http.extraheader', 'X-Mine: 1'])
      return {}
    },
  ],
]

async function withoutHeader(scene: Scene): Promise<void> {
  await scene.git(['config', '--unset-all', `http.${scene.forge.url}/.extraheader`])
}

const edits = new WeakMap<Scene, JobEdit['inputs']>()

export const baseFetchCases: readonly GateCase[] = [
  ...FETCHES.map(([id, title, expected, edit]): GateCase => ({
    id,
    group,
    title: `the base has to be fetched: ${title}`,
    on: ['action'],
    expect: [expected],
    ...(id.startsWith('51') ? { isControl: true as const } : {}),
    repo: async (scene) => {
      await onlyTheMerge(scene)
      edits.set(scene, await edit(scene))
    },
    job: (scene) => ({ inputs: { ...edits.get(scene) } }),
  })),
  {
    id: '55',
    group,
    title: 'a sha256 repository',
    on: LOCAL,
    expect: [2],
    isControl: true,
    format: 'sha256',
  },
  {
    id: '55-fetched',
    group,
    title: 'a sha256 repository whose base has to be fetched',
    on: ['action'],
    expect: [2],
    isControl: true,
    format: 'sha256',
    repo: (scene) => onlyTheMerge(scene),
  },
  {
    id: '55-gitlab',
    group,
    title: 'a sha256 repository on GitLab',
    on: ['gitlab'],
    expect: [2],
    isControl: true,
    format: 'sha256',
  },
  {
    id: '56-partial',
    group,
    title: 'a partial clone',
    on: ['action'],
    expect: [2],
    isControl: true,
    repo: async (scene) => {
      await onlyTheMerge(scene, 'merge', ['--filter=blob:none'])
      await scene.git(['config', 'core.repositoryformatversion', '1'])
      await scene.git(['config', 'extensions.partialClone', 'origin'])
      await scene.git(['config', 'remote.origin.promisor', 'true'])
      await scene.git(['config', 'remote.origin.partialclonefilter', 'blob:none'])
    },
  },
  {
    id: '56-sparse',
    group,
    title: 'a sparse checkout',
    on: LOCAL,
    expect: [2],
    isControl: true,
    base: () => ({ 'other/a.txt': 'x' }),
    repo: async (scene) => void (await scene.git(['sparse-checkout', 'set', 'declared'])),
  },
  {
    id: '56-shallow',
    group,
    title: 'a shallow clone of depth 1',
    on: ['action'],
    expect: [2],
    isControl: true,
    repo: (scene) => onlyTheMerge(scene),
  },
  {
    id: '56-packed',
    group,
    title: 'everything packed, refs too',
    on: ALL,
    expect: [2],
    isControl: true,
    repo: async (scene) => {
      await scene.git(['gc', '--quiet'])
      await scene.git(['pack-refs', '--all'])
      appendFileSync(path.join(scene.work, '.git', 'info', 'exclude'), '')
    },
  },
]
