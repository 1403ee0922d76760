import { Command, CommanderError } from 'commander'
import { clockOf } from '../schema/clock.ts'
import { addAmbientCredentials } from '../words/credentials.ts'
import { harmless } from '../words/harmless.ts'
import { hideRendered } from '../words/hide-rendered.ts'
import { SecretValues } from '../words/secret-values.ts'
import { addCheckCommand } from './check-command.ts'
import { errorText } from './error-text.ts'
import type { Io, World } from './io.ts'
import { addOtherCommands } from './other-commands.ts'
import { addServeCommand } from './serve-command.ts'
import { addSimulateCommand } from './simulate.ts'
import { ownVersion } from './version.ts'

/** Proven in sync is 0, drift is 2; everything else, a wrong call included, is 1: a crash must never read as drift. */
const EXIT_COULD_NOT_TELL = 1

const HELP = `
Examples:
  $ npx tenant-drift init acme   declare and record the tenant of AUTH0_DOMAIN
  $ tenant-drift check           0 in sync, 2 drift, 1 could not tell
  $ tenant-drift doctor          what a check still needs`

/**
 * Runs one command line (`argv` without node and script) and says the exit code. Never throws: the message, with a suggestion where a name is
 * close, went to `err`.
 */
export async function runCommand(argv: readonly string[], world: World): Promise<number> {
  const io = ioOf(world)
  let exitCode = 0
  try {
    await createProgram(io, world, (code) => {
      exitCode = code
    }).parseAsync([...argv], { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_COULD_NOT_TELL
    io.err(errorText(error, io.secrets.hider()))
    return EXIT_COULD_NOT_TELL
  }
}

/**
 * The one place where a command's words leave it: whatever made them, no secret that the run knows by then is in them, and nothing that would act on a terminal or
 * a pipeline. Texts of formats have been made harmless piece by piece, for they hold colours and orders of ours.
 */
function ioOf(world: World): Io {
  const secrets = new SecretValues()
  addAmbientCredentials(secrets, world.env)
  return {
    ...world,
    now: clockOf(world.env, world.now),
    secrets,
    out(text, writing = 'text') {
      const hidden = hideRendered(text, writing, secrets.hider())
      world.out(writing === 'text' ? harmless(hidden) : hidden)
    },
    err: (text) => world.err(harmless(secrets.hider().hide(text))),
  }
}

/** What other tools call something that we have under another name, or that nobody needs here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  '--json': 'Here it is --output json.',
  '--no-color': 'Here it is --color never.',
  '--exit-zero': 'Here it is --fail-on never; a run that could not tell is still 1.',
  '--dry-run': 'It is not needed: nothing here writes to a tenant.',
  '-v': 'Here it is --version.',
  '-V': 'Here it is --version.',
}

function hintFor(message: string): string {
  const [, option = ''] = /^error: unknown option '([^'=]+)/.exec(message) ?? []
  return Object.hasOwn(ELSEWHERE, option) ? `${ELSEWHERE[option]}\n` : ''
}

/** Every command and flag, for pages that are made from them. Nothing of it runs. */
export function commandProgram(world: World): Command {
  return createProgram(ioOf(world), world, () => undefined)
}

function createProgram(io: Io, world: World, exit: (code: number) => void): Command {
  const program = new Command('tenant-drift')
    .description('Finds drift between declared and live Auth0 resource servers.')
    // Before .command(): commands take these settings over when they are made.
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: io.err,
      outputError: (text, write) => write(text + hintFor(text)),
    })
    .showSuggestionAfterError()
    .addHelpText('after', HELP)
  program.version(ownVersion(), '--version')
  addCheckCommand(program, io, exit)
  addOtherCommands(program, io, exit)
  // What the embedded tenant invents is no secret, and the next one with its seed invents the same: its line is printed as it is.
  addServeCommand(program, io, exit)
  addSimulateCommand(program, world, exit)
  return program
}
