import { Argument, type Command } from 'commander'
import type { AcceptFlags } from './accept-command.ts'
import { addReadingOptions, addSideOptions, collect } from './check-command.ts'
import { addAdoptCommand } from './adopt-command.ts'
import { addHistoryCommand } from './history-command.ts'
import type { Io } from './io.ts'
import type { NotifyFlags } from './notify-command.ts'
import type { Flags } from './plan.ts'
import type { RecordFlags } from './record.ts'

type Exit = (code: number) => void

/** The commands around `check`. Each one's module loads when it runs. */
export function addOtherCommands(program: Command, io: Io, exit: Exit): void {
  addReadingOptions(
    program.command('init').description("First run on one's own tenant: declare and record it as it stands."),
  )
    .argument('[dir]', 'folder to write to; nothing in it is overwritten', '.')
    .action(async (dir: string, flags: Flags) => exit(await (await import('./init.ts')).init(dir, flags, io)))

  addReadingOptions(
    program
      .command('record')
      .description('Record how everything stands that nobody declares: from now on it is watched.'),
  )
    .option('--recorded <file>', 'file to write (tenant-drift.recorded.json, or that of the configuration)')
    .option('-t, --target <id>', 'this API alone, the others as recorded; * matches several; repeatable', collect)
    .option('--declared <source>', 'as for check; what is declared is not listed; repeatable', collect)
    .option('--var <name=value>', 'as for check; repeatable', collect)
    .option('--dry-run', 'say what it would agree to, and write nothing')
    .action(async (flags: RecordFlags) => exit(await (await import('./record.ts')).record(flags, io)))

  addReadingOptions(program.command('snapshot').description('Write a redacted reading of the tenant, with its proof.'))
    .argument('[file]', 'file to write; standard output unless given')
    .action(async (file: string | undefined, flags: Flags) =>
      exit(await (await import('./snapshot.ts')).snapshot(file, flags, io)),
    )

  program
    .command('report')
    .description('Render an earlier JSON report in any format.')
    .argument('<file>', 'report that check --output json=FILE wrote; - is standard input')
    .option(
      '-o, --output <format[=path]>',
      'text, json, sarif, junit, markdown, github, gitlab or html; repeatable',
      collect,
    )
    .option('--color <when>', 'auto, always or never')
    .action(async (file: string, flags: Flags) =>
      exit(await (await import('./report-command.ts')).report(file, flags, io)),
    )

  const accept = addReadingOptions(
    program.command('accept').description('Accept a difference for a while: writes a rule into tenant-drift.yaml.'),
  )
    .argument('<fingerprint>', 'of the finding, or its beginning')
    .requiredOption('--reason <text>', 'why')
    .requiredOption('--owner <name>', 'who answers for it')
    .requiredOption('--expires <day>', 'last day, YYYY-MM-DD')
    .option('--report <file>', 'JSON report it stands in; the tenant is looked at unless given')
  addSideOptions(accept).action(async (fingerprint: string, flags: AcceptFlags) =>
    exit(await (await import('./accept-command.ts')).accept(fingerprint, flags, io)),
  )

  addAdoptCommand(program, io, exit)
  addHistoryCommand(program, io, exit)

  program
    .command('explain')
    .description('Say what a kind of finding, a field, a policy, an error code or a fingerprint means.')
    .argument('<name>', 'as reports write it')
    .option('--report <file>', 'JSON report that a fingerprint stands in')
    .action(async (name: string, flags: { readonly report?: string }) =>
      exit(await (await import('./explain.ts')).explain(name, flags, io)),
    )

  program
    .command('notify')
    .description('Send one marked test message to every channel of tenant-drift.yaml.')
    .requiredOption('--test', 'its only form')
    .option('--config <file>', 'the nearest tenant-drift.yaml upwards unless given')
    .action(async (flags: NotifyFlags) => exit(await (await import('./notify-command.ts')).notify(flags, io)))

  program
    .command('schema')
    .description('Print a JSON Schema.')
    .addArgument(
      new Argument('[which]', 'of declared files, of tenant-drift.yaml, of reports, or of what history prints')
        .choices(['declared', 'config', 'report', 'history'])
        .default('declared'),
    )
    .action(async (which: 'declared' | 'config' | 'report' | 'history') =>
      exit((await import('./schema-command.ts')).schema(which, io)),
    )

  const doctor = addReadingOptions(
    program.command('doctor').description('Look at everything a check needs, and say what to do.'),
  )
  addSideOptions(doctor)
    .option('--trust <ref>', 'as for check')
    .option('--max-age <duration>', 'as for check')
    .option('--previous <report>', 'as for check')
    .option('--gate <which>', 'as for check')
    .option('--target <id>', 'as for check; repeatable', collect)
    .option('--exclude <id>', 'as for check; repeatable', collect)
    .option('--output <format[=path]>', 'as for check; nothing is written', collect)
    .option('--strict-rules', 'as for check')
    .option('--only-new', 'as for check')
    .option('--confirm <duration>', 'as for check; nothing is waited for')
    .action(async (flags: Flags) => exit(await (await import('./doctor.ts')).doctor(flags, io)))
}
