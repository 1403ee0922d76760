import { chownSync, cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { GateCase } from '../case.ts'
import { putFiles, type Files } from '../files.ts'
import { ORDERS, ordersFile } from '../scene.ts'
import { otherRepository } from './look-alike.ts'
import { ALL, controls, given, link, LOCAL, RULES } from './parts.ts'

const group = 'controls'
const BILLING = 'urn:billing'
const billing = (lifetime: number): Files => ({
  'declared/billing.yaml': `resource_servers: [{ identifier: '${BILLING}', name: Billing, token_lifetime: ${lifetime} }]\n`,
})

function honest(id: string, title: string, more: Partial<GateCase>): GateCase {
  return { id, group, title, on: LOCAL, expect: [0], isControl: true, isClean: true, ...more }
}

function ownedBy(folder: string, id: number): void {
  chownSync(folder, id, id)
  for (const entry of readdirSync(folder, { recursive: true })) chownSync(path.join(folder, String(entry)), id, id)
}

export const honestCases: readonly GateCase[] = [
  ...controls(group, ALL),
  {
    id: '115',
    group,
    title: 'a value of an API that has not drifted, beside one that has',
    on: ALL,
    expect: [0],
    isControl: true,
    base: () => billing(3600),
    change: () => ({ ...billing(1800), 'declared/orders.yaml': ordersFile() }),
    live: ({ tenant }) => void tenant.create({ identifier: BILLING, name: 'Billing', token_lifetime: 3600 }),
  },
  honest('116', 'an edit of the rules beside it: told, and not used', {
    on: ['action'],
    change: () => ({ 'tenant-drift.yaml': RULES }),
    also: (_scene, { summary, posted }) =>
      [summary, ...posted].some((text) => text.includes('tenant-drift.yaml'))
        ? []
        : ['nobody is told that the change edits the rules'],
  }),
  honest('117', 'a declared file that a link inside the repository leads to', {
    base: () => ({ 'declared/orders.yaml': link('../shared/orders.yaml'), 'shared/orders.yaml': ordersFile() }),
    change: () => ({
      'declared/orders.yaml': link('../shared/orders.yaml'),
      'shared/orders.yaml': ordersFile({ token_lifetime: 7200 }),
    }),
  }),
  honest('117-extends', 'a declared file that extends one of another folder', {
    base: () => ({
      'declared/orders.yaml': JSON.stringify({
        extends: ['../shared/orders.yaml'],
        resource_servers: [{ identifier: ORDERS }],
      }),
      'shared/orders.yaml': ordersFile(),
    }),
    change: () => ({
      'declared/orders.yaml': JSON.stringify({
        extends: ['../shared/orders.yaml'],
        resource_servers: [{ identifier: ORDERS, token_lifetime: 7200 }],
      }),
    }),
  }),
  honest('118', 'a generated declaration that an earlier step wrote and the base’s configuration names', {
    on: ['action'],
    base: () => ({
      'tenant-drift.yaml': 'declared: [declared/*.yaml, "generated/*.yaml"]\n',
      'generated/kept.yaml': 'resource_servers: []\n',
    }),
    repo: ({ work }) => putFiles(work, { 'generated/plan.yaml': billing(3600)['declared/billing.yaml'] ?? '' }),
    live: ({ tenant }) => void tenant.create({ identifier: BILLING, name: 'Billing', token_lifetime: 3600 }),
  }),
  honest(
    '118-outside',
    'a generated declaration outside of the repository, and a base of it, that the workflow names',
    {
      base: () => ({ '../outside/plan.yaml': ordersFile(), '../outside/before.yaml': ordersFile() }),
      job: ({ outside }) => ({
        inputs: { declared: `${outside}/plan.yaml`, base: `${outside}/before.yaml` },
        flags: [`--declared=${outside}/plan.yaml`],
        trust: 'origin/main',
        base: `${outside}/before.yaml`,
      }),
    },
  ),
  ...(
    [
      ['119-spaces', 'a path with spaces', 'a b/c d'],
      ['119-signs', 'a path with an apostrophe, a dollar and letters of its own', "it's $HOME ü"],
    ] as const
  ).map(([id, title, folder]) =>
    honest(id, title, {
      repo: ({ work, outside }) => {
        mkdirSync(path.join(outside, folder), { recursive: true })
        cpSync(work, path.join(outside, folder), { recursive: true, verbatimSymlinks: true })
      },
      job: ({ outside }) => ({ workspace: path.join(outside, folder) }),
    }),
  ),
  honest('119-path', 'a checkout with a path of its own below the workspace', {
    on: ['action'],
    repo: ({ work, outside }) =>
      cpSync(work, path.join(outside, 'ws', 'repo'), { recursive: true, verbatimSymlinks: true }),
    job: ({ outside }) => ({ workspace: path.join(outside, 'ws'), folder: 'repo' }),
  }),
  honest('119-beside', 'a configuration in another checkout beside', {
    repo: async (scene) => {
      const at = path.join(scene.outside, 'ws')
      cpSync(scene.work, path.join(at, 'repo'), { recursive: true, verbatimSymlinks: true })
      const policy = await otherRepository(scene, {
        'tenant-drift.yaml': 'accept: []\ndeclared: ../repo/declared/*.yaml\n',
      })
      cpSync(policy, path.join(at, 'policy'), { recursive: true })
    },
    job: ({ outside }) => ({
      workspace: path.join(outside, 'ws'),
      folder: 'repo',
      ...given({ config: '../policy/tenant-drift.yaml' }),
    }),
  }),
  honest('119-language', 'another language, and a day that has begun elsewhere', {
    job: () => ({ env: { LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', TZ: 'Pacific/Kiritimati' } }),
  }),
  honest('119-worktree', 'a linked worktree', {
    repo: async (scene) =>
      void (await scene.git(['worktree', 'add', '--quiet', '--detach', path.join(scene.outside, 'linked'), 'HEAD'])),
    job: ({ outside }) => ({ workspace: path.join(outside, 'linked') }),
  }),
  honest('119-owner', 'a work tree of another owner, as in a container, that is a safe.directory', {
    needsRoot: true,
    repo: ({ work, home }) => {
      writeFileSync(path.join(home, '.gitconfig'), `[safe]\n\tdirectory = ${work}\n`)
      ownedBy(work, 1234)
    },
  }),
  honest('119-config', 'settings of a person’s own git: signatures, pagers, aliases, colours', {
    repo: ({ home }) => {
      writeFileSync(
        path.join(home, '.gitconfig'),
        '[color]\n\tui = always\n[core]\n\tpager = cat\n\tquotePath = true\n[log]\n\tshowSignature = true\n[alias]\n\tcat-file = log\n[safe]\n\tbareRepository = explicit\n',
      )
    },
  }),
  honest('120', 'a plain variable in name that the base uses there, too', {
    on: ALL,
    base: () => ({ 'declared/orders.yaml': ordersFile({ name: 'Orders ${stage}' }) }),
    change: () => ({ 'declared/orders.yaml': ordersFile({ name: 'Orders ${stage}', token_lifetime: 7200 }) }),
    live: ({ tenant }) => void tenant.edit(ORDERS, { name: 'Orders staging' }),
  }),
  honest('120-literal', 'the letters of a variable, written so that they are none', {
    change: () => ({ 'declared/orders.yaml': ordersFile({ name: 'Orders $${orders_secret}', token_lifetime: 7200 }) }),
  }),
  honest('120-elsewhere', 'managed_elsewhere of the base stays', {
    base: () => ({ 'declared/z.yaml': 'resource_servers: []\nmanaged_elsewhere: ["urn:x:*"]\n' }),
    live: ({ tenant }) => void tenant.create({ identifier: 'urn:x:1', name: 'X' }),
  }),
  honest('120-new', 'a new API, and a description of an old one', {
    change: () => ({ 'declared/new.yaml': 'resource_servers: [{ identifier: "urn:new", name: New }]\n' }),
  }),
]
