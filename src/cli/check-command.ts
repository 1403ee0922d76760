import type { Command } from 'commander'
import { ALL_SETTINGS, settingOf } from '../schema/settings.ts'
import type { Io } from './io.ts'
import type { Flags } from './plan.ts'
import { addSettings } from './setting-options.ts'

const HELP = `
Exit codes: 0 proven in sync, or nothing that counts at or above --fail-on;
2 drift; 1 could not tell.
SOURCE is a file, a glob or KIND:PATH. Nearly every flag is also a variable
(TENANT_DRIFT_FAIL_ON) and a key of tenant-drift.yaml (fail_on).
Credentials: AUTH0_DOMAIN with AUTH0_API_TOKEN, or with AUTH0_CLIENT_ID and
AUTH0_CLIENT_SECRET or AUTH0_CLIENT_ASSERTION_PRIVATE_KEY.

Examples:
  Compare declared/ with the tenant of AUTH0_DOMAIN:
  $ tenant-drift check
  Check a pull request, so that drift of other APIs does not stop it:
  $ tenant-drift check --trust origin/main --base origin/main --gate touched
  Write reports for people and for the alerts of GitHub:
  $ tenant-drift check --output text --output sarif=drift.sarif
  Check in a job without credentials:
  $ tenant-drift check --live snapshot.json --max-age 2h`

export function addCheckCommand(program: Command, io: Io, exit: (code: number) => void): void {
  addSettings(
    program.command('check').description('Compare what is declared with a tenant, and say whether it drifted.'),
    ALL_SETTINGS.filter((name) => settingOf(name).holds !== 'serve'),
  )
    .addHelpText('after', HELP)
    .action(async (flags: Flags) => exit(await (await import('./check.ts')).check(flags, io)))
}
