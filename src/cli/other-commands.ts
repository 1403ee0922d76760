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
    program.command('init').description('Declare and record a tenant as it stands: the first run on your own tenant.'),
  )
    .argument('[dir]', 'folder to write to; no file is overwritten', '.')
    .action(async (dir: string, flags: Flags) => exit(await (await import('./init.ts')).init(dir, flags, io)))

  const record = addReadingOptions(
    program
      .command('record')
      .description('Record the state of everything that nobody declares, so that it is watched from now on.'),
  )
  addSettings(record, ['recorded', 'target', 'declared', 'var'], {
    recorded: 'file to write (tenant-drift.recorded.json, or that of the configuration)',
    target: 'record only this API again; * matches several; repeatable',
    declared: `what is declared and therefore not listed; repeatable (${defaultText(SETTINGS.declared)})`,
  })
    .option('--dry-run', 'list what would be recorded, and write nothing')
    .action(async (flags: RecordFlags) => exit(await (await import('./record.ts')).record(flags, io)))

  addReadingOptions(
    program.command('snapshot').description('Write a snapshot of the tenant without secrets, with its proof.'),
  )
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
    .argument('<fingerprint>', 'fingerprint of the finding, or its beginning')
    .requiredOption('--reason <text>', 'why')
    .requiredOption('--owner <name>', 'who is responsible for it')
    .requiredOption('--expires <day>', 'last day, YYYY-MM-DD')
    .option('--report <file>', 'JSON report that holds it; unless given, the tenant is checked')
  addSideOptions(accept).action(async (fingerprint: string, flags: AcceptFlags) =>
    exit(await (await import('./accept-command.ts')).accept(fingerprint, flags, io)),
  )

  addAdoptCommand(program, io, exit)
  addRepairCommand(program, io, exit)
  addHistoryCommand(program, io, exit)

  program
    .command('explain')
    .description('Explain a word of a report, a setting, a field, a policy or a fingerprint.')
    .argument('<name>', 'as in reports')
    .option('--report <file>', 'JSON report that holds the fingerprint')
    .action(async (name: string, flags: { readonly report?: string }) =>
      exit(await (await import('./explain.ts')).explain(name, flags, io)),
    )

  program
    .command('notify')
    .description('Send one marked test message to every channel of tenant-drift.yaml.')
    .requiredOption('--test', 'its only form')
    .option('--config <file>', 'unless given, the nearest tenant-drift.yaml in this folder or above')
    .action(async (flags: NotifyFlags) => exit(await (await import('./notify-command.ts')).notify(flags, io)))

  program
    .command('schema')
    .description('Print a JSON Schema.')
    .addArgument(
      new Argument(
        '[which]',
        'declared: declared files; config: tenant-drift.yaml; report: JSON reports; history, repair: what these commands print; event: what a webhook is sent',
      )
        .choices(['declared', 'config', 'report', 'history', 'repair', 'event'])
        .default('declared'),
    )
    .action(async (which: 'declared' | 'config' | 'report' | 'history' | 'repair' | 'event') =>
      exit((await import('./schema-command.ts')).schema(which, io)),
    )

  const doctor = addReadingOptions(
    program.command('doctor').description('Check everything that a check needs, and say what to do.'),
  )
  // It stops at whatever a check with the same flags would stop at.
  const rest = ALL_SETTINGS.filter((name) => settingOf(name).holds === 'check' && name !== 'showConfig')
  addSettings(addSideOptions(doctor), rest).action(async (flags: Flags) =>
    exit(await (await import('./doctor.ts')).doctor(flags, io)),
  )
}
