import type { Command } from 'commander'
import type { Io } from './io.ts'
import { addHistory, addSettings, collect } from './setting-options.ts'

/** `tenant-drift history` and what stands below it; their module loads when one of them runs. */
export function addHistoryCommand(program: Command, io: Io, exit: (code: number) => void): void {
  const history = program
    .command('history')
    .description('Show what is remembered: what is open, since when, and what came back.')
  const load = () => import('./history.ts')
  addSettings(addTenant(addStore(history)), ['color'])
    .option('--all', 'also what ended')
    .option('--since <duration>', 'what was there within this time, like 30d')
    .option('-o, --output <format[=path]>', 'text, json, csv or html; repeatable', collect)
    .action(async (_: unknown, command: Command) => exit(await (await load()).listHistory(flagsOf(command), io)))
  addTenant(
    addStore(history.command('show').description('Show one difference: what it is, and all that happened to it.')),
  )
    .argument('<fingerprint>', 'of the difference, or its beginning')
    .action(async (fingerprint: string, _: unknown, command: Command) =>
      exit(await (await load()).showEpisode(fingerprint, flagsOf(command), io)),
    )
  addTenant(
    addStore(history.command('check').description('Exit 1 where the last complete run of a tenant is too long ago.')),
  )
    .requiredOption('--max-age <duration>', 'how long ago the last complete run may be')
    .action(async (_: unknown, command: Command) => exit(await (await load()).checkAge(flagsOf(command), io)))
  addStore(
    history.command('deliveries').description('Show what was sent to which channel, and what waits to be sent.'),
  ).action(async (_: unknown, command: Command) => exit(await (await load()).deliveries(flagsOf(command), io)))
  addStore(history.command('prune').description('Delete what ended long ago; what is open stays.'))
    .requiredOption('--older-than <duration>', 'like 400d')
    .action(async (_: unknown, command: Command) => exit(await (await load()).pruneHistory(flagsOf(command), io)))
  addStore(history.command('move').description('Move the history of a tenant to its new domain.'))
    .argument('<old>', 'address in the history')
    .argument('<new>', 'address of the tenant now')
    .action(async (old: string, young: string, _: unknown, command: Command) =>
      exit(await (await load()).moveHistory(old, young, flagsOf(command), io)),
    )
  addStore(history.command('forget').description('Delete the history of a tenant that is gone.'))
    .argument('<name>', 'address, name or view of the tenant')
    .action(async (name: string, _: unknown, command: Command) =>
      exit(await (await load()).forgetHistory(name, flagsOf(command), io)),
    )
}

function addStore(command: Command): Command {
  return addHistory(addSettings(command, ['config', 'quiet']), 'a file, or postgres://...')
}

function addTenant(command: Command): Command {
  return command.option('--tenant <name>', 'address, name or view of a tenant')
}

/** What was given. A flag of `history` itself is read behind the names below it, too: one that means nothing there must not look as if it did. */
function flagsOf(command: Command): ReturnType<Command['optsWithGlobals']> {
  const own = new Set(command.options.map((option) => option.attributeName()))
  const { parent } = command
  const stray = (parent?.options ?? []).find((option) => {
    const name = option.attributeName()
    return !own.has(name) && parent?.getOptionValueSource(name) === 'cli'
  })
  if (stray !== undefined) command.error(`error: history ${command.name()} takes no ${stray.long ?? stray.flags}`)
  return command.optsWithGlobals()
}
