import type { GateCase } from '../case.ts'
import type { Scene } from '../scene.ts'
import { ALL, LOCAL, program, RULES } from './parts.ts'

/** Further attacks on programs and on what the base is. */
export const RUN = (scene: Scene) => ({ 'run.sh': program(scene.marks('run', 'exit 1')) })

export const ownGitCases: readonly GateCase[] = [
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
]
