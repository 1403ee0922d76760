import type { Command } from 'commander'
import { ALL_SETTINGS, settingOf } from '../schema/settings.ts'
import type { Io } from './io.ts'
import type { Flags } from './plan.ts'
import { addSettings } from './setting-options.ts'

const HELP = `
Everything else that check takes stands in tenant-drift.yaml or in variables.
Beyond this machine TENANT_DRIFT_SERVE_TOKEN must be set (16 characters or
more), or --trust-user-header with --trusted-proxy. The history is
.tenant-drift/history.db beside the configuration unless another one is named.
The log is one JSON object a line on standard output. SIGTERM ends it with 0.`

/** `tenant-drift serve`; what it needs loads when it runs. */
export function addServeCommand(program: Command, io: Io, exit: (code: number) => void): void {
  addSettings(
    program
      .command('serve')
      .description('Check on a schedule and when a log stream says so, tell channels, and show a page.'),
    ['config', 'tenant', 'history', ...ALL_SETTINGS.filter((name) => settingOf(name).holds === 'serve'), 'showConfig'],
  )
    .addHelpText('after', HELP)
    .action(async (flags: Flags) => exit(await (await import('./serve.ts')).serve(flags, io)))
}
