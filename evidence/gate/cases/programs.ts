import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import type { GateCase, JobEdit } from '../case.ts'
import { putFiles, type Files } from '../files.ts'
import { leakFinder } from '../planted.ts'
import type { Scene } from '../scene.ts'
import { configured, onlyTheMerge } from './checkouts.ts'
import { controls, LOCAL, program } from './parts.ts'

const group = 'programs'
const asGit = (scene: Scene): ReturnType<typeof program> => program(scene.marks('git', 'exec /usr/bin/git "$@"'))

const PATHS: readonly (readonly [id: string, title: string, place: string, prefix: (scene: Scene) => string])[] = [
  [
    '17',
    'a committed git in node_modules/.bin, which is first on PATH',
    'node_modules/.bin',
    (scene) => `${scene.work}/node_modules/.bin`,
  ],
  ['18-dot', 'PATH begins with a dot', '.', () => '.'],
  ['18-empty', 'PATH begins with an empty entry', '.', () => ''],
  ['18-relative', 'PATH begins with a relative folder', 'tools', () => 'tools'],
  ['18-up', 'PATH begins with the work tree in other words', 'tools', (scene) => `${scene.outside}/../work/./tools`],
  [
    '19',
    'PATH holds a folder outside that is a link into the work tree',
    'tools',
    (scene) => `${scene.outside}/tools-link`,
  ],
]

/** Settings of `.git/config` that make git run something. */
const SETTINGS: Readonly<Record<string, (run: string, scene: Scene) => string>> = {
  '21-fsmonitor': (run) => `[core]\n\tfsmonitor = ${run}\n`,
  '21-insteadof': (run, { forge }) =>
    `[url "ext::${run} "]\n\tinsteadOf = ${forge.url}/\n[protocol "ext"]\n\tallow = always\n`,
  '22-ssh': (run) => `[core]\n\tsshCommand = ${run}\n[remote "origin"]\n\turl = ssh://git@127.0.0.1/o/r\n`,
  '23-uploadpack': (run, { server }) => `[remote "origin"]\n\tuploadpack = ${run}\n\turl = ${server}\n`,
  '23-vcs': (run) => `[remote "origin"]\n\tvcs = ext\n\turl = ${run}\n[protocol "ext"]\n\tallow = always\n`,
  '25-hooks': (_run, { work }) => `[core]\n\thooksPath = ${work}/hooks\n`,
  '25-pager': (run) =>
    `[core]\n\tpager = ${run}\n\teditor = ${run}\n[pager]\n\tcat-file = ${run}\n\trev-parse = ${run}\n`,
  '25-others': (run) =>
    `[core]\n\talternateRefsCommand = ${run}\n\tgitProxy = ${run}\n[gc]\n\trecentObjectsHook = ${run}\n`,
  '27-include': (_run, { work }) => `[include]\n\tpath = ${work}/included\n`,
  '27-includeif': (_run, { work }) => `[includeIf "gitdir:${work}/"]\n\tpath = ${work}/included\n`,
}

const HOOKS =
  'post-checkout post-index-change reference-transaction post-merge pre-auto-gc fsmonitor-watchman post-rewrite pre-commit update'.split(
    ' ',
  )

/** The programs of a change that does not know which of them git will take. */
const PROGRAMS = (scene: Scene): Files => ({
  'run.sh': program(scene.marks('run', 'exit 1')),
  included: `[core]\n\tfsmonitor = ${scene.work}/run.sh\n[remote "origin"]\n\tuploadpack = ${scene.work}/run.sh\n`,
  ...Object.fromEntries(HOOKS.map((name) => [`hooks/${name}`, program(scene.marks(`hook-${name}`))])),
})

const GIT_ENV = (scene: Scene): Readonly<Record<string, string>> => ({
  GIT_DIR: `${scene.work}/own`,
  GIT_WORK_TREE: scene.outside,
  GIT_CONFIG_COUNT: '2',
  GIT_CONFIG_KEY_0: 'core.fsmonitor',
  GIT_CONFIG_VALUE_0: `${scene.work}/run.sh`,
  GIT_CONFIG_KEY_1: 'protocol.ext.allow',
  GIT_CONFIG_VALUE_1: 'always',
  GIT_SSH_COMMAND: `${scene.work}/run.sh`,
  GIT_EXTERNAL_DIFF: `${scene.work}/run.sh`,
  GIT_EXEC_PATH: `${scene.work}/exec`,
  GIT_OBJECT_DIRECTORY: `${scene.work}/own/objects`,
  GIT_PROXY_COMMAND: `${scene.work}/run.sh`,
  GIT_ASKPASS: `${scene.work}/run.sh`,
  GIT_TRACE: `${scene.outside}/trace`,
  GIT_TRACE2_EVENT: `${scene.outside}/trace2`,
  GIT_TRACE_CURL: `${scene.outside}/trace-curl`,
  GIT_CONFIG_GLOBAL: `${scene.work}/included`,
})

