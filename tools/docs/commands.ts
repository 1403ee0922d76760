import type { Command } from 'commander'
import { commandProgram } from '../../src/cli/program.ts'

/** The program as commander has it; nothing of it runs. */
export function program(): Command {
  const quiet = () => {}
  const world = { out: quiet, err: quiet, env: {}, cwd: '.', now: () => 0, isOutTerminal: false, isErrTerminal: false }
  return commandProgram(world)
}

/** Commands as people type them, those below one after it. */
export function allCommands(under: Command = program(), before = ''): readonly (readonly [string, Command])[] {
  return under.commands.flatMap((command) => {
    const name = before + command.name()
    return [[name, command] as const, ...allCommands(command, `${name} `)]
  })
}

/** What is typed behind its name, `[dir]` or `<file>`. */
export function argumentsOf(command: Command): string {
  return command.registeredArguments
    .map((argument) => (argument.required ? ` <${argument.name()}>` : ` [${argument.name()}]`))
    .join('')
}

/** Every command with its sentence, for the README and the page about the command. */
export function commandsTable(): string {
  const rows = program().commands.map(
    (command) => `| \`${command.name()}${argumentsOf(command)}\` | ${command.description()} |`,
  )
  return ['| command | does |', '| --- | --- |', ...rows].join('\n')
}
