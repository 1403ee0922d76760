import { rmSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import type { GateCase } from '../case.ts'
import { putSpecial } from '../files.ts'
import type { Scene } from '../scene.ts'
import { accepted, named } from './names.ts'
import { ALL, link, RULES, RULES_LIST } from './parts.ts'

const BECOMES: readonly (readonly [id: string, title: string, repo: (scene: Scene) => void])[] = [
  ['67-fifo', 'a fifo', ({ work }) => putSpecial(path.join(work, 'tenant-drift.yaml'), 'fifo')],
  ['67-outside', 'a link out of the repository', (scene) => relink(scene, '/etc/hostname')],
  ['67-device', 'a link to a device', (scene) => relink(scene, '/dev/zero')],
]

function relink({ work }: Scene, target: string): void {
  rmSync(path.join(work, 'tenant-drift.yaml'), { force: true })
  symlinkSync(target, path.join(work, 'tenant-drift.yaml'))
}

/** What a trusted name becomes in the change, and what it is in the base's tree. */
export const nameTreeCases: readonly GateCase[] = [
  ...(
    [
      ['67-link', 'a link to rules', { 'tenant-drift.yaml': link('own.yaml'), 'own.yaml': RULES }],
      ['67-folder', 'a folder', { 'tenant-drift.yaml': null, 'tenant-drift.yaml/a.yaml': RULES }],
      ['67-circle', 'a circle', { 'tenant-drift.yaml': link('b.yaml'), 'b.yaml': link('tenant-drift.yaml') }],
      ['67-deleted', 'nothing', { 'tenant-drift.yaml': null, 'tenant-drift.json': '{"exclude":"*"}' }],
    ] as const
  ).map(([id, title, files]): GateCase =>
    accepted(
      id,
      `the configuration becomes ${title}`,
      () => ({}),
      () => files,
      { expect: [1, 2] },
    ),
  ),
  ...BECOMES.map(([id, title, repo]): GateCase =>
    accepted(
      id,
      `the configuration becomes ${title}`,
      () => ({}),
      () => ({}),
      { expect: [1, 2], repo, job: () => ({ limitMs: 20_000 }) },
    ),
  ),
  accepted(
    '70-absolute',
    'a link in the base leads out of the repository by an absolute path',
    ({ outside }) => ({
      'tenant-drift.yaml': named('r.yaml'),
      'r.yaml': link(`${outside}/r.yaml`),
      '../outside/r.yaml': RULES_LIST,
    }),
    () => ({}),
    { expect: [1] },
  ),
  accepted(
    '70-up',
    'a link in the base leads out of the repository by dots',
    () => ({
      'tenant-drift.yaml': named('r.yaml'),
      'r.yaml': link('../outside/r.yaml'),
      '../outside/r.yaml': RULES_LIST,
    }),
    () => ({}),
    { expect: [1] },
  ),
  accepted(
    '71-circle',
    'a circle of links in the base',
    () => ({ 'tenant-drift.yaml': named('a.yaml'), 'a.yaml': link('b.yaml'), 'b.yaml': link('a.yaml') }),
    () => ({ 'a.yaml': RULES_LIST }),
    { expect: [1] },
  ),
  ...(
    [
      ['71-many', 22, 1],
      ['71-control', 15, 2],
    ] as const
  ).map(([id, count, code]): GateCase =>
    accepted(
      id,
      `${count} links of the base in a row`,
      () => ({
        'tenant-drift.yaml': named('l0'),
        ...Object.fromEntries(Array.from({ length: count }, (_, index) => [`l${index}`, link(`l${index + 1}`)])),
        [`l${count}`]: '[]\n',
      }),
      () => ({ l0: null, 'l0.yaml': RULES_LIST }),
      { expect: [code], ...(code === 2 ? { isControl: true as const } : {}) },
    ),
  ),
  accepted(
    '72',
    'the base’s rules are a Git LFS pointer',
    () => ({
      'tenant-drift.yaml': named('r.yaml'),
      'r.yaml': `version https://git-lfs.github.com/spec/v1\noid sha256:${'4d'.repeat(32)}\nsize 120\n`,
    }),
    () => ({ 'r.yaml': RULES_LIST }),
    { expect: [1] },
  ),
  accepted(
    '77',
    'Tenant-Drift.yaml by the change',
    () => ({}),
    () => ({ 'Tenant-Drift.yaml': RULES, 'TENANT-DRIFT.YAML': RULES }),
    {
      on: ALL,
    },
  ),
  accepted(
    '78',
    'a decomposed twin of a rules file with a composed name',
    () => ({ 'tenant-drift.yaml': named('r\u00FCles.yaml'), 'r\u00FCles.yaml': '[]\n' }),
    () => ({ 'ru\u0308les.yaml': RULES_LIST }),
  ),
]
