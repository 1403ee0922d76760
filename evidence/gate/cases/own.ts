import path from 'node:path'
import type { GateCase } from '../case.ts'
import { putFiles } from '../files.ts'
import { pullRequest } from '../run-action.ts'
import { HOOKS, ORDERS, ordersFile, type Scene } from '../scene.ts'
import { RUN } from './own-git.ts'
import { ALL, LOCAL, RULES } from './parts.ts'

/** Attacks of further kinds, each in the group that it belongs to. */
const CONFIGS: readonly (readonly [id: string, title: string, text: (scene: Scene) => string])[] = [
  ['never', 'fail_on: never', () => 'fail_on: never\n'],
  ['exclude', 'exclude: "*"', () => 'exclude: "*"\n'],
  ['nothing', 'other declared files', () => 'declared: declared/hooks.yaml\n'],
  ['tenants', 'a tenant at another host', ({ stranger }) => `tenants: { x: { domain: '${stranger.url}' } }\n`],
  [
    'credentials',
    'a tenant at another host with the credentials of this one',
    ({ stranger }) =>
      `tenants: { x: { domain: '${stranger.url}', credentials: { client_id: AUTH0_CLIENT_ID, client_secret: AUTH0_CLIENT_SECRET } } }\n`,
  ],
  ['output', 'an output outside of the repository', ({ outside }) => `output: 'json=${outside}/o.json'\n`],
  ['requests', 'no request at all', () => 'max_requests: 1\n'],
  ['variables', 'other values of variables', () => 'variables: { orders_secret: x, stage: y }\n'],
]