export const programCases: readonly GateCase[] = [
  ...controls(group, LOCAL, { change: PROGRAMS, title: 'programs that nothing names' }),
  ...PATHS.map(([id, title, place, prefix]): GateCase => ({
    id,
    group,
    title,
    on: LOCAL,
    expect: [2],
    change: (scene) => ({ [path.posix.join(place, 'git')]: asGit(scene) }),
    repo: (scene) => {
      if (id === '19') symlinkSync(path.join(scene.work, 'tools'), path.join(scene.outside, 'tools-link'))
    },
    job: (scene) => ({ path: prefix(scene) }),
  })),
  {
    id: '20',
    group,
    title: 'a committed pulumi on PATH, and a Pulumi project declares',
    on: ['command'],
    expect: [1, 2],
    base: () => ({ 'infra/Pulumi.yaml': 'name: infra\nruntime: nodejs\n' }),
    change: (scene) => ({ 'node_modules/.bin/pulumi': program(scene.marks('pulumi', 'echo "{}"')) }),
    job: (scene) => ({ path: `${scene.work}/node_modules/.bin`, flags: ['--declared=pulumi:infra#dev'] }),
  },
  ...Object.entries(SETTINGS).flatMap(([id, config]) =>
    [false, true].map((isShallow): GateCase => ({
      id: isShallow ? `${id}-fetched` : id,
      group,
      title: `.git/config of an earlier step: ${id.slice(3)}${isShallow ? ', and the base has to be fetched' : ''}`,
      on: isShallow ? ['action'] : LOCAL,
      expect: [2],
      change: PROGRAMS,
      repo: async (scene) => {
        if (isShallow) await onlyTheMerge(scene)
        await configured(scene, config(`${scene.work}/run.sh`, scene))
      },
    })),
  ),
  {
    id: '24',
    group,
    title: 'a credential helper and an askpass in .git/config; the server answers 401',
    on: ['action'],
    expect: [1],
    change: PROGRAMS,
    repo: async (scene) => {
      await onlyTheMerge(scene)
      scene.forge.git = 'refuses'
      const run = `${scene.work}/run.sh`
      await configured(scene, `[credential]\n\thelper = !${run}\n[core]\n\taskPass = ${run}\n`)
    },
  },
  {
    id: '26',
    group,
    title: 'hooks of every name in .git/hooks',
    on: LOCAL,
    expect: [2],
    repo: (scene) => putFiles(path.join(scene.work, '.git'), PROGRAMS(scene)),
  },
  {
    id: '28',
    group,
    title: 'a partial clone whose promisor is a program, and the base is not there',
    on: ['action'],
    expect: [1, 2],
    change: PROGRAMS,
    repo: async (scene) => {
      await onlyTheMerge(scene)
      await scene.git(['config', 'core.repositoryformatversion', '1'])
      await configured(
        scene,
        `[extensions]\n\tpartialClone = origin\n[remote "origin"]\n\tpromisor = true\n\turl = ext::${scene.work}/run.sh\n[protocol "ext"]\n\tallow = always\n`,
      )
    },
  },
  {
    id: '29',
    group,
    title: 'filters, diff drivers, textconv, export-ignore and ident in the attributes',
    on: LOCAL,
    expect: [2],
    base: () => ({ '.gitattributes': '* filter=x diff=x ident export-ignore\n' }),
    change: (scene) => ({ ...PROGRAMS(scene), '.gitattributes': '* filter=x diff=x merge=x ident\n' }),
    repo: async (scene) => {
      const run = `${scene.work}/run.sh`
      putFiles(path.join(scene.work, '.git'), { 'info/attributes': '* filter=x diff=x\n' })
      await configured(
        scene,
        `[filter "x"]\n\tsmudge = ${run}\n\tclean = ${run}\n\tprocess = ${run}\n\trequired = true\n[diff "x"]\n\ttextconv = ${run}\n\tcommand = ${run}\n[merge "x"]\n\tdriver = ${run}\n`,
      )
    },
  },
  {
    id: '30',
    group,
    title: '.gitmodules with a command to update, ext:: and gitlinks',
    on: ['action'],
    expect: [2],
    change: (scene) => ({
      ...PROGRAMS(scene),
      '.gitmodules': `[submodule "s"]\n\tpath = s\n\turl = ext::${scene.work}/run.sh\n\tupdate = !${scene.work}/run.sh\n\tfetchRecurseSubmodules = true\n`,
    }),
    repo: async (scene) => {
      await onlyTheMerge(scene, 'head')
      await scene.git(['update-index', '--add', '--cacheinfo', `160000,${scene.commits.base},s`])
      await configured(
        scene,
        `[submodule "s"]\n\tupdate = !${scene.work}/run.sh\n[fetch]\n\trecurseSubmodules = true\n`,
      )
    },
  },
  {
    id: '31',
    group,
    title: 'GIT_* of the job: directories, settings, programs, traces',
    on: LOCAL,
    expect: [2],
    change: (scene) => ({
      ...PROGRAMS(scene),
      'own/HEAD': 'ref: refs/heads/main\n',
      'own/objects/keep': '',
      'own/refs/keep': '',
      'exec/git-rev-parse': program(scene.marks('exec')),
      'exec/git-cat-file': program(scene.marks('exec')),
      'exec/git-remote-http': program(scene.marks('exec')),
    }),
    job: (scene): JobEdit => ({ env: GIT_ENV(scene) }),
  },
  ...[false, true].map((isShallow): GateCase => ({
    id: isShallow ? '32-fetched' : '32',
    group,
    title: `the environment and the command lines of git${isShallow ? ', with a fetch' : ''}`,
    on: isShallow ? ['action'] : LOCAL,
    expect: [2],
    isControl: true,
    repo: async (scene) => {
      if (isShallow) await onlyTheMerge(scene)
      const seen = `${scene.out}/seen`
      putFiles(scene.outside, {
        'wrap/git': program(`#!/bin/sh\n{ /usr/bin/env; echo "ARGS $*"; } >> '${seen}'\nexec /usr/bin/git "$@"\n`),
      })
    },
    job: (scene) => ({ path: `${scene.outside}/wrap` }),
    also: (scene) => {
      const file = `${scene.out}/seen`
      const seen = existsSync(file) ? readFileSync(file, 'utf8') : ''
      const names = [...seen.matchAll(/^(INPUT_|TENANT_DRIFT_|AUTH0_|GITHUB_|CI_)\w*/gm)].map(([name]) => name)
      const leaks = leakFinder(scene.planted)(seen).map((leak) => `${leak} was handed to git`)
      return [
        ...(seen === '' ? ['git by the wrapper was never asked'] : []),
        ...[...new Set(names)].map((name) => `git got ${name}`),
        ...leaks,
      ]
    },
  })),
  ...LOCAL.map((runner): GateCase => ({
    id: `33-${runner}`,
    group,
    title: 'the command lines of all children',
    on: [runner],
    expect: [2],
    isControl: true,
    change: () => ({ 'declared/extra-name-of-the-change.yaml': 'resource_servers: []\n' }),
    repo: (scene) => putFiles(scene.outside, { 'spy.mjs': SPY }),
    job: (scene) => ({
      env: { NODE_OPTIONS: `--import=file://${scene.outside}/spy.mjs`, SPY_FILE: `${scene.out}/spied` },
    }),
    also: (scene) => {
      const file = `${scene.out}/spied`
      const seen = existsSync(file) ? readFileSync(file, 'utf8') : ''
      return [
        ...(seen.includes('git') ? [] : ['no child was seen']),
        ...(seen.includes('extra-name-of-the-change') ? ['a name from the change stands in a command line'] : []),
        ...leakFinder(scene.planted)(seen).map((leak) => `${leak} in a command line`),
      ]
    },
  })),
]

const SPY = `import { appendFileSync } from 'node:fs'
import child from 'node:child_process'
import { syncBuiltinESMExports } from 'node:module'
const note = (words) => appendFileSync(process.env.SPY_FILE, JSON.stringify(words) + '\\n')
note(process.argv)
for (const name of ['spawn', 'execFile', 'spawnSync', 'execFileSync', 'exec', 'execSync', 'fork']) {
  const real = child[name]
  child[name] = (...args) => { note([name, ...args.slice(0, 2)]); return real(...args) }
}
syncBuiltinESMExports()
`
