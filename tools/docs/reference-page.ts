import { load } from 'js-yaml'
import type { Command } from 'commander'
import { actionInputs } from '../../src/schema/action-inputs.ts'
import { configKeys } from '../../src/schema/config-keys.ts'
import { EXIT_CODES } from '../../src/schema/glossary.ts'
import { OUTPUT_FORMATS, PLAN_FORMATS } from '../../src/schema/output-formats.ts'
import { defaultText, expectedText, settingSentence } from '../../src/schema/setting-words.ts'
import { ALL_SETTINGS, fileKeyOf, flagOf, inputNameOf, settingOf, variableOf } from '../../src/schema/settings.ts'
import { OTHER_VARIABLES } from '../../src/schema/variables.ts'
import { allCommands, argumentsOf } from './commands.ts'
import { code, errorCodesTable, plain, table } from './words-tables.ts'

/** docs/reference.md: what the program takes and says, from the program itself. `action` is the text of action.yml. */
export function referencePage(action: string): string {
  return [
    '# Reference',
    '',
    'Written by `npm run generate` from the program itself. Offline, `tenant-drift COMMAND --help` has the flags, and `tenant-drift explain WORD` has every',
    'word, setting, key, code, field and policy. The words stand in the [glossary](glossary.md), the fields on [their page](fields.md), the policies',
    'on [theirs](policies/README.md).',
    '',
    ...section('Commands', commands()),
    ...section('Settings', settings()),
    ...section('Variables', variables()),
    ...section('tenant-drift.yaml', keys()),
    ...section('The action', actionTables(action)),
    ...section('Reports', table(['format', 'what it is'], entries(OUTPUT_FORMATS))),
    ...section('Plans', table(['format of `repair`', 'what it is'], entries(PLAN_FORMATS))),
    ...section('Exit codes', table(['code', 'means'], entries(EXIT_CODES))),
    ...section('Error codes', errorCodesTable()),
  ].join('\n')
}

function section(title: string, text: string): readonly string[] {
  return [`## ${title}`, '', text, '']
}

function entries(rows: Readonly<Record<string, string>>): readonly (readonly string[])[] {
  return Object.entries(rows).map(([name, says]) => [code(name), says])
}

function commands(): string {
  const parts = allCommands().map(([name, command]) => {
    const args = command.registeredArguments.map((argument) => [code(argument.name()), plain(argument.description)])
    const flags = command.options
      .filter(({ hidden }) => !hidden)
      .map((option) => [code(option.flags), plain(flagText(option))])
    const rows = [...args, ...flags]
    const help = `### ${name}\n\n${command.description()}\n\n\`tenant-drift ${name}${argumentsOf(command)}\``
    return rows.length === 0 ? help : `${help}\n\n${table(['argument or flag', 'what it says'], rows)}`
  })
  return parts.join('\n\n')
}

function flagText({ description, argChoices, defaultValue, mandatory }: Command['options'][number]): string {
  const more = [
    ...(argChoices === undefined ? [] : [`one of ${argChoices.join(', ')}`]),
    // What is true until it is taken away is said by the flag's own sentence.
    ...(defaultValue === undefined || typeof defaultValue === 'boolean'
      ? []
      : [`${String(defaultValue)} unless given`]),
    ...(mandatory ? ['needed'] : []),
  ]
  return [description, ...more].join('; ')
}

function settings(): string {
  const rows = ALL_SETTINGS.map((name) => {
    const row = settingOf(name)
    const preview = { file: 'variable and key', variable: 'variable' }
    return [
      code(`${flagOf(name)}${row.short === undefined ? '' : `, -${row.short}`}`),
      row.variable === false ? '' : code(variableOf(name)),
      row.file === null ? '' : `${code(fileKeyOf(name))}${row.file === 'tenant' ? ', also of one tenant' : ''}`,
      row.action === null ? '' : code(inputNameOf(name)),
      row.preview === null ? '' : preview[row.preview],
      expectedText(row),
      plain(defaultText(row)),
    ]
  })
  const head = ['flag', 'variable', 'key', 'input of the action', 'in a preview', 'takes', 'otherwise']
  const intro =
    'A flag wins over its variable, that over the key of one tenant, that over the key at the top, that over what holds otherwise. A variable that is blank is not set; a list has one item a line. `check --show-config` prints each value and where it comes from.'
  return `${intro}\n\n${table(head, rows)}`
}

function variables(): string {
  const own = ALL_SETTINGS.filter((name) => settingOf(name).variable !== false)
  const rows = own.map((name) => [code(variableOf(name)), plain(settingSentence(settingOf(name)))])
  return table(['variable', 'what it says'], [...rows, ...entries(OTHER_VARIABLES)])
}

function keys(): string {
  const rows = configKeys().map(({ key, type, sentence }) => [code(key), type, plain(sentence)])
  return `NAME is a name that you choose; \`[]\` is each item of a list. [More about the file](command.md#tenant-driftyaml).\n\n${table(['key', 'takes', 'what it says'], rows)}`
}

function actionTables(action: string): string {
  const { outputs } = load(action) as {
    readonly outputs: Readonly<Record<string, { readonly description: string }>>
  }
  const inputs = actionInputs().map(({ name, sentence, fallback }) => [
    code(name),
    plain(sentence),
    fallback === '' ? '' : code(fallback),
  ])
  const told = Object.entries(outputs).map(([name, { description }]) => [code(name), description])
  return `${table(['input', 'what it says', 'otherwise'], inputs)}\n\n${table(['output', 'what it says'], told)}`
}
