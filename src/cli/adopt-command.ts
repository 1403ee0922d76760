import type { Command } from 'commander'
import type { AdoptFlags } from './adopt.ts'
import { addReadingOptions, collect } from './check-command.ts'
import type { Io } from './io.ts'

const HELP = `
Exit codes: 0 all that counts (or all that was named) was taken; 2 some of it still differs; 1 something could not be read or written.
Without --only it takes what counts as drift. Conflicts, APIs that are gone and settings that nobody declares are taken only by name.

Examples:
  $ tenant-drift adopt --dry-run                      what would change, as a diff
  $ tenant-drift adopt                                live values into the declared files
  $ tenant-drift adopt --only 3f2a9c --accept-weakened   one finding, although it is less safe than what was declared`

export function addAdoptCommand(program: Command, io: Io, exit: (code: number) => void): void {
  addReadingOptions(
    program.command('adopt').description('Take live values into the declared files, in place, and no byte beside.'),
  )
    .option(
      '--only <fingerprint>',
      'this finding alone, by its fingerprint or the beginning of it; repeatable',
      collect,
    )
    .option('--accept-weakened', 'also values that are less safe than the declared ones')
    .option('--dry-run', 'print a unified diff and write nothing')
    .option('--declared <source>', 'as for check; repeatable', collect)
    .option('--base <ref>', 'as for check', collect)
    .option('--recorded <file>', 'as for check')
    .option('--live <file>', 'as for check')
    .option('--max-age <duration>', 'as for check')
    .option('--target <id>', 'as for check; repeatable', collect)
    .option('--exclude <id>', 'as for check; repeatable', collect)
    .option('--var <name=value>', 'as for check; repeatable', collect)
    .addHelpText('after', HELP)
    .action(async (flags: AdoptFlags) => exit(await (await import('./adopt.ts')).adopt(flags, io)))
}
