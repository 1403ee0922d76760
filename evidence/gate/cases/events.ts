import { symlinkSync } from 'node:fs'
import path from 'node:path'
import type { GateCase } from '../case.ts'
import { putFiles } from '../files.ts'
import { pullRequest, REPOSITORY } from '../run-action.ts'
import { ordersFile, type Scene } from '../scene.ts'
import { ownBase } from './base-refs.ts'
import { onlyTheMerge } from './checkouts.ts'
import { controls, RULES } from './parts.ts'

const group = 'events'
const OWN_RULES = () => ({ 'tenant-drift.yaml': RULES })

/** Events that say nothing of what is judged; null is no name at all. */
const UNJUDGED: readonly (readonly [name: string, payload: object])[] = [
  ['issue_comment', { issue: { number: 7, pull_request: { url: 'x' } }, comment: { body: 'run' } }],
  ['workflow_run', { workflow_run: { pull_requests: [{ number: 7 }], head_branch: 'change' } }],
  ['check_run', { check_run: { pull_requests: [] } }],
  ['check_suite', {}],
  ['deployment', {}],
  ['deployment_status', {}],
  ['release', { release: { tag_name: 'v1' } }],
  ['create', { ref: 'change', ref_type: 'branch' }],
  ['status', {}],
  ['registry_package', {}],
  ['discussion_comment', {}],
  ['pull_request_comment', {}],
  ['invented', {}],
  ['PULL_REQUEST', {}],
  ['', {}],
]

const onBranch = { GITHUB_REF: 'refs/heads/change', GITHUB_BASE_REF: '', GITHUB_HEAD_REF: '' } as const
const pushOf = ({ commits }: Scene) => ({ ...onBranch, GITHUB_SHA: commits.head })
const atHead = async (scene: Scene): Promise<void> =>
  void (await scene.git(['checkout', '--quiet', '--detach', scene.commits.head]))

const PAYLOADS: readonly (readonly [id: string, title: string, payload: (scene: Scene) => object | string | null])[] = [
  ['no-request', 'has no pull request', () => ({ repository: REPOSITORY })],
  ['text', 'is no JSON', () => '{"pull_request": {'],
  ['missing', 'is missing', () => null],
  [
    'huge',
    'has 100 MB',
    (scene) => `${JSON.stringify(pullRequest(scene)).slice(0, -1)},"x":"${'x'.repeat(100_000_000)}"}`,
  ],
  ['zeros', 'names a base of zeros', (scene) => pullRequest(scene, { base: { sha: '0'.repeat(40), ref: 'main' } })],
  [
    'short',
    'names a shortened base',
    (scene) => pullRequest(scene, { base: { sha: scene.commits.base.slice(0, 12), ref: 'main' } }),
  ],
  [
    'ref',
    'names a ref where its base’s commit should be',
    (scene) => pullRequest(scene, { base: { sha: 'change', ref: 'main' } }),
  ],
  [
    'option',
    'names an option where its base’s commit should be',
    (scene) => pullRequest(scene, { base: { sha: '--upload-pack=x', ref: 'main' } }),
  ],
  ['list', 'is a list', (scene) => [pullRequest(scene)]],
]

