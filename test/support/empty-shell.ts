import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Simulator } from '../../src/simulator/front.ts'
import { toolsWith } from '../action/workflow.ts'
import { folderWith } from '../cli/run.ts'

export interface Pasted {
  /** Of the last command, as the reader's prompt has it. */
  readonly code: number
  /** What both streams said, with the tenant called as the page calls it. */
  readonly log: string
}

/** A shell into which blocks are pasted one after the other: variables and folder stay, as they do at a terminal. */
export interface Shell {
  paste(block: string): Promise<Pasted>
}

interface Around {
  /** Stands in for the tenant that the pages call `acme.eu.auth0.com`. */
  readonly tenant: Simulator
  readonly cwd?: string
  /** A folder of stand-ins, first on PATH. */
  readonly tools?: string
  /** What a page says that its reader has already: the backend and the passphrase of a stack. */
  readonly own?: Readonly<Record<string, string>>
}

/** The tenant of the pages, and what stands there in place of a credential: replaced here and nowhere else. */
const placeholders = ({ domain, client_id, client_secret }: Simulator): readonly (readonly [string, string])[] => [
  ['acme.eu.auth0.com', domain],
  ['AUTH0_CLIENT_ID=...', `AUTH0_CLIENT_ID=${client_id}`],
  ['AUTH0_CLIENT_SECRET=...', `AUTH0_CLIENT_SECRET=${client_secret}`],
]

/**
 * A shell as a reader opens one: PATH, a home and nothing else. No passphrase, no login, no variable of ours: what a block needs it sets, or a
 * block of the same page that is pasted before it.
 */
export function emptyShell({ tenant, cwd = folderWith(), tools = toolsWith(), own = {} }: Around): Shell {
  const kept = join(folderWith(), 'session')
  const home = folderWith()
  const env = { PATH: `${tools}:${process.env['PATH'] ?? ''}`, HOME: home, ...own }
  return {
    paste: async (block) => {
      const script = placeholders(tenant).reduce((text, [from, to]) => text.replaceAll(from, to), block)
      const before = existsSync(kept) ? `. '${kept}'\n` : ''
      const after = `trap '{ export -p; printf "cd %q\\n" "$PWD"; } > "${kept}"' EXIT\n`
      const { code, log } = await bash(`${before}${after}${script}`, env, cwd)
      return { code, log: log.replaceAll(tenant.domain, 'acme.eu.auth0.com') }
    },
  }
}

/** Not as a job's `run`: at a prompt the next line runs whatever came of the last one. */
function bash(script: string, env: Readonly<Record<string, string>>, cwd: string): Promise<Pasted> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['--noprofile', '--norc', '-c', script], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let log = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => (log += chunk))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? 1, log }))
  })
}
