import { Option, type Command } from 'commander'
import type { Io } from './io.ts'
import type { Flags } from './plan.ts'

const HELP = `
Exit codes: 0 proven in sync, or nothing that counts at or above --fail-on;
2 drift; 1 could not tell.
SOURCE is a file, a glob or KIND:PATH. Every flag can also be a variable
(TENANT_DRIFT_FAIL_ON) or stand in tenant-drift.yaml (fail_on).
Credentials: AUTH0_DOMAIN with AUTH0_API_TOKEN, or with AUTH0_CLIENT_ID and
AUTH0_CLIENT_SECRET or AUTH0_CLIENT_ASSERTION_PRIVATE_KEY.

Examples:
  What is under declared/, against the tenant of AUTH0_DOMAIN:
  $ tenant-drift check
  A pull request, which drift of other APIs does not stop:
  $ tenant-drift check --trust origin/main --base origin/main --gate touched
  Reports for people and for GitHub's alerts:
  $ tenant-drift check --output text --output sarif=drift.sarif
  A job without credentials:
  $ tenant-drift check --live snapshot.json --max-age 2h`

/** Gathers a flag that may be given several times; commander's own lists would swallow what follows them. */
export function collect(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text]
}

/** Flags that say what a tenant is compared with, for the commands that look as `check` does. */
export function addSideOptions(command: Command): Command {
  return command
    .option('--declared <source>', 'as for check; repeatable', collect)
    .option('--base <ref>', 'as for check', collect)
    .option('--recorded <file>', 'as for check')
    .option('--live <file>', 'as for check')
    .option('--var <name=value>', 'as for check; repeatable', collect)
}

/** Flags that say which tenant is read, and how: those of every command that reads one. */
export function addReadingOptions(command: Command): Command {
  return command
    .option(
      '--tenant <name>',
      'configured tenant, by name or domain; a domain where none is configured; repeatable',
      collect,
    )
    .option('--config <file>', 'configuration; the nearest tenant-drift.yaml upwards unless given')
    .option('--deadline <duration>', 'how long all waiting for a tenant may take (120s)')
    .option('--max-requests <n>', 'refuse rather than send more')
    .option('--quiet', 'nothing on stderr but errors')
}

export function addCheckCommand(program: Command, io: Io, exit: (code: number) => void): void {
  const command = program
    .command('check')
    .description('Compare what is declared with a tenant, and say whether it drifted.')
  command
    .option('--declared <source>', 'what is declared; repeatable (declared/**/*.{yaml,yml,json})', collect)
    .option('--base <ref>', 'what was declared before: a git ref, or a SOURCE', collect)
    .option('--trust <ref>', 'judge by the rules, records and configuration of this commit')
    .option('--recorded <file>', 'recorded snapshot (tenant-drift.recorded.json, where there is one)')
    .option('--live <file>', 'judge this snapshot file instead of a tenant')
    .option('--max-age <duration>', 'how old that file may be (24h)')
    .option('--previous <report>', 'earlier JSON report: what is new, ongoing and resolved')
    .option('--only-new', 'only what is new against --previous counts')
    .addOption(choices('--gate <which>', 'what counts: all, or what this change touches', ['all', 'touched']))
    .option('-t, --target <id>', 'look at this API alone; * matches several; repeatable', collect)
    .option('-x, --exclude <id>', 'do not look at this API; * matches several; repeatable', collect)
    .addOption(
      choices('--fail-on <severity>', 'exit 2 from this severity on (any)', [
        'low',
        'medium',
        'high',
        'critical',
        'any',
        'never',
      ]),
    )
    .option('--lifetime-ceiling <seconds>', 'a token lifetime that grew beyond it is high and not medium (86400)')
    .option(
      '-o, --output <format[=path]>',
      'text, json, sarif, junit, markdown, github, gitlab or html; repeatable',
      collect,
    )
    .option('--confirm <duration>', 'look at drift once more after this time')
    .option('--var <name=value>', 'value of ${name} in declared files; repeatable', collect)
    .option('--history <store>', 'remember this run: a file, or postgres://...')
    .option('--no-notify', 'tell no channel of tenant-drift.yaml')
    .option('--no-history', 'neither remember nor read what was remembered')
    .option('--history-view <name>', 'whose memory it is (the name of the tenant)')
    .option('--recurring-within <duration>', 'what comes back within it is the same story (30d)')
    .option('--remind-after <duration>', 'tell again what still stands open after it')
    .option('--strict-rules', 'exit 1 for accept rules that are unused, expired or about to expire')
    .addOption(choices('--color <when>', 'colour on standard output', ['auto', 'always', 'never']))
    .option('--show-config', 'print every setting and where it comes from, and read nothing')
  addReadingOptions(command)
    .addHelpText('after', HELP)
    .action(async (flags: Flags) => exit(await (await import('./check.ts')).check(flags, io)))
}

function choices(flags: string, description: string, values: readonly string[]): Option {
  return new Option(flags, description).choices(values)
}
