// npm run evidence:fields: the newest SDKs that the registries have, against the catalogue. Exit 1, with the names, where one of them knows a key, a
// value or an attribute that no row knows. Where a registry cannot be asked, that SDK is skipped, and it is said.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gapsIn } from './fields/gaps.ts'
import { providerGaps } from './fields/provider-gaps.ts'
import { nodeTypes, pythonTypes } from './fields/sdk-types.ts'

const ROOT_TYPES = ['ResourceServer', 'GetResourceServerResponseContent']
const MINUTE = 60_000

interface Sdk {
  readonly name: string
  /** Fetches the newest into a folder and says which one it is; null where nobody can be asked. */
  readonly fetch: (folder: string) => string | null
  readonly gaps: (folder: string) => readonly string[]
}

const SDKS: readonly Sdk[] = [
  {
    name: 'auth0 (npm)',
    fetch: (folder) => fromNpm('auth0', folder),
    gaps: (folder) => {
      const types = nodeTypes(readFileSync(join(folder, 'package/dist/cjs/management/api/types/types.d.ts'), 'utf8'))
      return ROOT_TYPES.flatMap((root) => gapsIn(types, root))
    },
  },
  {
    name: 'auth0-python (PyPI)',
    fetch: fromPyPi,
    gaps: (folder) => {
      const types = pythonTypes(textsIn(join(folder, 'wheel/auth0/management/types'), '.py'))
      return ROOT_TYPES.flatMap((root) => gapsIn(types, root))
    },
  },
  {
    name: '@pulumi/auth0 (npm)',
    fetch: (folder) => fromNpm('@pulumi/auth0', folder),
    gaps: (folder) =>
      providerGaps(
        ['resourceServer.d.ts', 'types/input.d.ts'].map((file) => readFileSync(join(folder, 'package', file), 'utf8')),
      ),
  },
]

function run(program: string, args: readonly string[], cwd: string): string | null {
  const ran = spawnSync(program, args, { cwd, encoding: 'utf8', timeout: 2 * MINUTE })
  return ran.status === 0 ? ran.stdout : null
}

function fromNpm(name: string, folder: string): string | null {
  const packed = run('npm', ['pack', '--silent', `${name}@latest`], folder)?.trim()
  if (packed === undefined || run('tar', ['-xzf', packed], folder) === null) return null
  return packed
}

function fromPyPi(folder: string): string | null {
  const pip = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', 'auth0-python']
  if (run('python3', pip, folder) === null) return null
  const wheel = readdirSync(folder).find((file) => file.endsWith('.whl'))
  if (wheel === undefined || run('python3', ['-m', 'zipfile', '-e', wheel, 'wheel'], folder) === null) return null
  return wheel
}

function textsIn(folder: string, ending: string): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(ending))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
}

let isGood = true
for (const { name, fetch, gaps } of SDKS) {
  const folder = mkdtempSync(join(tmpdir(), 'tenant-drift-sdk-'))
  try {
    const newest = fetch(folder)
    const found = newest === null ? [] : [...new Set(gaps(folder))]
    console.log(
      newest === null
        ? `skipped ${name}: the registry, or its client, cannot be asked here`
        : `${found.length === 0 ? 'ok     ' : 'MISSING'} ${name}: ${newest}`,
    )
    for (const gap of found) console.log(`  ${gap}`)
    isGood &&= found.length === 0
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
process.exitCode = isGood ? 0 : 1
