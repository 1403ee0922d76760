import { Option, type Command } from 'commander'
import { defaultText } from '../schema/setting-words.ts'
import { ALL_SETTINGS, flagOf, kebabOf, settingOf, type AnySetting } from '../schema/settings.ts'

/** Where a command means something else by a flag than `check` does. */
type Says = Readonly<Partial<Record<AnySetting, string>>>

/** Gathers a flag that may be given several times; commander's own lists would swallow what follows them. */
export function collect(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text]
}

/** The flags of these settings, as the catalogue has them. */
export function addSettings(command: Command, names: readonly AnySetting[], says: Says = {}): Command {
  for (const name of names) for (const option of optionsOf(name, says[name])) command.addOption(option)
  return command
}

/** The flag of the history, for a command that is nothing without one: `--no-history` is a mistake there, and no help offers it. */
export function addHistory(command: Command, says: string): Command {
  for (const option of optionsOf('history', says)) command.addOption(option.hideHelp(option.negate))
  return command
}

/** Flags that say what a tenant is compared with, for the commands that look as `check` does. */
export function addSideOptions(command: Command, says: Says = {}): Command {
  return addSettings(command, settingsThatHold('sides'), says)
}

/** Flags that say which tenant is read, and how: those of every command that reads one. */
export function addReadingOptions(command: Command): Command {
  return addSettings(command, settingsThatHold('reading'))
}

function settingsThatHold(holds: 'sides' | 'reading'): readonly AnySetting[] {
  return ALL_SETTINGS.filter((name) => settingOf(name).holds === holds)
}

function optionsOf(name: AnySetting, says?: string): readonly Option[] {
  const row = settingOf(name)
  const flag = `${row.short === undefined ? '' : `-${row.short}, `}${flagOf(name)}`
  const option = new Option(
    row.argument === undefined ? flag : `${flag} ${row.bare === undefined ? `<${row.argument}>` : `[${row.argument}]`}`,
    says ?? `${row.says}${row.kind === 'list' ? '; repeatable' : ''}${inBrackets(defaultText(row))}`,
  )
  if (row.values !== undefined) option.choices(row.values)
  if (row.bare !== undefined) option.preset(row.bare)
  if (row.kind === 'list') option.argParser(collect)
  return row.none === undefined ? [option] : [option, new Option(`--no-${kebabOf(name)}`, row.none)]
}

function inBrackets(text: string): string {
  return text === '' ? '' : ` (${text})`
}
