import type { Command } from 'commander'
import type { AdoptFlags } from './adopt.ts'
import type { Io } from './io.ts'
import { addReadingOptions, addSettings, addSideOptions, collect } from './setting-options.ts'

const HELP = `
Exit codes: 0 all that counts (or all that was named) was taken; 2 some of it
still differs; 1 something could not be read or written.
Without --only it takes what counts as drift. Conflicts, APIs that are gone and
settings that nobody declares are taken only by name.

Examples:
  What would change, as a diff:
  $ tenant-drift adopt --dry-run
  Live values into the declared files:
  $ tenant-drift adopt
  One finding, although it is less safe than what was declared:
  $ tenant-drift adopt --only 3f2a9c --accept-weakened`

export function addAdoptCommand(program: Command, io: Io, exit: (code: number) => void): void {
  const adopt = addReadingOptions(
    program
      .command('adopt')
      .description('Take live values into the declared files, in place, and change nothing else.'),
  )
    .option('--only <fingerprint>', 'only this finding, by its fingerprint or the beginning of it; repeatable', collect)
    .option('--accept-weakened', 'also values that are less safe than the declared ones')
    .option('--dry-run', 'print a unified diff and write nothing')
  addSettings(addSideOptions(adopt), ['maxAge', 'target', 'exclude'])
    .addHelpText('after', HELP)
    .action(async (flags: AdoptFlags) => exit(await (await import('./adopt.ts')).adopt(flags, io)))
}
