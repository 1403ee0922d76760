import path from 'node:path'
import type { GateCase } from '../case.ts'
import { putFiles } from '../files.ts'
import { pullRequest } from '../run-action.ts'
import { HOOKS, ORDERS, ordersFile, type Scene } from '../scene.ts'
import { ALL, LOCAL, program, RULES } from './parts.ts'

/** Attacks of further kinds, each in the group that it belongs to. */
const RUN = (scene: Scene) => ({ 'run.sh': program(scene.marks('run', 'exit 1')) })

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
    id: 'own-home',
    group: 'programs',
    title: 'HOME and XDG_CONFIG_HOME are the work tree, with settings of git in it',
    on: LOCAL,
    expect: [2],
    change: (scene) => {
      const config = `[core]\n\tfsmonitor = ${scene.work}/run.sh\n\tsshCommand = ${scene.work}/run.sh\n[credential]\n\thelper = !${scene.work}/run.sh\n[alias]\n\tcat-file = !${scene.work}/run.sh\n`
      return {
        ...RUN(scene),
        '.gitconfig': config,
        'git/config': config,
        '.npmrc': `node-options=--import=${scene.work}/x.mjs\n`,
      }
    },
    job: ({ work }) => ({ env: { HOME: work, XDG_CONFIG_HOME: work } }),
  },
  {
    id: 'own-modules',
    group: 'programs',
    title: 'node_modules of the change holds packages called like ours and like Node’s own',
    on: ALL,
    expect: [2],
    change: (scene) => {
      const code = `import { writeFileSync } from 'node:fs'\nwriteFileSync('${scene.markers}/module', 'x')\n`
      const entries = ['tenant-drift', 'undici', 'zod', 'js-yaml', 'commander', 'picomatch', 'fs', 'path'].flatMap(
        (name) => [
          [
            `node_modules/${name}/package.json`,
            `{ "name": "${name}", "type": "module", "main": "index.js", "exports": "./index.js" }`,
          ],
          [`node_modules/${name}/index.js`, code],
        ],
      )
      return {
        ...(Object.fromEntries(entries) as Record<string, string>),
        'package.json': '{ "type": "module", "imports": { "#x": "./x.js" } }',
      }
    },
  },
  {
    id: 'own-env-file',
    group: 'programs',
    title: 'files that tools read by themselves: .env, .envrc, .node-version, .bashrc, .profile',
    on: ALL,
    expect: [2],
    change: (scene) => {
      const text = `AUTH0_DOMAIN=${scene.stranger.url}\nTENANT_DRIFT_FAIL_ON=never\n`
      const shell = `/bin/sh ${scene.work}/run.sh\n`
      return {
        ...RUN(scene),
        '.env': text,
        '.env.local': text,
        '.envrc': shell,
        '.bashrc': shell,
        '.profile': shell,
        '.bash_profile': shell,
      }
    },
  },
  {
    id: 'own-zeros',
    group: 'base',
    title: 'the base has a commit of zeros as a ref',
    on: ['command'],
    expect: [1],
    job: () => ({ trust: '0'.repeat(40) }),
  },
  {
    id: 'own-tree',
    group: 'base',
    title: 'a tree, a blob and a tag object in place of a commit',
    on: ['command'],
    expect: [1],
    repo: async (scene) =>
      void (await scene.git([
        'update-ref',
        'refs/tags/tree',
        await scene.git(['rev-parse', `${scene.commits.base}^{tree}`]),
      ])),
    job: () => ({ trust: 'refs/tags/tree' }),
  },
  {
    id: 'own-tag-object',
    group: 'base',
    title: 'an annotated tag of the base (a control)',
    on: ['command'],
    expect: [2],
    isControl: true,
    repo: async (scene) => void (await scene.git(['tag', '--annotate', '--message', 'x', 'v1', scene.commits.base])),
    job: () => ({ trust: 'refs/tags/v1' }),
  },
  {
    id: 'own-symref',
    group: 'base',
    title: 'origin/main is a symbolic ref to the change',
    on: ['command'],
    expect: [0, 1, 2],
    isControl: true,
    repo: async (scene) =>
      void (await scene.git(['symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main'])),
    job: () => ({ trust: 'refs/remotes/origin/HEAD' }),
    also: (_scene, { code }) => (code === 2 ? [] : ['origin/HEAD is not followed']),
  },
  {
    id: 'own-trust-change',
    group: 'base',
    title: 'TENANT_DRIFT_TRUST in a committed .env and in the change’s configuration is no trust',
    on: LOCAL,
    expect: [2],
    change: () => ({
      '.env': 'TENANT_DRIFT_TRUST=HEAD\n',
      'tenant-drift.yml': `trust: HEAD\n${RULES}`,
      'tenant-drift.json': '{"trust":"HEAD"}',
    }),
  },
  {
    id: 'own-entry',
    group: 'base',
    title: 'a base whose tree has two entries of one name',
    on: LOCAL,
    expect: [1, 2],
    repo: async (scene) => {
      const blob = await scene.git(['hash-object', '-w', '--stdin'], { input: RULES })
      const bytes = Buffer.concat(
        ['tenant-drift.yaml', 'tenant-drift.yaml'].flatMap((name) => [
          Buffer.from(`100644 ${name}\0`),
          Buffer.from(blob, 'hex'),
        ]),
      )
      const tree = await scene.git(['hash-object', '-w', '-t', 'tree', '--stdin', '--literally'], { input: bytes })
      scene.commits.base = await scene.git(['commit-tree', tree, '-m', 'x'])
      await scene.git(['update-ref', 'refs/remotes/origin/main', scene.commits.base])
      await scene.git(['checkout', '--quiet', '--detach', scene.commits.head])
    },
    also: (_scene, { code }) => (code === 0 ? ['such a tree was believed'] : []),
  },
  ...(['..', '.', '.git', 'a/b', ''] as const).map((name, index): GateCase => ({
    id: `own-entry-${index + 1}`,
    group: 'base',
    title: `a base whose tree has an entry ${JSON.stringify(name)} with rules`,
    on: ['command'],
    expect: [1, 2],
    repo: async (scene) => {
      const blob = await scene.git(['hash-object', '-w', '--stdin'], { input: RULES })
      const bytes = Buffer.concat([Buffer.from(`100644 ${name}\0`), Buffer.from(blob, 'hex')])
      const tree = await scene.git(['hash-object', '-w', '-t', 'tree', '--stdin', '--literally'], { input: bytes })
      const commit = await scene.git(['commit-tree', tree, '-p', scene.commits.base, '-m', 'x'])
      await scene.git(['update-ref', 'refs/remotes/origin/main', commit])
    },
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
