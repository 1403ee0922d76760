import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { GateCase } from '../case.ts'
import { putFiles, type Files } from '../files.ts'
import type { Ran } from '../ran.ts'
import { artifactNames } from '../run-gitlab.ts'
import { ORDERS, type Scene } from '../scene.ts'
import { controls, link, LOCAL, program } from './parts.ts'

const group = 'reports'
const WORDS = 'words-of-the-author'
/** As the template called them, and as a change may believe that they are called. */
const OLD_NAMES = ['gl-code-quality.json', 'tenant-drift.xml', 'tenant-drift.md', 'tenant-drift.json']
const names = (): readonly string[] => [...new Set([...artifactNames(), ...OLD_NAMES])]

function whole(_scene: Scene, { artifacts, posted }: Ran): readonly string[] {
  return [
    ...Object.entries(artifacts).flatMap(([name, text]) => {
      if (text === null) return [`the artifact ${name} is no file`]
      if (text.includes(WORDS)) return [`the artifact ${name} has words of the change`]
      return text.includes(ORDERS) || text.includes('urn') ? [] : [`the artifact ${name} says nothing of this run`]
    }),
    ...(posted.some((text) => text.includes(ORDERS)) ? [] : ['no note of this run']),
    ...(posted.some((text) => text.includes(WORDS)) ? ['the note has words of the change'] : []),
  ]
}

/** Nothing of the change's is posted or kept, where a run ended before it wrote. */
function nothing(_scene: Scene, { artifacts, posted }: Ran): readonly string[] {
  return [
    ...Object.entries(artifacts).flatMap(([name, text]) =>
      text?.includes(WORDS) === true ? [`the artifact ${name} is the change’s`] : [],
    ),
    ...(posted.length > 0 ? [`a note was posted: ${(posted[0] ?? '').slice(0, 60)}`] : []),
  ]
}

const every = (entry: (name: string) => Files): Files => Object.assign({}, ...names().map(entry)) as Files
const planted = (): Files => every((name) => ({ [name]: `${WORDS}\n` }))

const report = (): string => artifactNames()[0]?.split('/')[0] ?? 'tenant-drift-reports'

const DEATHS: readonly (readonly [
  id: string,
  title: string,
  codes: readonly number[],
  job: (scene: Scene) => ReturnType<NonNullable<GateCase['job']>>,
])[] = [
  ['npm', 'npm fails', [1], ({ outside }) => ({ path: `${outside}/broken` })],
  ['domain', 'there is no domain', [1], () => ({ env: { AUTH0_DOMAIN: null } })],
  ['kill', 'SIGKILL', [137], () => ({ started: (kill) => void setTimeout(() => kill('SIGKILL'), 150) })],
]

