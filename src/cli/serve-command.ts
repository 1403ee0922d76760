import type { Command } from 'commander'
import { ALL_SETTINGS, settingOf } from '../schema/settings.ts'
import type { Io } from './io.ts'
import type { Flags } from './plan.ts'
import { addHistory, addSettings } from './setting-options.ts'

const HELP = `
Set everything else that check takes in tenant-drift.yaml or in variables.
To listen beyond this machine set TENANT_DRIFT_SERVE_TOKEN (16 characters or
more), or --trust-user-header with --trusted-proxy. The log is one JSON object
a line on standard output. SIGTERM ends the service with exit code 0.`

/** `tenant-drift serve`; what it needs loads when it runs. */
export function addServeCommand(program: Command, io: Io, exit: (code: number) => void): void {
  const serve = program
    .command('serve')
    .description('Check on a schedule and when a log stream says so, notify channels, and show a page.')
  addSettings(
    addHistory(
      addSettings(serve, ['config', 'tenant']),
      'where runs are remembered: a file, or a postgres:// address (.tenant-drift/history.db beside the configuration)',
    ),
    [...ALL_SETTINGS.filter((name) => settingOf(name).holds === 'serve'), 'showConfig'],
  )
    .addHelpText('after', HELP)
    .action(async (flags: Flags) => exit(await (await import('./serve.ts')).serve(flags, io)))
}
