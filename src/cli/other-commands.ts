import { Argument, type Command } from 'commander'
import type { AcceptFlags } from './accept-command.ts'
import { defaultText } from '../schema/setting-words.ts'
import { ALL_SETTINGS, settingOf, SETTINGS } from '../schema/settings.ts'
import { addAdoptCommand } from './adopt-command.ts'
import { addHistoryCommand } from './history-command.ts'
import type { Io } from './io.ts'
import type { NotifyFlags } from './notify-command.ts'
import type { Flags } from './plan.ts'
import type { RecordFlags } from './record.ts'
import { addRepairCommand } from './repair-command.ts'
import { addReadingOptions, addSettings, addSideOptions } from './setting-options.ts'

type Exit = (code: number) => void

/** The commands around `check`. Each one's module loads when it runs. */
export function addOtherCommands(program: Command, io: Io, exit: Exit): void {
  addReadingOptions(
    program.command('init').description("First run on one's own tenant: declare and record it as it stands."),
  )
    .argument('[dir]', 'folder to write to; nothing in it is overwritten', '.')
    .action(async (dir: string, flags: Flags) => exit(await (await import('./init.ts')).init(dir, flags, io)))

  const record = addReadingOptions(
    program
      .command('record')
      .description('Record how everything stands that nobody declares: from now on it is watched.'),
  )
  addSettings(record, ['recorded', 'target', 'declared', 'var'], {
    recorded: 'file to write (tenant-drift.recorded.json, or that of the configuration)',
    target: 'this API alone, the others as recorded; * matches several; repeatable',
    declared: `what is declared, and so not listed; repeatable (${defaultText(SETTINGS.declared)})`,
  })
    .option('--dry-run', 'say what it would agree to, and write nothing')
    .action(async (flags: RecordFlags) => exit(await (await import('./record.ts')).record(flags, io)))

  addReadingOptions(program.command('snapshot').description('Write a redacted reading of the tenant, with its proof.'))
    .argument('[file]', 'file to write; standard output unless given')
    .action(async (file: string | undefined, flags: Flags) =>
      exit(await (await import('./snapshot.ts')).snapshot(file, flags, io)),
    )

  const report = program
    .command('report')
    .description('Render an earlier JSON report in any format.')
    .argument('<file>', 'report that check --output json=FILE wrote; - is standard input')
  addSettings(report, ['output', 'color']).action(async (file: string, flags: Flags) =>
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
  addRepairCommand(program, io, exit)
  addHistoryCommand(program, io, exit)

  program
    .command('explain')
    .description('Say what a word of a report, a setting, a field, a policy or a fingerprint means.')
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
      new Argument(
        '[which]',
        'declared: of declared files; config: of tenant-drift.yaml; report: of a JSON report; history, repair: of what these commands print; event: of what a webhook is sent',
      )
        .choices(['declared', 'config', 'report', 'history', 'repair', 'event'])
        .default('declared'),
    )
    .action(async (which: 'declared' | 'config' | 'report' | 'history' | 'repair' | 'event') =>
      exit((await import('./schema-command.ts')).schema(which, io)),
    )

  const doctor = addReadingOptions(
    program.command('doctor').description('Look at everything a check needs, and say what to do.'),
  )
  // It stops at whatever a check with the same flags would stop at.
  const rest = ALL_SETTINGS.filter((name) => settingOf(name).holds === 'check' && name !== 'showConfig')
  addSettings(addSideOptions(doctor), rest).action(async (flags: Flags) =>
    exit(await (await import('./doctor.ts')).doctor(flags, io)),
  )
}