export const reportCases: readonly GateCase[] = [
  ...controls(group, ['gitlab'], { also: (scene, ran) => (ran.code === 0 ? [] : whole(scene, ran)) }),
  {
    id: '101',
    group,
    title: 'committed folders called like each report',
    on: ['gitlab'],
    expect: [2],
    change: () => every((name) => ({ [`${name}/x`]: WORDS })),
    also: whole,
  },
  {
    id: '102',
    group,
    title: 'links to /proc/self/environ called like each report',
    on: ['gitlab'],
    expect: [2],
    change: () => every((name) => ({ [name]: link('/proc/self/environ') })),
    also: whole,
  },
  {
    id: '102-words',
    group,
    title: 'plain files called like each report',
    on: ['gitlab'],
    expect: [2],
    change: planted,
    also: whole,
  },
  {
    id: '102-mixed',
    group,
    title: 'a folder for the first report, and the note a link to /proc/self/environ',
    on: ['gitlab'],
    expect: [2],
    change: () => ({
      ...planted(),
      'gl-code-quality.json': null,
      'gl-code-quality.json/x': WORDS,
      'tenant-drift.md': link('/proc/self/environ'),
    }),
    also: whole,
  },
  ...(['json=reports/r.json', 'markdown=reports/deeper/r.md', 'html=reports/../reports/r.html'] as const).map(
    (output, index): GateCase => ({
      id: `103-${index + 1}`,
      group,
      title: `an output ${output} where a committed link leads out of the repository`,
      on: LOCAL,
      expect: [1],
      base: () => ({ '../outside/elsewhere/deeper/keep': '' }),
      change: () => ({ reports: link('../outside/elsewhere') }),
      job: () => ({ flags: [`--output=${output}`], inputs: { output } }),
    }),
  ),
  {
    id: '103-control',
    group,
    title: 'an output into a folder of the repository',
    on: LOCAL,
    expect: [2],
    isControl: true,
    job: () => ({ flags: ['--output=json=reports/r.json'], inputs: { output: 'json=reports/r.json' } }),
    mayWrite: /^work\/reports\//,
    also: ({ work }) => (existsSync(path.join(work, 'reports', 'r.json')) ? [] : ['the output is not there']),
  },
  ...(['fifo', 'folder', 'device'] as const).map((kind): GateCase => ({
    id: `103-${kind}`,
    group,
    title: `an output’s file is a ${kind} of the work tree`,
    on: LOCAL,
    expect: [1],
    repo: ({ work }) => {
      if (kind === 'fifo') execFileSync('mkfifo', [path.join(work, 'r.json')])
      else if (kind === 'folder') putFiles(work, { 'r.json/x': '' })
      else execFileSync('mknod', [path.join(work, 'r.json'), 'c', '1', '3'])
    },
    job: () => ({ flags: ['--output=json=r.json'], inputs: { output: 'json=r.json' }, limitMs: 20_000 }),
  })),
  ...(['env-of-the-runner', 'step.sh'] as const).map((target): GateCase => ({
    id: `104-${target.slice(0, 4)}`,
    group,
    title: `an output’s file is a link to ${target}`,
    on: LOCAL,
    expect: [1, 2],
    base: () => ({ '../files/step.sh': program('#!/bin/sh\n'), '../files/env-of-the-runner': 'A=1\n' }),
    change: ({ files }) => ({ 'r.json': link(path.join(files, target)) }),
    job: () => ({ flags: ['--output=json=r.json'], inputs: { output: 'json=r.json' } }),
    mayWrite: /^work\/r\.json$/,
  })),
  {
    id: '105',
    group,
    title: 'RUNNER_TEMP holds folders and links of an earlier step',
    on: ['action'],
    expect: [2],
    repo: (scene) => {
      putFiles(scene.temp, {
        'tenant-drift-aaaaaa/json/mine.json': WORDS,
        'tenant-drift-aaaaaa/report.md': WORDS,
        'tenant-drift': link('../outside'),
        'tenant-drift-': link('../outside'),
        'report.md': WORDS,
      })
    },
    also: ({ temp }, { outputs, posted, summary }) => [
      ...(/tenant-drift-aaaaaa|outside/.test(Object.values(outputs).join()) ? ['an output names what was there'] : []),
      ...(realpathSync(outputs['folder'] ?? temp) === temp ? ['the folder is not its own'] : []),
      ...([...posted, summary].some((text) => text.includes(WORDS)) ? ['words of another step were posted'] : []),
    ],
  },
  ...(['/', '../..', '.git'] as const).map((target, index): GateCase => ({
    id: `106-${index + 1}`,
    group,
    title: `the folder of the reports is a committed link to ${target}`,
    on: ['gitlab'],
    expect: [2],
    change: () => ({ [report()]: link(target) }),
    also: whole,
  })),
  {
    id: '106-fifo',
    group,
    title: 'the folder of the reports is a fifo',
    on: ['gitlab'],
    expect: [2],
    repo: ({ work }) => void execFileSync('mkfifo', [path.join(work, report())]),
    also: whole,
  },
  {
    id: '106-tmp',
    group,
    title: 'the working folder is there before, as a link',
    on: ['gitlab'],
    expect: [1, 2],
    repo: ({ tmp, outside }) => {
      mkdirSync(path.join(outside, 'mine'))
      writeFileSync(path.join(outside, 'mine', 'tenant-drift.md'), WORDS)
      symlinkSync(path.join(outside, 'mine'), path.join(tmp, 'tenant-drift-4711'))
    },
    also: (_scene, { posted }) =>
      posted.some((text) => text.includes(WORDS)) ? ['the note has words of the link'] : [],
  },
  ...DEATHS.map(([id, title, codes, job]): GateCase => ({
    id: `107-${id}`,
    group,
    title: `the script ends before it wrote (${title}), and the change has files called like the reports`,
    on: ['gitlab'],
    expect: codes,
    change: planted,
    repo: ({ outside }) => putFiles(outside, { 'broken/npm': program('#!/bin/sh\nexit 1\n') }),
    job,
    also: nothing,
  })),
  {
    id: '107-manifests',
    group,
    title: 'package.json and lock file of the change',
    on: ['gitlab'],
    expect: [2],
    change: () => ({
      'package.json': `{ "devDependencies": { "tenant-drift": "file:./${WORDS}" }, "scripts": { "preinstall": "./x" } }\n`,
      'package-lock.json': `{ "${WORDS}": 1 }\n`,
      '.npmrc': 'prefix=.\n',
    }),
    also: ({ out }) =>
      readFileSync(path.join(out, 'npm-manifests'), 'utf8').includes(WORDS)
        ? ['npm installs what the change says']
        : [],
  },
  {
    id: '107-linked-manifest',
    group,
    title: 'package.json of the change is a link to /proc/self/environ, node_modules one out of the project',
    on: ['gitlab'],
    expect: [2],
    change: () => ({ 'package.json': link('/proc/self/environ'), node_modules: link('../outside') }),
  },
  ...([1, 2, 3] as const).map((count): GateCase => ({
    id: `108-${count}`,
    group,
    title: `the check is killed at its write ${count}`,
    on: ['action'],
    expect: [1],
    repo: ({ outside }) => putFiles(outside, { 'killer.mjs': KILLER }),
    job: ({ outside }) => ({ env: { NODE_OPTIONS: `--import=file://${outside}/killer.mjs`, KILL_AT: String(count) } }),
    also: (_scene, { outputs }) =>
      outputs['exit-code'] === '1' && outputs['verdict'] === 'incomplete' ? [] : ['its outputs say otherwise'],
  })),
  ...['../../outside/x', '..', 'a/../../x', '.'].map((name, index): GateCase => ({
    id: `109-${index + 1}`,
    group,
    title: `a tenant is called ${JSON.stringify(name)} in the configuration`,
    on: ['action'],
    expect: [1],
    base: ({ tenant }) => ({ 'tenant-drift.yaml': JSON.stringify({ tenants: { [name]: { domain: tenant.domain } } }) }),
    job: () => ({ inputs: { output: 'json={tenant}.json' } }),
  })),
  {
    id: '110',
    group,
    title: 'values with newlines that would add outputs and lines',
    on: ['action'],
    expect: [1, 2],
    repo: (scene) => putFiles(scene.temp, { 'a\nexit-code<<E\n0\nE\nb/keep': '' }),
    live: ({ tenant }) => void tenant.edit(ORDERS, { name: 'a\nexit-code<<E\n0\nE\n' }),
    job: ({ temp }) => ({
      env: { RUNNER_TEMP: path.join(temp, 'a\nexit-code<<E\n0\nE\nb') },
      inputs: { 'comment-key': 'k\nexit-code<<E\n0\nE\n' },
    }),
    mayWrite: /^temp\/a/,
    also: ({ files }, { code }) => {
      const text = readFileSync(path.join(files, 'output'), 'utf8')
      const values = [...asRunner(text)].filter(([name]) => name === 'exit-code').map(([, value]) => value)
      return values.join() === String(code) ? [] : [`the runner reads exit-code as ${JSON.stringify(values)}`]
    },
  },
]

/** Outputs as the runner reads them: line by line, each up to its own delimiter. */
function asRunner(text: string): readonly (readonly [string, string])[] {
  const found: (readonly [string, string])[] = []
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at += 1) {
    const begin = /^([^<=]+)<<(.+)$/.exec(lines[at] ?? '')
    if (begin === null) continue
    const end = lines.indexOf(begin[2] ?? '', at + 1)
    found.push([begin[1] ?? '', lines.slice(at + 1, end).join('\n')])
    at = end
  }
  return found
}

/** Ends the check itself, and nobody else, when it opens its nth file to write or puts it in place. */
const KILLER = `import fs from 'node:fs'
import promises from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
let count = 0
const isCheck = process.argv.includes('check')
const hit = () => { count += 1; if (isCheck && count === Number(process.env.KILL_AT)) process.kill(process.pid, 'SIGKILL') }
for (const [owner, name] of [[fs, 'renameSync'], [fs, 'rename'], [promises, 'rename'], [fs.promises, 'rename']]) {
  const real = owner[name]
  if (real.isWrapped) continue
  owner[name] = (...args) => { hit(); return real.apply(owner, args) }
  owner[name].isWrapped = true
}
syncBuiltinESMExports()
`
