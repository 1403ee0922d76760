import { execFileSync } from 'node:child_process'
import path from 'node:path'
import type { JobEdit } from './case.ts'
import { COMMAND } from './product.ts'
import { credentials, SYSTEM_PATH, withoutNull } from './run-action.ts'
import { runProgram } from './run-program.ts'
import type { Ran } from './ran.ts'
import type { Scene } from './scene.ts'

/** Every format that is written to a file; the text goes to standard output. */
const OUTPUTS = {
  json: 'r.json',
  sarif: 'r.sarif',
  junit: 'r.xml',
  markdown: 'r.md',
  github: 'r.github',
  gitlab: 'r.gitlab.json',
  html: 'r.html',
} as const

let knowsTrust: boolean | undefined

/** Before `--trust` a command judged by the files at hand: the cases then show what that lets through. */
function hasTrust(): boolean {
  knowsTrust ??= execFileSync(process.execPath, [COMMAND, 'check', '--help'], { encoding: 'utf8' }).includes('--trust')
  return knowsTrust
}

/** `tenant-drift check` as the gate of any pipeline, in all formats. */
export async function runCommand(scene: Scene, edit: JobEdit): Promise<Omit<Ran, 'wrote'>> {
  const { trust = 'origin/main', base = trust ?? 'origin/main' } = edit
  const args = [
    ...(trust === null || !hasTrust() ? [] : [`--trust=${trust}`]),
    ...(base === null ? [] : [`--base=${base}`]),
    '--gate=touched',
    '--output=text',
    ...Object.entries(OUTPUTS).map(([format, file]) => `--output=${format}=${path.join(scene.out, file)}`),
    ...(edit.flags ?? []),
  ]
  const ended = await runProgram(process.execPath, [COMMAND, 'check', ...args], {
    cwd: path.join(edit.workspace ?? scene.work, edit.folder ?? ''),
    env: withoutNull({
      PATH: edit.path === undefined ? SYSTEM_PATH : `${edit.path}:${SYSTEM_PATH}`,
      HOME: scene.home,
      TMPDIR: scene.tmp,
      CI: 'true',
      ...credentials(scene),
      ...edit.env,
    }),
    ...(edit.input === undefined ? {} : { input: edit.input }),
    ...(edit.limitMs === undefined ? {} : { limitMs: edit.limitMs }),
  })
  return { ...ended, outputs: {}, summary: '', posted: [], artifacts: {} }
}
