import type { GateCase } from '../case.ts'
import { putFiles } from '../files.ts'
import { git, ordersFile, type Scene } from '../scene.ts'
import { ALL, controls, program, RULES } from './parts.ts'

const group = 'base'

/** A commit of the author's own that has rules for everything and is no part of the branch; parents are named. */
export async function ownBase(scene: Scene, parents: readonly string[] = []): Promise<string> {
  const { work } = scene
  const now = await scene.git(['rev-parse', 'HEAD'])
  putFiles(work, { 'tenant-drift.yaml': RULES, 'declared/orders.yaml': ordersFile({ token_lifetime: 7200 }) })
  await scene.git(['add', '--all', '--force'])
  const tree = await scene.git(['write-tree'])
  const given = parents.flatMap((parent) => ['-p', parent])
  const commit = await scene.git(['commit-tree', tree, ...given, '-m', 'mine'])
  await scene.git(['read-tree', '--reset', '-u', now])
  return commit
}

const namesBoth = (...names: readonly string[]): Pick<GateCase, 'also'> => ({
  also: (_scene, { log }) =>
    names.filter((name) => !log.replaceAll(/\s+/g, ' ').includes(name)).map((name) => `${name} is not named`),
})

/** Spellings of `--base` that mean more than one thing, or what nobody can hold on to. */
const ODD: readonly (readonly [string, string])[] = [
  ['text', ':/x'],
  ['text-in', 'origin/main^{/x}'],
  ['reflog', 'origin/main@{1}'],
  ['range', 'origin/main..HEAD'],
  ['symmetric', 'origin/main...HEAD'],
  ['empty', ''],
  ['newline', 'origin/main\nHEAD'],
  ['upstream', '@{u}'],
  ['path', 'HEAD:declared'],
  ['star', 'origin/*'],
  ['dashes', '--'],
]

