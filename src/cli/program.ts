import { Command, CommanderError } from 'commander'
import { addCheckCommand } from './check-command.ts'
import type { Io } from './io.ts'
import { addOtherCommands } from './other-commands.ts'
import { withoutSecrets } from './redact.ts'
import { addSimulateCommand } from './simulate.ts'
import { ownVersion } from './version.ts'

/** Proven in sync is 0, drift is 2; everything else, a wrong call included, is 1: a crash must never read as drift. */
const EXIT_COULD_NOT_TELL = 1

const HELP = `
Examples:
  $ npx tenant-drift init acme   declare and record the tenant of AUTH0_DOMAIN
  $ tenant-drift check           0 in sync, 2 drift, 1 could not tell
  $ tenant-drift doctor          what is missing for a check`

/**
 * Runs one command line (`argv` without node and script) and says the exit code. Never throws: the message, with a suggestion where a name is
 * close, went to `err`.
 */
export async function runCommand(argv: readonly string[], io: Io): Promise<number> {
  let exitCode = 0
  try {
    await createProgram(io, (code) => {
      exitCode = code
    }).parseAsync([...argv], { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_COULD_NOT_TELL
    io.err(withoutSecrets(textOf(error), io.env))
    return EXIT_COULD_NOT_TELL
  }
}

/** Expected failures say what to do; a bug says where it is, for whoever is to mend it. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return 'error: The command failed.\n'
  const advice = 'advice' in error && typeof error.advice === 'string' ? error.advice : null
  const isExpected = advice !== null || error.constructor === Error
  const message = error.message.replaceAll('\n', '\nerror: ')
  if (isExpected) return `error: ${message}\n${advice === null ? '' : `${advice}\n`}`
  return `error: This is a bug in tenant-drift: ${error.stack ?? message}\n`
}

/** What other tools call something that we have under another name, or that nobody needs here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  '--json': 'Here it is --output json.',
  '--no-color': 'Here it is --color never.',
  '--exit-zero': 'Here it is --fail-on never; a run that could not tell is still 1.',
  '--dry-run': 'There is no need: nothing here writes to a tenant.',
  '-v': 'Here it is --version.',
  '-V': 'Here it is --version.',
}

function hintFor(message: string): string {
  const [, option = ''] = /^error: unknown option '([^'=]+)/.exec(message) ?? []
  return Object.hasOwn(ELSEWHERE, option) ? `${ELSEWHERE[option]}\n` : ''
}

function createProgram(io: Io, exit: (code: number) => void): Command {
  const program = new Command('tenant-drift')
    .description('Finds drift between declared and live Auth0 resource servers.')
    // Before .command(): commands take these settings over when they are made.
    .exitOverride()
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      outputError: (text, write) => write(text + hintFor(text)),
    })
    .showSuggestionAfterError()
    .addHelpText('after', HELP)
  program.version(ownVersion(), '--version')
  addCheckCommand(program, io, exit)
  addOtherCommands(program, io, exit)
  addSimulateCommand(program, io, exit)
  return program
}
