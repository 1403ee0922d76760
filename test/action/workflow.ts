import { spawn } from 'node:child_process'
import { chmodSync, existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { runInNewContext } from 'node:vm'
import { load } from 'js-yaml'
import { folderWith, write } from '../cli/run.ts'
import { ROOT, runnerEnv, writtenBy, type Job } from './runner.ts'

interface Step {
  readonly id?: string
  readonly if?: string
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, string>>
}

interface Workflow {
  readonly jobs: Readonly<
    Record<string, { readonly env?: Readonly<Record<string, string>>; readonly steps: readonly Step[] }>
  >
}

interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>
  readonly runs: { readonly steps: readonly [{ readonly run: string; readonly env: Readonly<Record<string, string>> }] }
}

export interface WorkflowRan {
  /** Of the first step that failed; 0 where none did. */
  readonly code: number
  readonly log: string
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** `with` of other people's actions, in order. */
  readonly used: readonly { readonly uses: string; readonly with: Readonly<Record<string, string>> }[]
  readonly temp: string
}

export interface Around {
  readonly job: Job
  readonly secrets?: Readonly<Record<string, string>>
  /** Replaces what the workflow's `env` says: the tenant it is written for is not here. */
  readonly env: Readonly<Record<string, string>>
  readonly actor?: string
  /** Contents of an artifact that `gh run download` finds, by file. */
  readonly artifact?: Readonly<Record<string, string>>
}

/**
 * Runs the first job of a workflow as GitHub's runner does, as far as the workflows of our pages need it: expressions, conditions, `run` in bash, and
 * our own action from action.yml. Other people's actions are written down, and `npm`, `npx` and `gh` are stand-ins.
 */
export async function runWorkflow(text: string, cwd: string, around: Around): Promise<WorkflowRan> {
  // Without it the action would build itself, for each step of each test.
  if (!existsSync(path.join(ROOT, 'dist', 'bin', 'tenant-drift-action.js')))
    throw new Error('npm run build comes first')
  const [job] = Object.values((load(text) as Workflow).jobs)
  if (job === undefined) throw new Error('a workflow without a job')
  const runner = runnerEnv(cwd, around.job)
  const tools = standIns(around.artifact ?? {})
  const outputs: Record<string, Readonly<Record<string, string>>> = {}
  const used: { uses: string; with: Readonly<Record<string, string>> }[] = []
  const event: unknown = JSON.parse(readFileSync(runner['GITHUB_EVENT_PATH'] ?? '', 'utf8'))
  const context = {
    github: {
      event,
      run_id: '4711',
      run_attempt: '1',
      actor: around.actor ?? 'somebody',
      token: runner['INPUT_GITHUB_TOKEN'] ?? '',
    },
    secrets: around.secrets ?? {},
    runner: { temp: runner['RUNNER_TEMP'] },
    steps: new Proxy({}, { get: (_all, id) => ({ outputs: outputs[String(id)] ?? {} }) }),
    always: () => true,
  }
  let [code, log] = [0, '']
  for (const step of job.steps) {
    const isWanted = step.if === undefined ? code === 0 : evaluate(step.if, context) === true
    if (!isWanted || (code !== 0 && !step.if?.includes('always()'))) continue
    const given = fill(step.with ?? {}, context)
    const isOurs = step.uses?.startsWith('OWNER/tenant-drift@') ?? false
    if (step.uses !== undefined && !isOurs) {
      used.push({ uses: step.uses, with: given })
      continue
    }
    const output = path.join(runner['RUNNER_TEMP'] ?? '', `output-${Object.keys(outputs).length}-${used.length}`)
    const env = {
      ...fill({ ...job.env, ...step.env }, context),
      ...runner,
      PATH: `${tools}:${process.env['PATH'] ?? ''}`,
      GITHUB_OUTPUT: output,
      ...around.env,
    }
    const ran = isOurs ? await bash(...ours(given, context, env), cwd) : await bash(step.run ?? '', env, cwd)
    log += ran.log
    if (step.id !== undefined) outputs[step.id] = writtenBy({ ...env, GITHUB_OUTPUT: output }).outputs
    if (code === 0) code = ran.code
  }
  return { code, log, outputs, used, temp: runner['RUNNER_TEMP'] ?? '' }
}

