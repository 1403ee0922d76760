import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { deployCli, writeDeployConfig } from '../../test/support/deploy-cli.ts'
import type { Judge } from './document.ts'
import { clientResults, type ClientResults, type Step } from './step.ts'
import { withWatchedTenant } from './watched-tenant.ts'

const APIS = 12
const SCOPES = [...['read', 'create', 'update', 'delete'].map((verb) => `${verb}:resource_servers`), 'read:clients']
const CHANGED = {
  identifier: 'https://made.example.com/',
  name: 'Made',
  token_lifetime: 60,
  scopes: [{ value: 'read:made' }],
}

/** Export in both forms, dry run, import and dry run again, each by the real tool. An import takes it some twenty seconds. */
export async function runDeployCli(judge: Judge | null): Promise<ClientResults> {
  const folder = mkdtempSync(join(tmpdir(), 'tenant-drift-fidelity-'))
  try {
    return await withWatchedTenant({ apis: APIS, seed: 7300, scopes: SCOPES }, async (tenant) => {
      writeDeployConfig(folder, tenant, { AUTH0_ALLOW_DELETE: false })
      const steps: Step[] = []
      const step = async (call: string, expected: string, args: readonly string[], seen: (said: string) => string) => {
        const { code, out, err } = await deployCli(args, folder)
        steps.push({ call, expected, got: code === 0 ? seen(out + err) : `exit ${code}` })
      }
      const before = tenant.list()

      await step('export, as YAML', String(APIS), ['export', '-f', 'yaml', '-o', 'yaml'], () => {
        const text = readFileSync(join(folder, 'yaml', 'tenant.yaml'), 'utf8')
        return String(text.match(/^ {4}identifier:/gm)?.length)
      })
      await step('export, as a directory', String(APIS), ['export', '-f', 'directory', '-o', 'tree'], () =>
        String(readdirSync(join(folder, 'tree', 'resource-servers')).length),
      )
      const dryRun = ['import', '--dry-run', '--input_file']
      await step('dry run of its own export', '', [...dryRun, 'yaml/tenant.yaml'], planned)
      // YAML, and JSON is YAML.
      writeFileSync(join(folder, 'made.yaml'), JSON.stringify({ resourceServers: [CHANGED] }))
      await step('dry run of an API that is not there', `CREATE 1, DELETE ${APIS}`, [...dryRun, 'made.yaml'], planned)
      await step('import of it', '60', ['import', '--input_file', 'made.yaml'], () =>
        JSON.stringify(
          tenant.list().find(({ identifier }) => identifier === CHANGED.identifier)?.token_lifetime ?? null,
        ),
      )
      await step('dry run after the import', `DELETE ${APIS}`, [...dryRun, 'made.yaml'], planned)
      const after = tenant.list().filter(({ identifier }) => identifier !== CHANGED.identifier)
      steps.push({
        call: 'the other APIs after it',
        expected: 'as before',
        got: isDeepStrictEqual(before, after) ? 'as before' : 'changed',
      })
      return clientResults(steps, tenant.answers, judge)
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What a dry run plans. It names the APIs that its file lacks for deletion, whether deleting is allowed or not. */
function planned(said: string): string {
  const verbs = said.split('\n').flatMap((line) => /\b(CREATE|UPDATE|DELETE)\b/.exec(line)?.[0] ?? [])
  return [...Map.groupBy(verbs, (verb) => verb)].map(([verb, lines]) => `${verb} ${lines.length}`).join(', ')
}
