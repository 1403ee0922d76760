import { rmSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import type { GateCase } from '../case.ts'
import { putSpecial, type Files } from '../files.ts'
import { madeUp } from '../planted.ts'
import { ORDERS, ordersFile, type Scene } from '../scene.ts'
import { asSubmodule } from './look-alike.ts'
import { ALL, controls, link, LOCAL } from './parts.ts'

const group = 'declares'
const EDITED = ordersFile({ token_lifetime: 7200 })
const elsewhere = (...globs: readonly string[]) => `resource_servers: []\nmanaged_elsewhere: ${JSON.stringify(globs)}\n`

/** A declaration of the base that is none of ours, and how it is told. */
const A0DEPLOY: Files = {
  'declared/orders.yaml': null,
  'declared/hooks.yaml': null,
  'tenant-drift.yaml': 'declared: a0deploy:auth0/\n',
  'auth0/resource-servers/Orders.json': JSON.stringify({
    identifier: ORDERS,
    name: 'Orders',
    signing_alg: 'RS256',
    token_lifetime: 3600,
  }),
}
const TOUCHED_A0DEPLOY: Files = {
  'declared/orders.yaml': null,
  'auth0/resource-servers/Orders.json': JSON.stringify({
    identifier: ORDERS,
    name: 'Orders',
    signing_alg: 'RS256',
    token_lifetime: 7200,
  }),
}

function away(id: string, title: string, files: Files, more: Partial<GateCase> = {}): GateCase {
  return { id, group, title, on: LOCAL, expect: [2], change: () => files, ...more }
}

const FAR: readonly (readonly [id: string, title: string, files: (scene: Scene) => Files])[] = [
  ['absolute', 'an absolute path', ({ outside }) => extending(`${outside}/far.json`)],
  ['dots', 'dots', () => extending('../../outside/far.json')],
  [
    'link',
    'a link out of the repository',
    ({ outside }) => ({ ...extending('far.json'), 'declared/far.json': link(`${outside}/far.json`) }),
  ],
  ['folder', 'a linked folder', ({ outside }) => ({ ...extending('far/far.json'), 'declared/far': link(outside) })],
  [
    'declared',
    'no extends: the declared file itself is the link',
    ({ outside }) => ({ 'declared/far.json': link(`${outside}/far.json`) }),
  ],
  ['proc', '/proc/self/root', ({ outside }) => extending(`/proc/self/root${outside}/far.json`)],
  ['work', 'another checkout beside the repository', () => extending('../../work/../outside/far.json')],
]

function extending(file: string): Files {
  return {
    'declared/orders.yaml': JSON.stringify({
      extends: [file],
      resource_servers: [{ identifier: ORDERS, token_lifetime: 7200 }],
    }),
  }
}

const ENDLESS: readonly (readonly [id: string, title: string, files: Files, repo?: (scene: Scene) => void])[] = [
  ['zero', '/dev/zero', { 'declared/x.yaml': link('/dev/zero') }],
  ['random', '/dev/urandom', { 'declared/x.json': link('/dev/urandom') }],
  ['stdin', '/dev/stdin', { 'declared/x.yaml': link('/dev/stdin') }],
  ['fifo', 'a fifo', {}, ({ work }) => putSpecial(path.join(work, 'declared', 'x.yaml'), 'fifo')],
  ['environ', '/proc/self/environ', { 'declared/x.yaml': link('/proc/self/environ') }],
  ['fd', '/proc/self/fd/0', { 'declared/x.yaml': link('/proc/self/fd/0') }],
  ['cwd', '/proc/self/cwd/…', { 'declared/x.yaml': link('/proc/self/cwd/declared/hooks.yaml') }],
  ['tty', '/dev/tty', { 'declared/x.yaml': link('/dev/tty') }],
  ['passwd', '/etc/passwd', { 'declared/x.yaml': link('/etc/passwd') }],
]

export const declareCases: readonly GateCase[] = [
  ...controls(group, LOCAL),
  ...controls(
    group,
    LOCAL,
    { title: 'files of the deploy CLI', base: () => A0DEPLOY, change: () => TOUCHED_A0DEPLOY },
    'control-a0deploy',
  ),
  away(
    '97',
    'the API is replaced by managed_elsewhere: ["*"]',
    { 'declared/orders.yaml': elsewhere('*') },
    { on: ALL },
  ),
  away(
    '97-name',
    'the API is replaced by its name in managed_elsewhere',
    { 'declared/orders.yaml': elsewhere(ORDERS) },
    { on: ALL },
  ),
  away(
    '97-second',
    'by a glob in a second file',
    { 'declared/orders.yaml': null, 'declared/z.yaml': elsewhere('urn:o*') },
    { on: ALL },
  ),
  away(
    '97-both',
    'managed_elsewhere beside the API that is still declared',
    { 'declared/z.yaml': elsewhere('*') },
    { expect: [1, 2] },
  ),
  away('97-out', 'the API is taken out', { 'declared/orders.yaml': 'resource_servers: []\n' }),
  away('97-field', 'the drifted field is taken out', {
    'declared/orders.yaml': ordersFile({ signing_alg: undefined, token_lifetime: 7200 }),
  }),
  away('97-unset', 'the drifted field is taken out by a layer', {
    'declared/orders.yaml': ordersFile(),
    'declared/z.yaml': JSON.stringify({
      extends: ['orders.yaml'],
      resource_servers: [{ identifier: ORDERS, token_lifetime: 7200, $unset: ['signing_alg'] }],
    }),
  }),
  away('97-case', 'its identifier is edited by case', { 'declared/orders.yaml': EDITED.replace(ORDERS, 'urn:Orders') }),
  away('97-slash', 'its identifier is edited by a slash', {
    'declared/orders.yaml': EDITED.replace(ORDERS, `${ORDERS}/`),
  }),
  away(
    '97-space',
    'its identifier is edited by a space',
    { 'declared/orders.yaml': EDITED.replace(ORDERS, `${ORDERS} `) },
    { expect: [1, 2] },
  ),
  away(
    '97-twice',
    'the API is declared a second time as it is live',
    { 'declared/z.yaml': ordersFile({ signing_alg: 'HS256' }) },
    { expect: [1, 2] },
  ),
  away(
    '97-key',
    'the list of APIs appears twice in a file',
    { 'declared/orders.yaml': `resource_servers: []\nresource_servers: [{ identifier: '${ORDERS}' }]\n` },
    { expect: [1] },
  ),
  away(
    '97-documents',
    'two YAML documents in a file',
    { 'declared/orders.yaml': `resource_servers: []\n---\n${EDITED}` },
    { expect: [1, 2] },
  ),
  away(
    '97-invisible',
    'its identifier gets a letter that nobody sees',
    { 'declared/orders.yaml': ordersFile({ identifier: `${ORDERS}\u200B`, token_lifetime: 7200 }) },
    { expect: [1, 2] },
  ),
  away(
    '97-id',
    'it gets the id of another API',
    { 'declared/orders.yaml': ordersFile({ id: 'a'.repeat(24), token_lifetime: 7200 }) },
    { expect: [1, 2] },
  ),
  away(
    '97-all',
    'every declared file is taken away',
    { 'declared/orders.yaml': null, 'declared/hooks.yaml': null },
    { expect: [1, 2] },
  ),
  away(
    '97-tenant',
    'the declared files name another tenant',
    { 'declared/z.yaml': 'tenant: other.eu.auth0.com\nresource_servers: []\n' },
    { expect: [1] },
  ),
  away(
    '97-a0deploy',
    'the deploy CLI’s configuration excludes the API',
    { ...TOUCHED_A0DEPLOY, 'auth0/config.json': '{ "AUTH0_EXCLUDED_RESOURCE_SERVERS": ["Orders"] }' },
    { base: () => A0DEPLOY, expect: [1, 2] },
  ),
  away(
    '97-a0deploy-parent',
    'the deploy CLI’s configuration one folder above excludes the API',
    { ...TOUCHED_A0DEPLOY, 'config.json': '{ "AUTH0_EXCLUDED_RESOURCE_SERVERS": ["Orders"] }' },
    { base: () => A0DEPLOY, expect: [1, 2] },
  ),
  ...FAR.map(([id, title, files]): GateCase => ({
    id: `98-${id}`,
    group,
    title: `extends leads out of the repository: ${title}`,
    on: LOCAL,
    expect: [1],
    base: (scene) => {
      const hidden = `hidden${madeUp(20)}`
      scene.planted.set('a key of a file elsewhere', hidden)
      return {
        '../outside/far.json': JSON.stringify({
          [hidden]: 1,
          resource_servers: [{ identifier: 'urn:far', [hidden]: hidden }],
        }),
      }
    },
    change: files,
  })),
  ...ENDLESS.map(([id, title, files, repo]): GateCase => ({
    id: `99-${id}`,
    group,
    title: `a declared file is ${title}`,
    on: LOCAL,
    // The last one leads back into the repository.
    expect: id === 'cwd' ? [1, 2] : [1],
    change: () => files,
    ...(repo === undefined ? {} : { repo }),
    job: () => ({ limitMs: 15_000 }),
  })),
  {
    id: '99-large',
    group,
    title: 'a declared file of 40 MB',
    on: LOCAL,
    expect: [1],
    change: () => ({ 'declared/x.yaml': `resource_servers: []\n${'# x\n'.repeat(10_000_000)}` }),
  },
  {
    id: '99-aliases',
    group,
    title: 'a small file of aliases that means billions of values',
    on: LOCAL,
    expect: [1],
    change: () => ({
      'declared/x.yaml': `a0: &a0 [x, x, x, x, x, x, x, x, x]\n${Array.from({ length: 11 }, (_, level) => `a${level + 1}: &a${level + 1} [${Array.from({ length: 9 }, () => `*a${level}`).join(', ')}]`).join('\n')}\nresource_servers: *a11\n`,
    }),
    job: () => ({ limitMs: 20_000 }),
  },
  {
    id: '99-deep',
    group,
    title: 'a declared file that is nested without an end',
    on: LOCAL,
    expect: [1],
    change: () => ({ 'declared/x.json': `{"resource_servers":${'['.repeat(200_000)}${']'.repeat(200_000)}}` }),
    job: () => ({ limitMs: 20_000 }),
  },
  away(
    '100-hidden',
    'the API moved into a hidden folder',
    { 'declared/orders.yaml': null, 'declared/.h/orders.yaml': EDITED },
    { expect: [1, 2] },
  ),
  away(
    '100-linked',
    'the API moved into a linked folder',
    { 'declared/orders.yaml': null, 'declared/s': link('../moved'), 'moved/orders.yaml': EDITED },
    { expect: [1, 2] },
  ),
  away(
    '100-ending',
    'the API moved to another ending',
    { 'declared/orders.yaml': null, 'declared/orders.yaml.txt': EDITED },
    { expect: [1, 2] },
  ),
  away(
    '100-capitals',
    'the API moved to an ending in capitals',
    { 'declared/orders.yaml': null, 'declared/orders.YAML': EDITED },
    { expect: [1, 2] },
  ),
  away(
    '100-folder',
    'the declared file becomes a folder',
    { 'declared/orders.yaml': null, 'declared/orders.yaml/a.yaml': EDITED },
    { expect: [1, 2] },
  ),
  away(
    '100-renamed',
    'the declared folder becomes a link within the repository',
    { declared: link('moved'), 'moved/orders.yaml': EDITED },
    { expect: [1, 2] },
  ),
  {
    id: '100-outside',
    group,
    title: 'the declared folder becomes a link out of the repository',
    on: LOCAL,
    expect: [1, 2],
    base: () => ({ '../outside/moved/orders.yaml': ordersFile({ signing_alg: 'HS256' }) }),
    repo: ({ work, outside }) => {
      rmSync(path.join(work, 'declared'), { recursive: true })
      symlinkSync(path.join(outside, 'moved'), path.join(work, 'declared'))
    },
  },
  {
    id: '100-submodule',
    group,
    title: 'the declared folder becomes a submodule that was checked out',
    on: LOCAL,
    expect: [1, 2],
    change: (scene) => asSubmodule(scene, 'declared', { 'orders.yaml': EDITED }),
  },
]
