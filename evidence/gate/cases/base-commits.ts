import { chmodSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { deflateSync } from 'node:zlib'
import type { GateCase } from '../case.ts'
import { commitAll, gitBytes, ordersFile, type Scene } from '../scene.ts'
import { putFiles } from '../files.ts'
import { pullRequest } from '../run-action.ts'
import { ownBase } from './base-refs.ts'
import { onlyTheMerge } from './checkouts.ts'
import { LOCAL, RULES } from './parts.ts'

const group = 'base'
const event = 'pull_request'

/** Makes a commit what is checked out, work tree and all. */
async function checkOut(scene: Scene, commit: string): Promise<void> {
  await scene.git(['checkout', '--quiet', '--force', '--detach', commit])
}

async function withParents(scene: Scene, ...parents: readonly string[]): Promise<string> {
  const tree = await scene.git(['rev-parse', `${scene.commits.head}^{tree}`])
  return scene.git(['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-m', 'x'])
}

/** Writes a loose object under the name of another one. */
function exchange(objects: string, name: string, type: string, body: Buffer): void {
  const file = path.join(objects, name.slice(0, 2), name.slice(2))
  mkdirSync(path.dirname(file), { recursive: true })
  chmodSync(path.dirname(file), 0o755)
  putFiles('/', { [file]: deflateSync(Buffer.concat([Buffer.from(`${type} ${body.length}\0`), body])) })
}

type Which = 'rules' | 'tree' | 'commit'

/** Puts the author's own object in the place of the base's, below `objects`. */
async function forge(scene: Scene, which: Which, objects: string): Promise<void> {
  const { base } = scene.commits
  const own = await ownBase(scene)
  const [ref, type] = { rules: [':tenant-drift.yaml', 'blob'], tree: ['^{tree}', 'tree'], commit: ['', 'commit'] }[
    which
  ] as [string, string]
  const name = await scene.git(['rev-parse', `${base}${ref}`])
  exchange(objects, name, type, await gitBytes(scene.work, ['cat-file', type, `${own}${ref}`]))
}

const objectsOf = (scene: Scene): string => path.join(scene.work, '.git', 'objects')

export const baseCommitCases: readonly GateCase[] = [
  ...(['34', '35'] as const).map((id): GateCase => ({
    id,
    group,
    title: `a merge commit with an own base was pushed between event and checkout${id === '35' ? ', on pull_request_target' : ''}`,
    on: ['action'],
    expect: [1, 2],
    repo: async (scene) => checkOut(scene, await withParents(scene, await ownBase(scene), scene.commits.head)),
    job: ({ commits }) =>
      id === '34'
        ? {}
        : { event: 'pull_request_target', env: { GITHUB_SHA: commits.base, GITHUB_REF: 'refs/heads/main' } },
  })),
  {
    id: '34-equal',
    group,
    title: 'the same, and the event says that this is GitHub’s merge of another pull request',
    on: ['action'],
    expect: [1, 2],
    repo: async (scene) => checkOut(scene, await withParents(scene, await ownBase(scene), scene.commits.base)),
  },
  {
    id: '36',
    group,
    title: 'an octopus merge with the head as second parent',
    on: ['action'],
    expect: [1],
    repo: async (scene) => {
      const own = await ownBase(scene)
      await checkOut(scene, await withParents(scene, own, scene.commits.head, scene.commits.base))
    },
  },
  {
    id: '37',
    group,
    title: 'another commit than the change is checked out',
    on: ['action'],
    expect: [1],
    repo: async (scene) => {
      await checkOut(scene, scene.commits.head)
      putFiles(scene.work, { 'a.txt': 'x' })
      await commitAll(scene)
    },
  },
  {
    id: '37-child',
    group,
    title: 'a merge of the merge is checked out',
    on: ['action'],
    expect: [1],
    repo: async (scene) => checkOut(scene, await withParents(scene, await ownBase(scene), scene.commits.merge)),
  },
  {
    id: '38',
    group,
    title: 'the base is checked out',
    on: ['action'],
    expect: [1],
    repo: (scene) => checkOut(scene, scene.commits.base),
  },
  {
    id: '38-target',
    group,
    title: 'the base is checked out on pull_request_target',
    on: ['action'],
    expect: [1],
    repo: (scene) => checkOut(scene, scene.commits.base),
    job: ({ commits }) => ({
      event: 'pull_request_target',
      env: { GITHUB_SHA: commits.base, GITHUB_REF: 'refs/heads/main' },
    }),
  },
  ...['head', 'merge'].map((which): GateCase => ({
    id: `38-control-${which}`,
    group,
    title: `the ${which} is checked out on pull_request_target`,
    on: ['action'],
    expect: [2],
    isControl: true,
    repo: (scene) => checkOut(scene, scene.commits[which as 'head']),
    job: ({ commits }) => ({
      event: 'pull_request_target',
      env: { GITHUB_SHA: commits.base, GITHUB_REF: 'refs/heads/main' },
    }),
  })),
  {
    id: '38-stale',
    group,
    title: 'the payload’s base is older than the merge’s',
    on: ['action'],
    expect: [2],
    isControl: true,
    repo: async (scene) => {
      const older = await scene.git(['commit-tree', `${scene.commits.base}^{tree}`, '-m', 'older'])
      scene.commits.base = older
    },
    job: (scene) => ({ event, payload: pullRequest(scene) }),
  },
  ...(['commit', 'tree', 'rules'] as const).map((which): GateCase => ({
    id: `46-${which}`,
    group,
    title: `a replace ref for the base’s ${which}`,
    on: LOCAL,
    expect: [2],
    repo: async (scene) => {
      const own = await ownBase(scene)
      const ref = { commit: '', tree: '^{tree}', rules: ':tenant-drift.yaml' }[which]
      const [from, to] = [
        await scene.git(['rev-parse', `${scene.commits.base}${ref}`]),
        await scene.git(['rev-parse', `${own}${ref}`]),
      ]
      await scene.git(['update-ref', `refs/replace/${from}`, to])
    },
  })),
  {
    id: '47-grafts',
    group,
    title: 'info/grafts gives the merge other parents',
    on: LOCAL,
    expect: [2],
    repo: async (scene) => {
      const { head, merge } = scene.commits
      putFiles(path.join(scene.work, '.git'), { 'info/grafts': `${merge} ${await ownBase(scene)} ${head}\n` })
    },
  },
  {
    id: '47-shallow',
    group,
    title: 'a forged shallow file',
    on: LOCAL,
    expect: [2],
    repo: ({ work, commits }) =>
      writeFileSync(path.join(work, '.git', 'shallow'), `${commits.merge}\n${commits.base}\n`),
  },
  ...(['rules', 'tree', 'commit'] as const).map((which): GateCase => ({
    id: which === 'rules' ? '48' : `49-${which}`,
    group,
    title: `the loose object of the base’s ${which} exchanged`,
    on: LOCAL,
    expect: [1],
    repo: (scene) => forge(scene, which, objectsOf(scene)),
  })),
  ...(['rules', 'tree', 'commit'] as const).map((which): GateCase => ({
    id: `50-${which}`,
    group,
    title: `alternates lead to a folder of the change with the base’s ${which} exchanged`,
    on: LOCAL,
    expect: [1, 2],
    repo: async (scene) => {
      const { work } = scene
      await forge(scene, which, path.join(work, 'objects'))
      const ref = { commit: '', tree: '^{tree}', rules: ':tenant-drift.yaml' }[which]
      const name = await scene.git(['rev-parse', `${scene.commits.base}${ref}`])
      renameSync(path.join(objectsOf(scene), name.slice(0, 2), name.slice(2)), path.join(scene.outside, 'taken-away'))
      putFiles(objectsOf(scene), { 'info/alternates': `${work}/objects\n` })
    },
  })),
  {
    id: '49-extra',
    group,
    title: 'the base’s commit is missing, and a loose object of another type stands in its place',
    on: ['action'],
    expect: [1, 2],
    repo: async (scene) => {
      await onlyTheMerge(scene)
      exchange(objectsOf(scene), scene.commits.base, 'blob', Buffer.from(ordersFile()))
      exchange(
        objectsOf(scene),
        await scene.git(['hash-object', '--stdin'], { input: RULES }),
        'blob',
        Buffer.from(RULES),
      )
    },
  },
]
