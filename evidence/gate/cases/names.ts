import { existsSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import type { GateCase } from '../case.ts'
import type { Files } from '../files.ts'
import { ordersFile, type Scene } from '../scene.ts'
import { filesBelow } from './look-alike.ts'
import { ALL, controls, given, link, LOCAL, RULES, RULES_LIST } from './parts.ts'

const group = 'names'
const CHANGED = ordersFile({ token_lifetime: 7200 })
export const named = (file: string): string => `accept: ${JSON.stringify(file)}\n`

/** The action hands the command what to trust: each kind is tried on the command, too, and not each spelling of it. */
const ON_BOTH = /^(57|58|60|61|62|64-up|66|67-(link|fifo|deleted)|70|71|72)/

/** A rules file of the base by one name, and what the change does to it. */
export function accepted(
  id: string,
  title: string,
  base: (scene: Scene) => Files,
  change: (scene: Scene) => Files,
  more: Partial<GateCase> = {},
): GateCase {
  return { id, group, title, on: ON_BOTH.test(id) ? LOCAL : ['action'], expect: [2], base, change, ...more }
}

export const nameCases: readonly GateCase[] = [
  ...controls(group, ALL, { base: () => ({ 'r.yaml': '[]\n', 'tenant-drift.yaml': named('r.yaml') }) }),
  accepted(
    '57',
    'rules in tenant-drift.yaml',
    () => ({}),
    () => ({ 'tenant-drift.yaml': RULES }),
    { on: ALL },
  ),
  accepted(
    '57-beside',
    'tenant-drift.yml beside the base’s tenant-drift.json',
    () => ({ 'tenant-drift.yaml': null, 'tenant-drift.json': '{ "accept": [] }' }),
    () => ({ 'tenant-drift.yml': RULES }),
  ),
  accepted(
    '57-yaml',
    'tenant-drift.yaml beside the base’s tenant-drift.yml',
    () => ({ 'tenant-drift.yaml': null, 'tenant-drift.yml': 'accept: []\n' }),
    () => ({ 'tenant-drift.yaml': RULES }),
  ),
  accepted(
    '57-nearer',
    'a configuration nearer to the working directory',
    () => ({ 'infra/a.txt': 'x' }),
    () => ({ 'infra/tenant-drift.yaml': `declared: ../declared/*.yaml\n${RULES}` }),
    { job: () => ({ folder: 'infra' }) },
  ),
  accepted(
    '57-first',
    'a first configuration where the base has none',
    () => ({ 'tenant-drift.yaml': null }),
    () => ({ 'tenant-drift.yaml': RULES }),
    { on: ALL, expect: [2] },
  ),
  {
    id: '58',
    group,
    title: 'the working directory becomes a link to a folder with its own configuration',
    on: LOCAL,
    expect: [1],
    folder: 'infra',
    change: () => ({ infra: link('evil'), 'evil/tenant-drift.yaml': RULES, 'evil/declared/orders.yaml': CHANGED }),
  },
  {
    id: '59',
    group,
    title: 'a folder above the working directory becomes a link',
    on: LOCAL,
    expect: [1],
    folder: 'infra/prod',
    change: () => ({
      infra: link('evil'),
      'evil/prod/tenant-drift.yaml': RULES,
      'evil/prod/declared/orders.yaml': CHANGED,
    }),
  },
  ...(
    [
      ['60', 'rules below the working directory', () => ({})],
      ['60-input', 'rules by input', () => given({ config: 'tenant-drift.yaml' })],
      [
        '60-absolute',
        'rules by input, absolute by the link',
        ({ outside }) => given({ config: `${outside}/ws/infra/tenant-drift.yaml` }),
      ],
      [
        '60-real',
        'rules by input, absolute by the real path',
        ({ work }) => given({ config: `${work}/infra/tenant-drift.yaml` }),
      ],
    ] as const satisfies readonly (readonly [string, string, (scene: Scene) => object])[]
  ).map(([id, title, job]): GateCase => ({
    id,
    group,
    title: `a workspace that is reached through a link: ${title}`,
    on: LOCAL,
    expect: [2],
    folder: 'infra',
    change: () => ({ 'infra/tenant-drift.yaml': RULES }),
    repo: ({ outside, work }) => symlinkSync(work, path.join(outside, 'ws')),
    job: (scene) => ({ workspace: `${scene.outside}/ws`, folder: 'infra', ...job(scene) }),
  })),
  accepted(
    '61',
    'accept: an absolute path inside the workspace',
    ({ work }) => ({ 'tenant-drift.yaml': named(`${work}/r.yaml`), 'r.yaml': '[]\n' }),
    () => ({ 'r.yaml': RULES_LIST }),
    { expect: [1, 2] },
  ),
  accepted(
    '62',
    'accept: a path through a linked folder of the base',
    () => ({ 'tenant-drift.yaml': named('rules/r.yaml'), rules: link('real'), 'real/r.yaml': '[]\n' }),
    () => ({ 'real/r.yaml': RULES_LIST }),
  ),
  accepted(
    '63',
    'accept: a link of the base to the real file',
    () => ({ 'tenant-drift.yaml': named('r.yaml'), 'r.yaml': link('real.yaml'), 'real.yaml': '[]\n' }),
    () => ({ 'real.yaml': RULES_LIST }),
  ),
  accepted(
    '62-relink',
    'the linked folder of the base leads elsewhere in the change',
    () => ({ 'tenant-drift.yaml': named('rules/r.yaml'), rules: link('real'), 'real/r.yaml': '[]\n' }),
    () => ({ rules: link('mine'), 'mine/r.yaml': RULES_LIST }),
  ),
  ...[
    ['64-dots', './x/../rules//r.yaml', 2],
    ['64-slash', 'rules/./r.yaml', 2],
    ['64-backslash', '.\\rules\\r.yaml', 1],
  ].map(([id, file, code]): GateCase =>
    accepted(
      String(id),
      `accept: ${file}`,
      () => ({ 'tenant-drift.yaml': named(String(file)), 'rules/r.yaml': '[]\n' }),
      () => ({ 'rules/r.yaml': RULES_LIST, '.\\rules\\r.yaml': RULES_LIST }),
      { expect: [Number(code)] },
    ),
  ),
  accepted(
    '64-up',
    'accept: ../rules/r.yaml from a folder below',
    () => ({ 'infra/tenant-drift.yaml': named('../rules/r.yaml'), 'rules/r.yaml': '[]\n' }),
    () => ({ 'rules/r.yaml': RULES_LIST }),
    { folder: 'infra' },
  ),
  accepted(
    '65',
    'a folder whose name begins with two dots',
    () => ({}),
    () => ({ '..conf/tenant-drift.yaml': RULES }),
    {
      folder: '..conf',
    },
  ),
  accepted(
    '66-new',
    'input config: an outside link to a file that only the change has',
    () => ({}),
    () => ({ 'new.yaml': RULES }),
    {
      expect: [1],
      repo: ({ outside, work }) => symlinkSync(path.join(work, 'new.yaml'), path.join(outside, 'conf.yaml')),
      job: ({ outside }) => given({ config: `${outside}/conf.yaml` }),
    },
  ),
  accepted(
    '66-both',
    'input config: an outside link to a file that the base has too',
    () => ({}),
    () => ({ 'tenant-drift.yaml': RULES }),
    {
      repo: ({ outside, work }) => symlinkSync(path.join(work, 'tenant-drift.yaml'), path.join(outside, 'conf.yaml')),
      job: ({ outside }) => given({ config: `${outside}/conf.yaml` }),
    },
  ),
  accepted(
    '66-folder',
    'input config: through an outside link to the work tree',
    () => ({}),
    () => ({ 'tenant-drift.yaml': RULES }),
    {
      repo: ({ outside, work }) => symlinkSync(work, path.join(outside, 'tree')),
      job: ({ outside }) => given({ config: `${outside}/tree/tenant-drift.yaml` }),
    },
  ),
  accepted(
    '66-proc',
    'input config: through /proc/self/cwd',
    () => ({}),
    () => ({ 'tenant-drift.yaml': RULES }),
    {
      expect: [1, 2],
      job: () => given({ config: '/proc/self/cwd/tenant-drift.yaml' }),
    },
  ),
  {
    id: '76',
    group,
    title: 'trusted-paths: a file of the folder added, removed, changed and made a link',
    on: ['action'],
    expect: [2],
    base: () => ({
      'p/kept.json': '{"k":1}',
      'p/gone.json': '{"g":1}',
      'p/linked.json': '{"l":1}',
      'p/edited.json': '{"e":1}',
    }),
    change: () => ({
      'p/new.json': '{}',
      'p/gone.json': null,
      'p/linked.json': link('new.json'),
      'p/edited.json': '{}',
    }),
    job: () => ({ inputs: { 'trusted-paths': 'p/' } }),
    also: (_scene, { outputs }) => {
      const folder = outputs['base-files'] ?? ''
      const found = existsSync(folder) ? filesBelow(folder) : {}
      const wanted = ['k', 'g', 'l', 'e'].map((letter) => `{"${letter}":1}`).sort()
      const texts = Object.entries(found).flatMap(([name, text]) =>
        name.startsWith('p/') ? [text.toString('utf8')] : [],
      )
      return texts.sort().join() === wanted.join() ? [] : [`base-files holds ${Object.keys(found).join(', ')}`]
    },
  },
]