export const ownCases: readonly GateCase[] = [
  ...CONFIGS.map(([id, title, text]): GateCase => ({
    id: `own-config-${id}`,
    group: 'names',
    title: `the change’s configuration: ${title}`,
    on: id === 'credentials' || id === 'never' ? LOCAL : ['action'],
    expect: [2],
    change: (scene) => ({ 'tenant-drift.yaml': text(scene) }),
  })),
  {
    id: 'own-case-of-head',
    group: 'events',
    title: 'the payload’s head is another commit of the same tree',
    on: ['action'],
    expect: [1],
    job: (scene) => ({
      payload: pullRequest(scene, {
        head: { sha: scene.commits.base.replace(/^./, (letter) => (letter === 'a' ? 'b' : 'a')), ref: 'x' },
      }),
    }),
  },
  {
    id: 'own-fork-deleted',
    group: 'events',
    title: 'a pull request whose fork was deleted (a control)',
    on: ['action'],
    expect: [2],
    isControl: true,
    job: (scene) => ({ payload: pullRequest(scene, { head: { sha: scene.commits.head, ref: 'change', repo: null } }) }),
  },
  {
    id: 'own-dirty',
    group: 'names',
    title: 'an earlier step left other rules in the work tree, in no commit',
    on: LOCAL,
    expect: [2],
    repo: ({ work }) => putFiles(work, { 'tenant-drift.yaml': RULES, 'tenant-drift.json': '{"exclude":"*"}' }),
  },
  {
    id: 'own-index',
    group: 'names',
    title: 'the index says that the rules are unchanged and not to be looked at',
    on: LOCAL,
    expect: [2],
    repo: async (scene) => {
      await scene.git(['update-index', '--skip-worktree', 'tenant-drift.yaml'])
      await scene.git(['update-index', '--assume-unchanged', 'declared/hooks.yaml'])
      putFiles(scene.work, { 'tenant-drift.yaml': RULES })
    },
  },
  {
    id: 'own-attributes',
    group: 'names',
    title: 'attributes of the base and the change that rewrite what is checked out',
    on: LOCAL,
    expect: [2],
    base: () => ({ '.gitattributes': 'tenant-drift.yaml ident export-subst eol=crlf\n' }),
    change: () => ({
      '.gitattributes': 'tenant-drift.yaml working-tree-encoding=UTF-8 eol=lf\n',
      'tenant-drift.yaml': RULES,
    }),
  },
  {
    id: 'own-both-secrets',
    group: 'secrets',
    title: 'two secrets in one secret field of the change, and one in the name of a variable',
    on: LOCAL,
    expect: [1, 2],
    change: () => ({
      'declared/hooks.yaml': `resource_servers: [{ identifier: '${HOOKS}', name: Hooks, signing_alg: HS256, signing_secret: '\${orders_secret}\${other_secret}' }]\n`,
    }),
  },
  {
    id: 'own-other-secret',
    group: 'secrets',
    title: 'the change puts another secret into the secret field',
    on: LOCAL,
    expect: [0, 1, 2],
    change: () => ({
      'declared/hooks.yaml': `resource_servers: [{ identifier: '${HOOKS}', name: Hooks, signing_alg: HS256, signing_secret: '\${other_secret}' }]\n`,
    }),
  },
  {
    id: 'own-nested',
    group: 'secrets',
    title: 'a variable inside the name of a variable, and braces that do not close',
    on: LOCAL,
    expect: [1],
    change: () => ({
      'declared/orders.yaml': ordersFile({ name: '${${orders_secret}} ${orders_secret', token_lifetime: 7200 }),
    }),
  },
  {
    id: 'own-keyword',
    group: 'secrets',
    title: 'keywords of the deploy CLI in the place of variables',
    on: LOCAL,
    expect: [1],
    base: () => ({
      'declared/orders.yaml': null,
      'declared/hooks.yaml': null,
      'tenant-drift.yaml': 'declared: a0deploy:auth0/\n',
      'auth0/resource-servers/Orders.json': JSON.stringify({
        identifier: ORDERS,
        name: 'Orders',
        signing_alg: 'RS256',
      }),
    }),
    change: () => ({
      'declared/orders.yaml': null,
      'auth0/resource-servers/Orders.json': JSON.stringify({
        identifier: ORDERS,
        name: 'Orders ##other_secret## @@orders_secret@@',
        signing_alg: 'RS256',
      }),
    }),
  },
  {
    id: 'own-env-name',
    group: 'secrets',
    title: 'names of other variables of the job in the place of a variable',
    on: LOCAL,
    expect: [1],
    change: () => ({
      'declared/orders.yaml': ordersFile({
        name: '${AUTH0_CLIENT_SECRET} ${env.AUTH0_CLIENT_SECRET} ${../AUTH0_CLIENT_SECRET}',
      }),
    }),
  },
  {
    id: 'own-debug',
    group: 'secrets',
    title: 'debugging is on: ACTIONS_STEP_DEBUG, NODE_DEBUG, DEBUG, GIT_CURL_VERBOSE',
    on: ALL,
    expect: [2],
    job: () => ({
      env: {
        ACTIONS_STEP_DEBUG: 'true',
        RUNNER_DEBUG: '1',
        DEBUG: '*',
        GIT_CURL_VERBOSE: '1',
        CI_DEBUG_TRACE: 'false',
        LOG_LEVEL: 'trace',
      },
    }),
  },
  {
    id: 'own-proxy',
    group: 'secrets',
    title: 'the password of a proxy that cannot be reached',
    on: LOCAL,
    expect: [1],
    repo: (scene) => void scene.planted.set('the proxy’s password', 'Pr0xyPassw0rdOfThisJob'),
    job: () => ({
      env: {
        HTTPS_PROXY: 'http://user:Pr0xyPassw0rdOfThisJob@127.0.0.1:9',
        HTTP_PROXY: 'http://user:Pr0xyPassw0rdOfThisJob@127.0.0.1:9',
        https_proxy: 'http://user:Pr0xyPassw0rdOfThisJob@127.0.0.1:9',
        AUTH0_DOMAIN: 'acme.eu.auth0.com',
      },
    }),
  },
  {
    id: 'own-domain',
    group: 'secrets',
    title: 'AUTH0_DOMAIN with a user and a password in it',
    on: LOCAL,
    expect: [1],
    repo: (scene) => void scene.planted.set('the domain’s password', 'D0mainPassw0rdOfThisJob'),
    job: ({ tenant }) => ({
      env: { AUTH0_DOMAIN: tenant.domain.replace('http://', 'http://user:D0mainPassw0rdOfThisJob@') },
    }),
  },
  {
    id: 'own-private-key',
    group: 'secrets',
    title: 'a private key in a declared file',
    on: LOCAL,
    expect: [1],
    change: (scene) => {
      const body = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEA'
      scene.planted.set('a private key', body)
      return {
        'declared/orders.yaml': ordersFile({ name: `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----` }),
      }
    },
  },
  {
    id: 'own-target-branch',
    group: 'base',
    title: 'a target branch with signs of the shell in its name',
    on: ['gitlab'],
    expect: [2],
    repo: async (scene) => {
      const name = branchOfSigns(scene)
      putFiles(scene.work, { '.git/x': '' })
      await scene.git(['push', '--quiet', scene.server, `${scene.commits.base}:refs/heads/${name}`])
    },
    job: (scene) => ({ env: { CI_MERGE_REQUEST_TARGET_BRANCH_NAME: branchOfSigns(scene) } }),
  },
  {
    id: 'own-files',
    group: 'reports',
    title: 'files whose names are options and globs at the root',
    on: ALL,
    expect: [2],
    change: (scene) => ({
      ...RUN(scene),
      '-rf': '',
      '--help': '',
      '--prefix=x': '',
      '*': '',
      '$(./run.sh)': '',
      '`./run.sh`': '',
      ';.': '',
    }),
  },
  {
    id: 'own-read-only',
    group: 'reports',
    title: 'the working directory is in a folder called like an option',
    on: LOCAL,
    expect: [2],
    folder: '--config=x',
  },
]

function branchOfSigns(scene: Scene): string {
  return `a$(touch\${IFS}${path.join(scene.markers, 'shell').replaceAll('/', '${IFS%??}/')})'"&b`.replaceAll(
    /[ ~^:?*[\\]/g,
    '',
  )
}
