import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { GateCase } from '../case.ts'
import { putFiles, putSpecial, type Files } from '../files.ts'
import type { Ran } from '../ran.ts'
import { artifactNames } from '../run-gitlab.ts'
import { ORDERS, type Scene } from '../scene.ts'
import { controls, link, program } from './parts.ts'

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
    ...(posted.some((text) => text.includes(WORDS)) ? ['the note has words of the change'] : []),
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
  // There the command says why in its reports: they are this run's.
  ['domain', 'there is no domain', [1], () => ({ env: { AUTH0_DOMAIN: null } })],
  ['kill', 'SIGKILL', [137], () => ({ started: (kill) => void setTimeout(() => kill('SIGKILL'), 150) })],
]

export const gitLabReportCases: readonly GateCase[] = [
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
    repo: ({ work }) => putSpecial(path.join(work, report()), 'fifo'),
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
  {
    id: '106-tmp-whole',
    group,
    title: 'the working folder is there before, with everything that the note needs',
    on: ['gitlab'],
    expect: [1],
    repo: ({ tmp, outside }) => {
      putFiles(outside, { 'mine/whole': '2\n', 'mine/reports/tenant-drift.md': WORDS, 'mine/tenant-drift.md': WORDS })
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
]
