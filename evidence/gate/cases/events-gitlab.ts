import type { GateCase } from '../case.ts'
import type { Scene } from '../scene.ts'
import { ownBase } from './base-refs.ts'
import { controls, RULES } from './parts.ts'

const group = 'events'
const OWN_RULES = () => ({ 'tenant-drift.yaml': RULES })

/** Pipelines of GitLab whose HEAD is the merge of source and target. */
const merged = (type: string, scene: Scene) => ({
  CI_MERGE_REQUEST_EVENT_TYPE: type,
  CI_COMMIT_SHA: scene.commits.merge,
  CI_MERGE_REQUEST_TARGET_BRANCH_SHA: scene.commits.base,
  CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: scene.commits.head,
})
const atMerge = async (scene: Scene): Promise<void> =>
  void (await scene.git(['checkout', '--quiet', '--detach', scene.commits.merge]))

const owned = new WeakMap<Scene, string>()

export const gitLabEventCases: readonly GateCase[] = [
  ...(['merged_result', 'merge_train'] as const).flatMap((type) =>
    controls(
      group,
      ['gitlab'],
      { title: `a ${type} pipeline`, repo: atMerge, job: (scene) => ({ env: merged(type, scene) }) },
      `85-${type}`,
    ),
  ),
  ...controls(group, ['gitlab'], { title: 'a detached pipeline' }, '85-detached'),
  ...(['push', 'schedule', 'web'] as const).flatMap((source) =>
    controls(
      group,
      ['gitlab'],
      {
        title: `a ${source} pipeline on the default branch`,
        // There the project's own packages are installed where they belong.
        mayWrite: /^work\/node_modules\//,
        repo: async (scene) => void (await scene.git(['checkout', '--quiet', '--detach', scene.commits.base])),
        job: ({ commits }) => ({
          env: {
            CI_PIPELINE_SOURCE: source,
            CI_COMMIT_BRANCH: 'main',
            CI_COMMIT_SHA: commits.base,
            CI_MERGE_REQUEST_IID: null,
            CI_MERGE_REQUEST_TARGET_BRANCH_NAME: null,
            CI_MERGE_REQUEST_EVENT_TYPE: null,
          },
        }),
      },
      `85-default-${source}`,
    ),
  ),
  ...(
    [
      ['85-head', 'CI_COMMIT_SHA by hand', (scene: Scene) => ({ CI_COMMIT_SHA: scene.commits.base })],
      [
        '85-self',
        'the target branch’s name by hand: the source branch',
        () => ({ CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'change' }),
      ],
      [
        '85-none',
        'the target branch’s name by hand: no such branch',
        () => ({ CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'nothing' }),
      ],
      [
        '85-range',
        'the target branch’s name by hand: two refs',
        () => ({ CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main:refs/heads/x' }),
      ],
      [
        '85-sha',
        'the target branch’s commit by hand, in a merged results pipeline',
        (scene: Scene) => ({
          ...merged('merged_result', scene),
          CI_MERGE_REQUEST_TARGET_BRANCH_SHA: owned.get(scene) ?? '',
        }),
      ],
    ] as const
  ).map(([id, title, env]): GateCase => ({
    id,
    group,
    title,
    on: ['gitlab'],
    expect: id === '85-range' ? [1, 2] : [1],
    change: OWN_RULES,
    repo: async (scene) => {
      if (id === '85-sha') await atMerge(scene)
      owned.set(scene, await ownBase(scene))
      await scene.git(['push', '--quiet', scene.server, `${owned.get(scene) ?? ''}:refs/heads/mine`])
    },
    job: (scene) => ({ env: env(scene) }),
  })),
]
