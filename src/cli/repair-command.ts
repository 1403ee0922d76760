import type { Command } from 'commander'
import type { Io } from './io.ts'
import type { RepairFlags } from './repair.ts'
import { addReadingOptions, addSettings, addSideOptions, collect } from './setting-options.ts'

const HELP = `
It prints, and sends nothing. Exit codes: 0 the plan holds all that counts (or
all that was named); 2 some of it is left out, each with its reason; 1 something
could not be read.
Without --only it holds drift of what is declared. Conflicts, changes that are
pending, settings that nobody declares and accepted ones are held only by name.

Examples:
  What would be put back, and what that does:
  $ tenant-drift repair
  A script that does it, to be read and run by whoever may write:
  $ tenant-drift repair --output sh=repair.sh
  One finding, although clients may depend on how it stands:
  $ tenant-drift repair --only 3f2a9c --output sh`

export function addRepairCommand(program: Command, io: Io, exit: (code: number) => void): void {
  const repair = addReadingOptions(
    program
      .command('repair')
      .description('Print the way back: for each API the smallest right PATCH, its precondition and its inverse.'),
  )
    .option(
      '--only <fingerprint>',
      'this finding alone, by its fingerprint or the beginning of it; repeatable',
      collect,
    )
    .option('--accept-weakened', 'also what is less safe than it stands in the tenant')
    .option('--include-breaking', 'also what can stop clients, or cannot be brought back')
    .option('--inverse', 'print what undoes the plan instead')
    .option('-o, --output <format[=path]>', 'text, json, sh or auth0; repeatable', collect)
  addSettings(addSideOptions(repair), ['maxAge', 'target', 'exclude', 'who', 'affected'])
    .addHelpText('after', HELP)
    .action(async (flags: RepairFlags) => exit(await (await import('./repair.ts')).repair(flags, io)))
}
