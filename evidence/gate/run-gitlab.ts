import { lstatSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { load } from 'js-yaml'
import type { JobEdit } from './case.ts'
import { putFiles } from './files.ts'
import { COMMAND, TEMPLATE } from './product.ts'
import { credentials, SYSTEM_PATH, withoutNull } from './run-action.ts'
import { runProgram } from './run-program.ts'
import type { Ran } from './ran.ts'
import type { Scene } from './scene.ts'

interface Job {
  readonly script: readonly string[]
  readonly after_script: readonly string[]
  readonly artifacts: { readonly reports: Readonly<Record<string, string>>; readonly paths: readonly string[] }
}

const template = load(readFileSync(TEMPLATE, 'utf8')) as Readonly<Record<string, Job>>

export function gitLabJob(): Job {
  const job = template['tenant-drift']
  if (job === undefined) throw new Error('the template has no job tenant-drift')
  return job
}

/** Names that the job's reports have in the project. */
export function artifactNames(): readonly string[] {
  const { reports, paths } = gitLabJob().artifacts
  return [...new Set([...Object.values(reports), ...paths])]
}

/** Installs the built command where it is told to, and writes down with which environment it was asked to. */
function npm(scene: Scene): string {
  return `#!/bin/sh
/usr/bin/env > '${scene.out}/npm-environment'
[ "$1" = ci ] || [ "$1" = install ] || exit 1
folder=.
while [ $# -gt 0 ]; do
  case "$1" in --prefix) folder=$2; shift ;; --prefix=*) folder=\${1#--prefix=} ;; esac
  shift
done
/bin/cat "$folder/package.json" "$folder/package-lock.json" > '${scene.out}/npm-manifests' 2>&1
/bin/mkdir -p "$folder/node_modules/.bin" && /bin/ln -sf '${COMMAND}' "$folder/node_modules/.bin/tenant-drift"
`
}

/** `script` and then `after_script` of the template, as GitLab's runner runs them in a shell each. */
export async function runGitLab(scene: Scene, edit: JobEdit): Promise<Omit<Ran, 'wrote'>> {
  const { work, lab, commits, planted, outside } = scene
  const tools = path.join(outside, 'tools')
  putFiles(tools, { npm: { program: npm(scene) } })
  const usual = `${tools}:${SYSTEM_PATH}`
  const env = withoutNull({
    PATH: edit.path === undefined ? usual : `${edit.path}:${usual}`,
    HOME: scene.home,
    TMPDIR: scene.tmp,
    CI: 'true',
    GITLAB_CI: 'true',
    CI_PIPELINE_SOURCE: 'merge_request_event',
    CI_PROJECT_DIR: work,
    CI_PROJECT_ID: '3',
    CI_PROJECT_PATH: 'o/r',
    CI_API_V4_URL: `${lab.url}/api/v4`,
    CI_SERVER_URL: lab.url,
    CI_JOB_ID: '4711',
    CI_JOB_TOKEN: planted.get('the job token') ?? '',
    CI_DEFAULT_BRANCH: 'main',
    CI_REPOSITORY_URL: `file://${scene.server}`,
    CI_COMMIT_SHA: commits.head,
    CI_COMMIT_REF_NAME: 'change',
    CI_MERGE_REQUEST_IID: '7',
    CI_MERGE_REQUEST_EVENT_TYPE: 'detached',
    CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
    CI_MERGE_REQUEST_TARGET_BRANCH_SHA: '',
    CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: 'change',
    CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: '',
    CI_MERGE_REQUEST_DIFF_BASE_SHA: commits.base,
    TENANT_DRIFT_NOTE_TOKEN: planted.get('the note token') ?? '',
    ...credentials(scene),
    ...edit.env,
  })
  const { script, after_script: after } = gitLabJob()
  const run = (lines: readonly string[], more: Pick<JobEdit, 'limitMs' | 'started'> = {}) =>
    runProgram('bash', ['-e', '-o', 'pipefail', '-c', lines.join('\n')], { cwd: work, env, ...more })
  const first = await run(script, {
    ...(edit.limitMs === undefined ? {} : { limitMs: edit.limitMs }),
    ...(edit.started === undefined ? {} : { started: edit.started }),
  })
  const last = await run(after)
  return {
    code: first.code,
    log: `${first.log}${last.log}`,
    out: first.out,
    outputs: {},
    summary: '',
    posted: lab.heard.filter(({ method }) => method !== 'GET').map(({ body }) => body),
    artifacts: Object.fromEntries(artifactNames().map((name) => [name, plainFile(work, name)])),
  }
}

/** A file that is one, and lies in folders that are. */
function plainFile(top: string, name: string): string | null {
  const steps = name.split('/').filter((step) => step !== '')
  for (const index of steps.keys()) {
    const stat = lstatSync(path.join(top, ...steps.slice(0, index + 1)), { throwIfNoEntry: false })
    const isLast = index === steps.length - 1
    if (stat === undefined || !(isLast ? stat.isFile() : stat.isDirectory())) return null
  }
  return readFileSync(path.join(top, ...steps), 'utf8')
}
