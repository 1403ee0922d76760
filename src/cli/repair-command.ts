import type { Command } from 'commander'
import type { Io } from './io.ts'
import type { RepairFlags } from './repair.ts'
import { addReadingOptions, addSettings, addSideOptions, collect } from './setting-options.ts'

const HELP = `
It prints a plan and sends nothing. Exit codes: 0 the plan holds all that counts
(or all that was named); 2 some of it is left out, each with its reason;
1 something could not be read.
Without --only the plan holds drift of what is declared. Conflicts, changes that
are pending, settings that nobody declares and accepted drift must be named.

Examples:
  Show what would be put back, and what that does:
  $ tenant-drift repair
  Write a script that does it, for somebody who may write to the tenant:
  $ tenant-drift repair --output sh=repair.sh
  Put back one finding, although clients may depend on the live value:
  $ tenant-drift repair --only 3f2a9c --output sh`

export function addRepairCommand(program: Command, io: Io, exit: (code: number) => void): void {
  const repair = addReadingOptions(
    program
      .command('repair')
      .description(
        'Print how to put the tenant back: for each API the smallest PATCH, its precondition and its inverse.',
      ),
  )
    .option('--only <fingerprint>', 'only this finding, by its fingerprint or the beginning of it; repeatable', collect)
    .option('--accept-weakened', 'also what is less safe than the live value')
    .option('--include-breaking', 'also what can stop clients or cannot be undone')
    .option('--inverse', 'print instead how to undo the plan')
    .option('-o, --output <format[=path]>', 'text, json, sh or auth0; repeatable', collect)
  addSettings(addSideOptions(repair), ['maxAge', 'target', 'exclude', 'who', 'affected'])
    .addHelpText('after', HELP)
    .action(async (flags: RepairFlags) => exit(await (await import('./repair.ts')).repair(flags, io)))
}