export const baseRefCases: readonly GateCase[] = [
  ...controls(group, ALL),
  {
    id: '39',
    group,
    title: 'a tag called origin/main',
    on: ['command'],
    expect: [1],
    repo: async (scene) => void (await scene.git(['tag', 'origin/main', await ownBase(scene)])),
    ...namesBoth('refs/tags/origin/main', 'refs/remotes/origin/main'),
  },
  {
    id: '40',
    group,
    title: 'a local branch called origin/main',
    on: ['command'],
    expect: [1],
    repo: async (scene) => void (await scene.git(['branch', 'origin/main', await ownBase(scene)])),
    ...namesBoth('refs/heads/origin/main', 'refs/remotes/origin/main'),
  },
  {
    id: '40-refs',
    group,
    title: 'a branch called refs/remotes/origin/main, where that full name is given',
    on: ['command'],
    expect: [1, 2],
    repo: async (scene) =>
      void (await scene.git(['update-ref', 'refs/heads/refs/remotes/origin/main', await ownBase(scene)])),
    job: () => ({ trust: 'refs/remotes/origin/main' }),
  },
  {
    id: '40-full',
    group,
    title: 'the full name of a ref beside a tag of its short one',
    on: ['command'],
    expect: [2],
    isControl: true,
    repo: async (scene) => void (await scene.git(['tag', 'origin/main', await ownBase(scene)])),
    job: () => ({ trust: 'refs/remotes/origin/main' }),
  },
  {
    id: '40-file',
    group,
    title: 'a file .git/origin/main',
    on: ['command'],
    expect: [1, 2],
    repo: async (scene) => putFiles(scene.work, { '.git/origin/main': `${await ownBase(scene)}\n` }),
  },
  {
    id: '41',
    group,
    title: 'a tag called like the shortened commit in --base',
    on: ['command'],
    expect: [1],
    repo: async (scene) => void (await scene.git(['tag', scene.commits.base.slice(0, 10), await ownBase(scene)])),
    job: ({ commits }) => ({ trust: commits.base, base: commits.base.slice(0, 10) }),
  },
  {
    id: '41-control',
    group,
    title: 'a shortened commit in --base that no ref is called like',
    on: ['command'],
    expect: [2],
    isControl: true,
    job: ({ commits }) => ({ trust: commits.base, base: commits.base.slice(0, 10) }),
  },
  {
    id: '41-trust',
    group,
    title: 'a shortened commit in --trust',
    on: ['command'],
    expect: [1],
    job: ({ commits }) => ({ trust: commits.base.slice(0, 10), base: commits.base }),
  },
  {
    id: '42',
    group,
    title: 'a tag called like all letters of the base',
    on: ['command'],
    expect: [2],
    repo: async (scene) =>
      void (await scene.git(['update-ref', `refs/tags/${scene.commits.base}`, await ownBase(scene)])),
    job: ({ commits }) => ({ trust: commits.base }),
  },
  {
    id: '43',
    group,
    title: 'a tag called like the target branch on the server',
    on: ['gitlab'],
    expect: [2],
    repo: async (scene) => {
      const own = await ownBase(scene)
      await scene.git(['push', '--quiet', scene.server, `${own}:refs/tags/main`])
    },
  },
  {
    id: '43-branches',
    group,
    title: 'branches called refs/heads/main and heads/main on the server',
    on: ['gitlab'],
    expect: [2],
    repo: async (scene) => {
      const own = await ownBase(scene)
      for (const name of ['heads/main', 'refs/heads/main', 'origin/main'])
        await scene.git(['push', '--quiet', scene.server, `${own}:refs/heads/${name}`, `${own}:refs/tags/${name}`])
    },
  },
  {
    id: '44-command',
    group,
    title: '--base begins with --upload-pack=',
    on: ['command'],
    expect: [1],
    change: (scene) => ({ 'run.sh': program(scene.marks('run')) }),
    job: (scene) => ({ base: `--upload-pack=${scene.work}/run.sh`, trust: 'origin/main' }),
  },
  {
    id: '44-trust',
    group,
    title: '--trust begins with --upload-pack=',
    on: ['command'],
    expect: [1],
    change: (scene) => ({ 'run.sh': program(scene.marks('run')) }),
    job: (scene) => ({ trust: `--upload-pack=${scene.work}/run.sh` }),
  },
  {
    id: '44-gitlab',
    group,
    title: 'the target branch begins with --upload-pack=',
    on: ['gitlab'],
    expect: [1],
    change: (scene) => ({ 'run.sh': program(scene.marks('run')) }),
    job: (scene) => ({ env: { CI_MERGE_REQUEST_TARGET_BRANCH_NAME: `--upload-pack=${scene.work}/run.sh` } }),
  },
  ...ODD.flatMap(([name, ref]): readonly GateCase[] => [
    {
      id: `45-${name}`,
      group,
      title: `--base ${JSON.stringify(ref)}`,
      on: ['command'],
      expect: [1],
      job: () => ({ base: ref, trust: 'origin/main' }),
    },
    {
      id: `45-trust-${name}`,
      group,
      title: `--trust ${JSON.stringify(ref)}`,
      on: ['command'],
      expect: [1],
      job: () => ({ base: 'origin/main', trust: ref }),
    },
  ]),
  {
    id: '45-file',
    group,
    title: 'a committed file that is called like the ref in --base',
    on: ['command'],
    expect: [1],
    change: () => ({ 'origin/main': ordersFile({ token_lifetime: 7200 }) }),
  },
  {
    id: '45-control',
    group,
    title: '--base HEAD^1 of a merge',
    on: ['command'],
    expect: [2],
    isControl: true,
    job: () => ({ base: 'HEAD^1', trust: 'origin/main' }),
  },
  {
    id: '45-variable',
    group,
    title: 'the change’s configuration names another base and a trust of its own',
    on: ['command'],
    expect: [2],
    change: () => ({ 'tenant-drift.yaml': `trust: HEAD\nbase: HEAD\n${RULES}` }),
  },
  {
    id: '43-fetched',
    group,
    title: 'a tag and a branch of the server that a full clone took along',
    on: ['action'],
    expect: [2],
    repo: async (scene) => {
      const own = await ownBase(scene)
      for (const name of [
        'refs/tags/main',
        'refs/heads/main',
        'refs/tags/origin/main',
        `refs/tags/${scene.commits.base}`,
      ])
        await git(scene.work, ['update-ref', name, own])
    },
  },
]
