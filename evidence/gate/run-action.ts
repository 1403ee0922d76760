import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { load } from 'js-yaml'
import type { JobEdit } from './case.ts'
import { PRODUCT } from './product.ts'
import { runProgram } from './run-program.ts'
import type { Ran } from './ran.ts'
import { runnerFile, type Scene } from './scene.ts'

interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>
  readonly runs: { readonly steps: readonly [{ readonly run: string; readonly env: Readonly<Record<string, string>> }] }
}

const action = load(readFileSync(path.join(PRODUCT, 'action.yml'), 'utf8')) as ActionFile

/** Variables without those that are taken away. */
export function withoutNull(env: Readonly<Record<string, string | null>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === null ? [] : [[name, value]])))
}

/** Only what a system has, and the pinned Node. */
export const SYSTEM_PATH = `${path.dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`

/** Variables with credentials that every job of the cases has. */
export function credentials({ tenant, planted }: Scene): Record<string, string> {
  return {
    AUTH0_DOMAIN: tenant.domain,
    AUTH0_CLIENT_ID: tenant.client_id,
    AUTH0_CLIENT_SECRET: tenant.client_secret,
    TENANT_DRIFT_VAR_orders_secret: planted.get('the first signing secret') ?? '',
    TENANT_DRIFT_VAR_other_secret: planted.get('the second signing secret') ?? '',
    TENANT_DRIFT_VAR_stage: 'staging',
  }
}

/** The payload of a pull request, as far as anybody reads it. */
export function pullRequest({ commits }: Scene, more: object = {}): Record<string, unknown> {
  const repo = { fork: false, full_name: 'o/r' }
  return {
    action: 'synchronize',
    number: 7,
    pull_request: {
      number: 7,
      head: { sha: commits.head, ref: 'change', repo },
      base: { sha: commits.base, ref: 'main', repo },
      ...more,
    },
    repository: REPOSITORY,
  }
}

export const REPOSITORY = { default_branch: 'main', full_name: 'o/r', name: 'r', owner: { login: 'o' } }

/** The step of action.yml in bash, with the files and variables that GitHub's runner gives it. */
export async function runAction(scene: Scene, edit: JobEdit): Promise<Omit<Ran, 'wrote'>> {
  const { work, forge, planted, commits } = scene
  const payload = edit.payload === undefined ? pullRequest(scene) : edit.payload
  const event = typeof payload === 'object' && payload !== null ? JSON.stringify(payload) : payload
  const files = {
    event: runnerFile(scene, 'event.json', event),
    output: runnerFile(scene, 'output', ''),
    summary: runnerFile(scene, 'summary.md', ''),
    env: runnerFile(scene, 'env', ''),
    path: runnerFile(scene, 'path', ''),
  }
  const token = planted.get('the GitHub token') ?? ''
  const given: Readonly<Record<string, string>> = {
    ...(edit.folder === undefined ? {} : { 'working-directory': edit.folder }),
    ...edit.inputs,
  }
  const inputs = Object.fromEntries(
    Object.entries(action.inputs).map(([name, { default: usual }]) => [
      name,
      given[name] ?? usual.replace('${{ github.token }}', token),
    ]),
  )
  const [step] = action.runs.steps
  const variables = Object.fromEntries(
    Object.entries(step.env).map(([name, text]) => [
      name,
      text.replaceAll(/\$\{\{ inputs\.([a-z-]+) \}\}/g, (_all, input: string) => inputs[input] ?? ''),
    ]),
  )
  const env = withoutNull({
    PATH: edit.path === undefined ? SYSTEM_PATH : `${edit.path}:${SYSTEM_PATH}`,
    HOME: scene.home,
    TMPDIR: scene.tmp,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: edit.workspace ?? work,
    GITHUB_EVENT_NAME: edit.event ?? 'pull_request',
    GITHUB_EVENT_PATH: files.event,
    GITHUB_REF: 'refs/pull/7/merge',
    GITHUB_SHA: commits.merge,
    GITHUB_BASE_REF: 'main',
    GITHUB_HEAD_REF: 'change',
    GITHUB_REPOSITORY: 'o/r',
    GITHUB_SERVER_URL: forge.url,
    GITHUB_API_URL: `${forge.url}/api/v3`,
    GITHUB_RUN_ID: '4711',
    GITHUB_WORKFLOW: 'drift',
    GITHUB_JOB: 'gate',
    GITHUB_ACTOR: 'somebody',
    GITHUB_OUTPUT: files.output,
    GITHUB_STEP_SUMMARY: files.summary,
    GITHUB_ENV: files.env,
    GITHUB_PATH: files.path,
    RUNNER_TEMP: scene.temp,
    ...credentials(scene),
    ...variables,
    GITHUB_ACTION_PATH: PRODUCT,
    ...edit.env,
  })
  const ended = await runProgram('bash', ['-e', '-o', 'pipefail', '-c', step.run], {
    cwd: edit.workspace ?? work,
    env,
    ...(edit.limitMs === undefined ? {} : { limitMs: edit.limitMs }),
    ...(edit.started === undefined ? {} : { started: edit.started }),
  })
  const written = [...readFileSync(files.output, 'utf8').matchAll(/^([a-z-]+)<<(\S+)\n([^]*?)\n\2$/gm)]
  return {
    code: ended.code,
    log: asShown(ended.log),
    out: ended.out,
    outputs: Object.fromEntries(written.map(([, name = '', , value = '']) => [name, value])),
    summary: existsSync(files.summary) ? readFileSync(files.summary, 'utf8') : '',
    posted: forge.heard.filter(({ method }) => method !== 'GET').map(({ body }) => body),
    artifacts: {},
  }
}

/** The log as it is shown: the runner takes a line that names a mask for itself. What the mask then hides in the other lines is left as it is. */
function asShown(log: string): string {
  let resume: string | null = null
  const lines = log.split('\n').filter((line) => {
    if (resume === null) resume = /^::stop-commands::(\S+)$/.exec(line)?.[1] ?? null
    else if (line === `::${resume}::`) resume = null
    return resume !== null || !line.startsWith('::add-mask::')
  })
  return lines.join('\n')
}
