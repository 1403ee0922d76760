import { execFile } from 'node:child_process'
import { pathOf, pulumiEnvironment } from '../sources/front.ts'
import { findProgram } from '../git/program.ts'
import { workTreeOf } from '../git/work-tree.ts'
import type { DoctorLine } from './doctor-line.ts'
import type { Io } from './io.ts'

const OLDEST_PULUMI = [3, 255] as const

/** One that is too old ended the command at its door (`src/door`). */
export function nodeLine(): DoctorLine {
  return { state: 'ok', fact: `Node ${process.versions.node}` }
}

/** Only previews need it; a check does not. */
export async function pulumiLine({ env, cwd }: Io): Promise<DoctorLine> {
  const outsideOf = [workTreeOf(cwd)]
  const program = findProgram('pulumi', { path: pathOf(env), outsideOf })
  const output = await new Promise<string | null>((resolve) => {
    if (program === null) {
      resolve(null)
      return
    }
    execFile(program, ['version'], { timeout: 5000, env: pulumiEnvironment(env, outsideOf) }, (error, stdout) =>
      resolve(error === null ? stdout.trim() : null),
    )
  })
  if (output === null) return { state: 'note', fact: 'Pulumi: not on PATH (only previews need it)' }
  const version = output.replace(/^v/, '')
  if (isAtLeast(version, OLDEST_PULUMI)) return { state: 'ok', fact: `Pulumi ${version}` }
  return {
    state: 'note',
    fact: `Pulumi ${version}`,
    advice: `Previews need ${OLDEST_PULUMI.join('.')} or newer; a check does not.`,
  }
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [has = 0, and = 0] = version.split('.').map(Number)
  return has > major || (has === major && and >= minor)
}