/** The one step of action.yml with its variables. */
function ours(
  given: Readonly<Record<string, string>>,
  context: object,
  env: Readonly<Record<string, string>>,
): [string, Record<string, string>] {
  const action = load(readFileSync(path.join(ROOT, 'action.yml'), 'utf8')) as ActionFile
  const defaults = Object.entries(action.inputs).map(([name, { default: text }]) => [name, text] as const)
  const inputs = { ...fill(Object.fromEntries(defaults), context), ...given }
  const [step] = action.runs.steps
  return [step.run, { ...env, ...fill(step.env, { inputs }), GITHUB_ACTION_PATH: ROOT }]
}

/** Expressions of GitHub's that are JavaScript, too, but for names with a hyphen. */
function evaluate(expression: string, context: object): string | boolean | null | undefined {
  const script = expression.replaceAll(/\.([a-z]+(?:-[a-z]+)+)/g, '["$1"]')
  return runInNewContext(script, { ...context }) as string | boolean | null | undefined
}

function fill(values: Readonly<Record<string, unknown>>, context: object): Record<string, string> {
  const entries = Object.entries(values).map(([name, value]) => {
    const text = String(value).replaceAll(/\$\{\{(.*?)\}\}/g, (_all, expression: string) =>
      String(evaluate(expression.trim(), context) ?? ''),
    )
    return [name, text] as const
  })
  return Object.fromEntries(entries)
}

export function bash(
  script: string,
  env: Readonly<Record<string, string>>,
  cwd: string,
): Promise<{ readonly code: number; readonly log: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-e', '-o', 'pipefail', '-c', script], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let log = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => (log += chunk))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? 1, log }))
  })
}

/** `npm ci` and `npm install` of packages: what would be installed is linked, and no registry is asked. */
const NPM = `#!/bin/sh
case "$1" in ci | install) ;; *) exit 1 ;; esac
folder=.; [ "$2" = --prefix ] && folder=$3
mkdir -p "$folder/node_modules/.bin" || exit 1
for name in tenant-drift tenant-drift-policies tenant-drift-live-policies; do
  ln -sf "${ROOT}/dist/bin/$name.js" "$folder/node_modules/.bin/$name" || exit 1
done
[ "$1" = ci ] && exit
ln -sfn "${ROOT}" "$folder/node_modules/tenant-drift" && ln -sfn "${ROOT}/node_modules/@pulumi" "$folder/node_modules/@pulumi"
`
const NPX = `#!/bin/sh\n[ "$1" = tenant-drift ] && shift && exec node "${ROOT}/dist/bin/tenant-drift.js" "$@"\n`

/** A folder for PATH where `npm` installs without a registry and `npx tenant-drift` is the built command; other tools are the given scripts. */
export function toolsWith(scripts: Readonly<Record<string, string>> = {}): string {
  const all = { npm: NPM, npx: NPX, ...scripts }
  const folder = folderWith(all)
  for (const name of Object.keys(all)) chmodSync(path.join(folder, name), 0o755)
  return folder
}

/** The tools of a job: those, and `gh` that knows one scheduled run with one artifact. */
export function standIns(artifact: Readonly<Record<string, string>> = {}): string {
  const folder = toolsWith({
    gh: `#!/bin/sh
case "$*" in
  'run list --workflow drift.yml --event schedule --limit 1 --json databaseId --jq .[0].databaseId') echo 42 ;;
  'run download 42 --name tenant-snapshot --dir '*) [ -n "$GH_TOKEN" ] && cp "$(dirname "$0")"/artifact/* "$7" ;;
  *) exit 1 ;;
esac
`,
  })
  write(folder, Object.fromEntries(Object.entries(artifact).map(([name, text]) => [`artifact/${name}`, text])))
  return folder
}