export const eventCases: readonly GateCase[] = [
  ...controls(group, ['action'], {
    title: 'a merge queue',
    job: ({ commits }) => ({
      event: 'merge_group',
      payload: { merge_group: { head_sha: commits.merge, base_sha: commits.base }, repository: REPOSITORY },
      env: { GITHUB_REF: 'refs/heads/gh-readonly-queue/main/pr-7-x' },
    }),
  }),
  ...['pull_request_review', 'pull_request_review_comment'].map((event): GateCase => ({
    id: `79-${event.length === 19 ? 'review' : 'comment'}`,
    group,
    title: `${event}, with rules`,
    on: ['action'],
    expect: [2],
    change: OWN_RULES,
    job: () => ({ event }),
  })),
  ...UNJUDGED.flatMap(([event, payload], index): readonly GateCase[] => [
    {
      id: `80-${index + 1}`,
      group,
      title: `${event === '' ? 'an event without a name' : event}, with rules`,
      on: ['action'],
      expect: [1],
      change: OWN_RULES,
      job: () => ({ event, payload: { ...payload, repository: REPOSITORY } }),
    },
  ]),
  {
    id: '80-none',
    group,
    title: 'no event at all',
    on: ['action'],
    expect: [1],
    change: OWN_RULES,
    job: () => ({ payload: null, env: { GITHUB_EVENT_NAME: null, GITHUB_EVENT_PATH: null } }),
  },
  {
    id: '80-request',
    group,
    title: 'an invented event whose payload holds the pull request',
    on: ['action'],
    expect: [1],
    change: OWN_RULES,
    job: () => ({ event: 'invented' }),
  },
  ...['workflow_dispatch', 'push', 'repository_dispatch', 'schedule'].map((event): GateCase => ({
    id: `81-${event}`,
    group,
    title: `${event} on refs/pull/7/merge`,
    on: ['action'],
    expect: [1],
    change: OWN_RULES,
    job: () => ({ event, payload: { repository: REPOSITORY } }),
  })),
  ...['push', 'workflow_dispatch', 'repository_dispatch'].flatMap((event): readonly GateCase[] =>
    ([false, true] as const).map((isClean) => ({
      id: `82-${event}${isClean ? '-control' : ''}`,
      group,
      title: `${event} on another branch, ${isClean ? 'as declared' : 'with rules'}`,
      on: ['action'],
      expect: [isClean ? 0 : 2, ...(isClean ? [] : [1])],
      ...(isClean
        ? { isClean, isControl: true as const, change: () => ({ 'declared/orders.yaml': ordersFile() }) }
        : { change: OWN_RULES }),
      repo: atHead,
      job: (scene) => ({ event, payload: { ref: 'refs/heads/change', repository: REPOSITORY }, env: pushOf(scene) }),
    })),
  ),
  {
    id: '82-tag',
    group,
    title: 'push of a tag that is called like the default branch, with rules',
    on: ['action'],
    expect: [1, 2],
    change: OWN_RULES,
    repo: atHead,
    job: (scene) => ({
      event: 'push',
      payload: { ref: 'refs/tags/main', repository: REPOSITORY },
      env: { ...pushOf(scene), GITHUB_REF: 'refs/tags/main' },
    }),
  },
  {
    id: '82-server-tag',
    group,
    title: 'push on another branch, and a tag of the server is called like the default branch',
    on: ['action'],
    expect: [1, 2],
    change: OWN_RULES,
    repo: async (scene) => {
      await onlyTheMerge(scene, 'head')
      const own = await ownBase(scene)
      await scene.git(['push', '--quiet', scene.server, `${own}:refs/tags/main`])
    },
    job: (scene) => ({
      event: 'push',
      payload: { ref: 'refs/heads/change', repository: REPOSITORY },
      env: pushOf(scene),
    }),
  },
  {
    id: '82-no-default',
    group,
    title: 'push whose payload names no default branch, with rules',
    on: ['action'],
    expect: [1, 2],
    change: OWN_RULES,
    repo: atHead,
    job: (scene) => ({ event: 'push', payload: { ref: 'refs/heads/change' }, env: pushOf(scene) }),
  },
  {
    id: '82-gate',
    group,
    title: 'push on another branch whose base input names the branch itself: drift counts all the same',
    on: ['action'],
    expect: [1, 2],
    repo: atHead,
    job: (scene) => ({
      event: 'push',
      inputs: { base: 'refs/heads/change' },
      payload: { ref: 'refs/heads/change', repository: REPOSITORY },
      env: pushOf(scene),
    }),
  },
  ...(['push', 'schedule', 'workflow_dispatch'] as const).flatMap((event) =>
    ([2, 0] as const).map((code): GateCase => ({
      id: `82-default-${event}-${code}`,
      group,
      title: `${event} on the default branch`,
      on: ['action'],
      expect: [code],
      isControl: true,
      ...(code === 0 ? { isClean: true as const } : {}),
      repo: async (scene) => void (await scene.git(['checkout', '--quiet', '-B', 'main', scene.commits.base])),
      job: ({ commits }) => ({
        event,
        payload: event === 'schedule' ? {} : { ref: 'refs/heads/main', repository: REPOSITORY },
        env: { ...onBranch, GITHUB_REF: 'refs/heads/main', GITHUB_SHA: commits.base },
      }),
    })),
  ),
  ...PAYLOADS.map(([id, title, payload]): GateCase => ({
    id: `83-${id}`,
    group,
    title: `the payload of a pull_request ${title}`,
    on: ['action'],
    expect: [1],
    change: OWN_RULES,
    // Where GitHub's own merge is checked out the base is its parent, whatever the payload's base is.
    repo: atHead,
    job: (scene) => ({ payload: payload(scene) }),
  })),
  {
    id: '83-link',
    group,
    title: 'the payload is a link into the work tree',
    on: ['action'],
    expect: [1, 2],
    change: OWN_RULES,
    repo: (scene) => {
      putFiles(scene.work, { 'event.json': JSON.stringify({ repository: REPOSITORY }) })
      symlinkSync(path.join(scene.work, 'event.json'), path.join(scene.outside, 'event.json'))
    },
    job: ({ outside }) => ({ env: { GITHUB_EVENT_PATH: `${outside}/event.json` } }),
  },
  {
    id: '84',
    group,
    title: 'merge_group whose HEAD is not its head_sha',
    on: ['action'],
    expect: [1],
    change: OWN_RULES,
    job: ({ commits }) => ({
      event: 'merge_group',
      payload: { merge_group: { head_sha: commits.head, base_sha: commits.base }, repository: REPOSITORY },
    }),
  },
]
