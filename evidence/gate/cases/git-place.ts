import { cpSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { GateCase } from '../case.ts'
import { putFiles, type Files } from '../files.ts'
import { git, ordersFile, type Scene } from '../scene.ts'
import { absorb, asSubmodule, lookAlike, otherRepository } from './look-alike.ts'
import { controls, LOCAL, program, RULES } from './parts.ts'

const group = 'git'
const at = 'infra'

/** What the author would have the base be: rules for everything, and what the change declares. */
const OWN: Files = {
  'infra/declared/orders.yaml': ordersFile({ token_lifetime: 7200 }),
  'infra/tenant-drift.yaml': RULES,
  'declared/orders.yaml': ordersFile({ token_lifetime: 7200 }),
  'tenant-drift.yaml': RULES,
}
const OWN_PROGRAM = (scene: Scene, folder = at): Files => ({ [`${folder}/x.sh`]: program(scene.marks('x', 'exit 1')) })
const CORE = '[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = ..\n'
const runs = (scene: Scene, folder = at) => `ext::${scene.work}/${folder}/x.sh %S`
const REMOTE = (scene: Scene, folder = at) =>
  `${CORE}[remote "origin"]\n\turl = ${runs(scene, folder)}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n[protocol "ext"]\n\tallow = always\n`
const PROMISOR = (scene: Scene) =>
  `[core]\n\trepositoryformatversion = 1\n\tworktree = ..\n[extensions]\n\tpartialClone = origin\n[remote "origin"]\n\turl = ${runs(scene)}\n\tpromisor = true\n\tpartialclonefilter = blob:none\n[protocol "ext"]\n\tallow = always\n`

const usualFolder = { folder: at } as const

export const gitPlaceCases: readonly GateCase[] = [
  ...controls(group, LOCAL, { ...usualFolder, title: 'a working directory below the root' }),
  {
    id: '1',
    group,
    title: 'the working directory looks like a git directory whose origin is a program',
    on: ['action'],
    expect: [2],
    ...usualFolder,
    change: async (scene) => ({
      ...OWN_PROGRAM(scene),
      ...(await lookAlike(scene, { at, config: REMOTE(scene) })),
    }),
  },
  {
    id: '2',
    group,
    title: 'the same as a partial clone whose forged ref names a missing commit',
    on: LOCAL,
    expect: [1, 2],
    ...usualFolder,
    change: async (scene) => ({
      ...OWN_PROGRAM(scene),
      ...(await lookAlike(scene, { at, config: PROMISOR(scene), isEmpty: true })),
    }),
  },
  {
    id: '3',
    group,
    title: 'the same without a program: origin/main is what the change declares',
    on: LOCAL,
    expect: [2],
    ...usualFolder,
    change: async (scene) => lookAlike(scene, { at, config: CORE, files: OWN }),
  },
  {
    id: '4',
    group,
    title: 'a look-alike with packed refs and a pack',
    on: LOCAL,
    expect: [2],
    ...usualFolder,
    change: async (scene) => lookAlike(scene, { at, config: CORE, files: OWN, isPacked: true }),
  },
  {
    id: '5',
    group,
    title: 'a look-alike that only sets core.fsmonitor',
    on: LOCAL,
    expect: [2],
    ...usualFolder,
    change: async (scene) => ({
      ...OWN_PROGRAM(scene),
      ...(await lookAlike(scene, { at, config: `${CORE}\tfsmonitor = ${scene.work}/infra/x.sh\n`, files: OWN })),
    }),
  },
  {
    id: '6',
    group,
    title: 'a look-alike one folder above the working directory',
    on: LOCAL,
    expect: [2],
    folder: 'infra/prod',
    change: async (scene) => ({
      ...OWN_PROGRAM(scene),
      ...(await lookAlike(scene, {
        at,
        config: REMOTE(scene),
        files: {
          'infra/prod/declared/orders.yaml': ordersFile({ token_lifetime: 7200 }),
          'infra/prod/tenant-drift.yaml': RULES,
        },
      })),
    }),
  },
  {
    id: '7',
    group,
    title: 'a look-alike at the root, beside the real one',
    on: LOCAL,
    expect: [2],
    change: async (scene) => ({
      ...OWN_PROGRAM(scene),
      ...(await lookAlike(scene, {
        at: '',
        config: REMOTE(scene).replace('worktree = ..', 'worktree = .'),
        files: OWN,
      })),
    }),
  },
  ...(['8', '9'] as const).map((id): GateCase => ({
    id,
    group,
    title: 'the working directory is a submodule of the change, and its origin/main the author’s',
    on: [id === '8' ? 'command' : 'action'],
    expect: [1],
    ...usualFolder,
    change: (scene) => asSubmodule(scene, at, { 'declared/orders.yaml': ordersFile(), 'tenant-drift.yaml': RULES }),
    repo: (scene) => absorb(scene, at),
  })),
  {
    id: '9-folder',
    group,
    title: 'the working directory is a repository of its own with a .git folder, as a clone of an earlier step',
    on: ['action'],
    expect: [1],
    ...usualFolder,
    change: (scene) => asSubmodule(scene, at, { 'declared/orders.yaml': ordersFile(), 'tenant-drift.yaml': RULES }),
  },
  {
    id: '10',
    group,
    title: 'a submodule in a submodule',
    on: LOCAL,
    expect: [1],
    folder: 'infra/prod',
    change: async (scene) => {
      const files = await asSubmodule(scene, at, { 'a.txt': 'x' })
      await asSubmodule(scene, 'infra/prod', { 'declared/orders.yaml': ordersFile(), 'tenant-drift.yaml': RULES })
      return files
    },
    repo: async (scene) => {
      await absorb(scene, 'infra/prod')
      await absorb(scene, at)
    },
  },
  {
    id: '11',
    group,
    title: 'a stray .git file names another repository of the machine',
    on: LOCAL,
    expect: [1],
    ...usualFolder,
    repo: async (scene) => {
      const other = await otherRepository(scene, OWN)
      await git(other, ['config', 'core.worktree', scene.work])
      writeFileSync(path.join(scene.work, at, '.git'), `gitdir: ${other}/.git\n`)
    },
  },
  ...controls(
    group,
    LOCAL,
    {
      title: 'a linked worktree with a right back-pointer',
      repo: (scene) => linkedWorktree(scene),
      job: (scene) => ({ workspace: path.join(scene.outside, 'linked') }),
    },
    '12',
  ),
  {
    id: '13',
    group,
    title: 'a linked worktree whose back-pointer names another place',
    on: LOCAL,
    expect: [1],
    repo: async (scene) => {
      await linkedWorktree(scene)
      writeFileSync(path.join(scene.work, '.git', 'worktrees', 'linked', 'gitdir'), `${scene.outside}/elsewhere/.git\n`)
    },
    job: (scene) => ({ workspace: path.join(scene.outside, 'linked') }),
  },
  {
    id: '14',
    group,
    title: '.git is a link to a folder elsewhere',
    on: LOCAL,
    expect: [1],
    repo: (scene) => {
      renameSync(path.join(scene.work, '.git'), path.join(scene.outside, 'moved'))
      symlinkSync(path.join(scene.outside, 'moved'), path.join(scene.work, '.git'))
    },
  },
  ...['.git', '.GIT', 'git~1', '.git '].map((name, index): GateCase => ({
    id: `15-${index + 1}`,
    group,
    title: `the change brings an entry ${JSON.stringify(name)}; checkout refuses it and leaves what was there`,
    on: ['action'],
    expect: [1],
    repo: async (scene) => {
      const blob = await scene.git(['hash-object', '-w', '--stdin'], { input: 'gitdir: /nowhere\n' })
      const entries = await scene.git(['ls-tree', scene.commits.head])
      const lines = `${entries}\n100644 blob ${blob}\t${name}`
        .split('\n')
        .sort((a, b) => (nameIn(a) < nameIn(b) ? -1 : 1))
      const tree = await scene.git(['mktree'], { input: `${lines.join('\n')}\n` })
      scene.commits.head = await scene.git(['commit-tree', tree, '-p', scene.commits.base, '-m', 'x'])
      await scene.git(['checkout', '--quiet', '--detach', scene.commits.base])
    },
  })),
  {
    id: '16',
    group,
    title: 'a workspace without a repository, and a working directory that looks like one',
    on: LOCAL,
    expect: [1],
    ...usualFolder,
    change: async (scene) => ({
      ...OWN_PROGRAM(scene),
      ...(await lookAlike(scene, { at, config: REMOTE(scene), files: OWN })),
    }),
    repo: (scene) => {
      cpSync(path.join(scene.work, at), path.join(scene.outside, 'plain', at), { recursive: true })
      putFiles(scene.outside, {
        'plain/tenant-drift.yaml': readFileSync(path.join(scene.work, 'infra/tenant-drift.yaml')),
      })
    },
    job: (scene) => ({ workspace: path.join(scene.outside, 'plain') }),
  },
]

function nameIn(line: string): string {
  return line.slice(line.indexOf('\t') + 1)
}

async function linkedWorktree(scene: Scene): Promise<void> {
  await scene.git(['worktree', 'add', '--quiet', '--detach', path.join(scene.outside, 'linked'), 'HEAD'])
}
