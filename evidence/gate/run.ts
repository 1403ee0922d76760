import type { GateCase, JobEdit } from './case.ts'
import { openScene } from './open-scene.ts'
import { leakFinder } from './planted.ts'
import type { Ran } from './ran.ts'
import { runAction } from './run-action.ts'
import { runCommand } from './run-command.ts'
import { artifactNames, runGitLab } from './run-gitlab.ts'
import type { RunnerName } from './runners.ts'
import type { Scene } from './scene.ts'
import { changedIn, surroundingsOf, textsOf } from './surroundings.ts'

/** What went otherwise than it must, in the words of the four questions. */
export type Wrong = 'code' | 'ran' | 'leaked' | 'wrote' | 'sent' | 'other'

export interface Judged {
  readonly one: GateCase
  readonly runner: RunnerName
  readonly code: number | null
  readonly wrong: readonly { readonly kind: Wrong; readonly line: string }[]
  /** First lines of the log, for whoever mends it. */
  readonly log: string
  readonly ms: number
}

const SUBJECTS: Readonly<Record<RunnerName, (scene: Scene, edit: JobEdit) => Promise<Omit<Ran, 'wrote'>>>> = {
  action: runAction,
  command: runCommand,
  gitlab: runGitLab,
}

const SIDE_BY_SIDE = 4

/** Each case on each of its runners, four at a time; in the order of the cases. A case that cannot be set up is a wrong one. */
export async function runGate(
  cases: readonly GateCase[],
  told: (judged: Judged) => void = () => {},
): Promise<readonly Judged[]> {
  const isRoot = process.getuid?.() === 0
  const waiting = cases.flatMap((one) =>
    one.needsRoot === true && !isRoot ? [] : one.on.map((runner) => ({ one, runner })),
  )
  const judged: (readonly [number, Judged])[] = []
  const all = [...waiting.entries()]
  await Promise.all(
    Array.from({ length: SIDE_BY_SIDE }, async () => {
      for (let next = all.shift(); next !== undefined; next = all.shift()) {
        const [index, { one, runner }] = next
        const done = await runCase(one, runner).catch((error: unknown): Judged => {
          const line = error instanceof Error ? (error.stack ?? error.message) : String(error)
          return { one, runner, code: null, wrong: [{ kind: 'other', line }], log: '', ms: 0 }
        })
        told(done)
        judged.push([index, done])
      }
    }),
  )
  return judged.sort(([a], [b]) => a - b).map(([, each]) => each)
}

async function runCase(one: GateCase, runner: RunnerName): Promise<Judged> {
  const scene = await openScene(one, runner)
  try {
    let bearer: string | null = null
    scene.tenant.onRequest(({ headers }) => {
      bearer = headers.get('authorization') ?? bearer
    })
    const edit = { ...(one.folder === undefined ? {} : { folder: one.folder }), ...one.job?.(scene) }
    const before = surroundingsOf(scene.root, ['markers', 'out'])
    const began = performance.now()
    const run = await SUBJECTS[runner](scene, edit)
    const ms = performance.now() - began
    const wrote = changedIn(before, surroundingsOf(scene.root, ['markers']))
    const ran: Ran = { ...run, wrote }
    const token = (bearer ?? '').replace(/^Bearer /, '')
    // Its beginning is the same in all tokens.
    if (token !== '') scene.planted.set('the bearer token', token.slice(token.lastIndexOf('.') + 1))
    return { one, runner, code: ran.code, wrong: judge(one, scene, ran), log: head(ran.log), ms }
  } finally {
    await scene.close()
  }
}

export function judge(one: GateCase, scene: Scene, ran: Ran): Judged['wrong'] {
  const wrong: { kind: Wrong; line: string }[] = []
  const note = (kind: Wrong, line: string): void => void wrong.push({ kind, line })
  if (!one.expect.some((code) => code === ran.code))
    note('code', `exit ${ran.code ?? 'never'}, not ${one.expect.join(' or ')}`)
  for (const name of scene.ran()) note('ran', `${name} ran`)
  const find = leakFinder(scene.planted)
  const said = [
    { entry: 'the log', text: ran.log },
    ...ran.posted.map((text) => ({ entry: 'what was posted', text })),
    ...textsOf(scene.root, ran.wrote).filter(
      ({ entry }) => entry !== 'out/npm-environment' && !entry.startsWith('out/seen'),
    ),
  ]
  for (const { entry, text } of said) for (const leak of find(text)) note('leaked', `${leak} in ${entry}`)
  const npm = textsOf(scene.root, ['out/npm-environment'])[0]?.text ?? ''
  for (const leak of find(npm)) note('other', `${leak} was handed to npm`)
  const foreign = ran.wrote.filter((entry) => !isOwn(scene, entry) && one.mayWrite?.test(entry) !== true)
  if (foreign.length > 0)
    note('wrote', `wrote ${foreign.slice(0, 3).join(', ')}${foreign.length > 3 ? ' and more' : ''}`)
  for (const { entry, text } of textsOf(scene.root, ['files/env', 'files/path']))
    if (text !== '') note('wrote', `wrote ${entry}`)
  for (const { method, path: asked } of scene.stranger.heard) note('sent', `a stranger heard ${method} ${asked}`)
  for (const line of one.also?.(scene, ran) ?? []) note('other', line)
  return wrong
}

/** Places of the run itself. */
function isOwn({ runner }: Scene, entry: string): boolean {
  if (/^(tmp|out)\//.test(entry)) return true
  if (runner === 'action')
    return /^temp\/tenant-drift-[^/]+(\/|$)|^files\/(event\.json|output|summary\.md|env|path)$/.test(entry)
  if (runner === 'command') return false
  // What git keeps of a fetch, and the reports where the template says they are.
  const tops = new Set(artifactNames().map((name) => `work/${name.split('/')[0] ?? ''}`))
  return (
    /^work\/\.git\/(objects\/|FETCH_HEAD$|worktrees\/|packed-refs$|shallow$|refs\/|logs\/)/.test(entry) ||
    entry.startsWith('outside/tools/') ||
    [...tops].some((top) => entry === top || entry.startsWith(`${top}/`))
  )
}

const HEAD_LINES = 14

function head(log: string): string {
  return log.split('\n').slice(0, HEAD_LINES).join('\n').slice(0, 2000)
}

/** One line for people. */
export function shown({ one, runner, code, wrong }: Judged): string {
  const lines = wrong.map(({ line }) => line).slice(0, 6)
  return `${one.id} on ${runner} (${one.title}): exit ${code ?? 'never'}; ${lines.join('; ') || 'as it must'}`
}
