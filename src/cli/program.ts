import { Command, CommanderError } from 'commander'
import { addCheckCommand } from './check-command.ts'
import type { Io } from './io.ts'
import { addSimulateCommand } from './simulate.ts'

/** Proven in sync is 0, drift is 2; everything else, a wrong call included, is 1: a crash must never read as drift. */
const EXIT_USAGE = 1

/**
 * Runs one command line (`argv` without node and script) and says the exit code. Never throws for a wrong call: the message, with a
 * suggestion where a name is close, went to `err`.
 */
export async function runCommand(argv: readonly string[], io: Io): Promise<number> {
  let exitCode = 0
  try {
    await createProgram(io, (code) => {
      exitCode = code
    }).parseAsync([...argv], { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE
    io.err(`error: ${error instanceof Error ? error.message : 'The command failed.'}\n`)
    return EXIT_USAGE
  }
}

function createProgram(io: Io, exit: (code: number) => void): Command {
  const program = new Command('tenant-drift')
    .description('Finds drift between declared and live Auth0 resource servers.')
    // Before .command(): commands take these settings over when they are made.
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .showSuggestionAfterError()
  addCheckCommand(program, io, exit)
  addSimulateCommand(program, io, exit)
  return program
}
