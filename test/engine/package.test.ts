import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSimulator, type Simulator } from '../../src/simulator/front.ts'
import { cleanEnvironment } from '../../tools/environment.mjs'
import { pulumiEnvironment, requirePulumi } from '../../tools/pulumi-cli.mjs'
import { NODE_24, ROOT } from '../../tools/run.mjs'
import { installPackage, runProgram, type Installed } from '../support/installed-package.ts'
import { IS_WIDE } from '../support/wide.ts'

const ORDERS = 'https://orders.example.com/'

let installed: Installed
beforeAll(async () => {
  installed = await installPackage()
})
afterAll(() => installed.remove())

describe('the packed package', () => {
  it('holds what package.json promises, and nothing of the workshop', () => {
    const paths = installed.tarball.files.map(({ path }) => path)
    const root = paths.filter((path) => !path.includes('/')).sort()
    const folders = new Set(paths.filter((path) => path.includes('/')).map((path) => path.slice(0, path.indexOf('/'))))

    expect(root).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'action.yml', 'package.json'])
    expect([...folders].toSorted()).toEqual(['dist', 'policies', 'schema', 'templates'])
    expect(paths.filter((path) => path.startsWith('policies/')).sort()).toEqual([
      'policies/PulumiPolicy.yaml',
      'policies/live/PulumiPolicy.yaml',
      'policies/live/package.json',
      'policies/package.json',
    ])
    expect(paths).toEqual(
      expect.arrayContaining([
        'dist/index.js',
        'dist/index.d.ts',
        'dist/index.cjs',
        'dist/index.d.cts',
        'dist/provider/entry.d.ts',
        'dist/bin/provider.js',
        'dist/bin/tenant-drift.js',
        'dist/bin/tenant-drift-live-policies.js',
        'dist/bin/tenant-drift-policies.js',
        'dist/policies/live/pack.js',
        'dist/policies/pack.js',
        'dist/THIRD-PARTY-NOTICES.txt',
        'schema/declared.schema.json',
      ]),
    )
    expect(paths.filter((path) => /(^|\/)(\.build-stamp|test|bench|tools)(\/|$)/.test(path))).toEqual([])
  })

  it('can be run where it must, and stays small', () => {
    const executable = installed.tarball.files.filter(({ mode }) => (mode & 0o111) !== 0).map(({ path }) => path)

    expect(executable.sort()).toEqual([
      'dist/bin/tenant-drift-action.js',
      'dist/bin/tenant-drift-live-policies.js',
      'dist/bin/tenant-drift-policies.js',
      'dist/bin/tenant-drift.js',
    ])
    expect(installed.tarball.size).toBeLessThan(4_600_000)
    expect(installed.tarball.unpackedSize).toBeLessThan(18_000_000)
  })

  it('names no folder of the machine that it was built on', () => {
    const texts = filesBelow(installed.package).map((file) => ({ file, text: readFileSync(file, 'utf8') }))
    const sources = texts
      .filter(({ file }) => file.endsWith('.map'))
      .flatMap(({ text }) => (JSON.parse(text) as { sources: string[] }).sources)

    expect(texts.filter(({ text }) => text.includes(ROOT)).map(({ file }) => file)).toEqual([])
    expect(sources.length).toBeGreaterThan(100)
    expect(sources.filter((source) => source.startsWith('/') || source.startsWith('file:'))).toEqual([])
  })

  it('says in the README which Node it needs', () => {
    const { engines } = JSON.parse(readFileSync(join(installed.package, 'package.json'), 'utf8')) as {
      engines: { node: string }
    }
    const readme = readFileSync(join(installed.package, 'README.md'), 'utf8')

    expect(engines.node).toBe('>=22.19.0')
    expect(/Node \d+\.\d+ or newer/.exec(readme)?.[0]).toBe('Node 22.19 or newer')
  })

  it('gives the command without Pulumi', async () => {
    const simulate = spawn(join(installed.folder, 'node_modules', '.bin', 'tenant-drift'), ['simulate'], {
      cwd: installed.folder,
      env: cleanEnvironment(),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      const [line] = (await once(createInterface(simulate.stdout), 'line')) as [string]
      const { url } = JSON.parse(line) as { url: string }
      const answer = await fetch(`${url}/__simulator/requests`)

      expect(readdirSync(join(installed.folder, 'node_modules'))).not.toContain('@pulumi')
      expect(await answer.json()).toEqual({})
    } finally {
      simulate.kill()
      await once(simulate, 'close')
    }
  })
})

/** One program in every form in which people write them: three lines, the resource of this package in the user's own project. */
const IMPORTED = `import { ResourceServerCheck } from 'tenant-drift'

new ResourceServerCheck('orders', { identifier: '${ORDERS}', signing_alg: 'RS256' })
`
const REQUIRED = IMPORTED.replace(/^import (.*) from '(.*)'/, "const $1 = require('$2')")
/** What Pulumi's own template for TypeScript gives. */
const TEMPLATE = {
  compilerOptions: { strict: true, target: 'es2020', module: 'commonjs', moduleResolution: 'node', sourceMap: true },
  files: ['index.ts'],
}

const FORMS = [
  { form: 'an ES module in JavaScript', type: 'module', files: { 'index.js': IMPORTED } },
  { form: 'CommonJS in JavaScript', type: 'commonjs', files: { 'index.js': REQUIRED } },
  { form: 'an ES module in TypeScript, run by Node itself', type: 'module', files: { 'index.ts': IMPORTED } },
  {
    // The project has no TypeScript of its own: Pulumi takes the one that it brings along.
    form: "CommonJS in TypeScript, run by Pulumi's ts-node",
    type: 'commonjs',
    files: { 'index.ts': IMPORTED, 'tsconfig.json': JSON.stringify(TEMPLATE) },
  },
] as const

describe('a project that has the package installed', () => {
  let tenant: Simulator
  beforeAll(async () => {
    installed.add(['@pulumi/pulumi', '@pulumi/policy'])
    tenant = await startSimulator()
    tenant.create({ identifier: ORDERS, name: 'Orders', signing_alg: 'RS256' })
  })
  afterAll(() => tenant.close())

  it.each(FORMS)('previews as $form: in sync 0, drifted 1', async ({ form, type, files }) => {
    const pulumi = await startUserProject(installed, tenant, form.replaceAll(/\W+/g, '-'), { type, files })

    tenant.edit(ORDERS, { signing_alg: 'RS256' })
    const inSync = await pulumi('preview')
    tenant.edit(ORDERS, { signing_alg: 'HS256' })
    const drifted = await pulumi('preview')

    expect(inSync).toMatchObject({ code: 0, text: expect.stringContaining('✅ tenant-drift@') })
    expect(drifted).toMatchObject({ code: 1, text: expect.stringContaining('signing-alg-drift') })
  })

  const MISTAKEN = `import { ResourceServerCheck, TenantCheck } from 'tenant-drift'
import type { CustomResource, Output } from '@pulumi/pulumi'
const check = new ResourceServerCheck('orders', { identifier: 'urn:orders', signing_alg: 'none' })
new ResourceServerCheck('orders', { signing_alg: 'RS256' })
new TenantCheck('tenant', { fils: 'declared/*.yaml' })
export const fine: CustomResource = new TenantCheck('tenant', { files: 'declared/*.yaml' }, { dependsOn: check })
export const drift: Output<object> = check.drift
`

  const RESOLUTIONS = [
    {
      resolution: 'node',
      flags: ['--module', 'commonjs', '--moduleResolution', 'node10', '--ignoreDeprecations', '6.0'],
      files: ['index.ts'],
    },
    // Tried by hand with TypeScript 5.0, 5.3, 5.7, 5.8 and 6.0. In all but the newest nodenext a CommonJS program may not import what is declared as an ES module.
    ...['node16', 'node18', 'node20', 'nodenext'].map((module) => ({
      resolution: `${module}, from both kinds of module`,
      flags: ['--module', module, '--moduleResolution', module === 'nodenext' ? 'nodenext' : 'node16'],
      files: ['index.cts', 'index.mts'],
    })),
    {
      resolution: 'bundler, as CommonJS',
      flags: ['--module', 'commonjs', '--moduleResolution', 'bundler'],
      files: ['index.ts'],
    },
    {
      resolution: 'bundler, as it is written',
      flags: ['--module', 'preserve', '--moduleResolution', 'bundler'],
      files: ['index.ts'],
    },
    {
      resolution: 'bundler',
      flags: ['--module', 'esnext', '--moduleResolution', 'bundler'],
      files: ['index.ts'],
    },
  ]
  /** What the others lie between. */
  const FEW = ['node', 'node16, from both kinds of module', 'nodenext, from both kinds of module', 'bundler']

  it.each(RESOLUTIONS.filter(({ resolution }) => IS_WIDE || FEW.includes(resolution)))(
    'has types that resolve, and that refuse mistakes: $resolution',
    async ({ resolution, flags, files }) => {
      const at = join(installed.folder, `types-${resolution.replaceAll(/\W+/g, '-')}`)
      mkdirSync(at)
      for (const file of files) writeFileSync(join(at, file), MISTAKEN)
      const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')

      // Our own declarations are looked at too, by the one resolution that reads all of them (that costs most of the time).
      const isWhole = flags.includes('nodenext')
      const args = [tsc, '--noEmit', '--strict', '--target', 'es2022', '--pretty', 'false', ...flags, ...files]
      if (!isWhole) args.push('--skipLibCheck')
      const { text } = await runProgram(NODE_24, args, at, cleanEnvironment())

      const errors = text.split('\n').filter((line) => /error TS/.test(line))
      expect(errors.map((line) => line.replace(/,.*(TS\d+).*/, ') $1'))).toEqual(
        files.flatMap((file) => [`${file}(3) TS2322`, `${file}(4) TS2345`, `${file}(5) TS2561`]),
      )
    },
  )
})

interface UserProject {
  readonly type: 'module' | 'commonjs'
  readonly files: Readonly<Record<string, string>>
}

/** A project below the folder whose node_modules it uses, with a stack of its own; gives its `pulumi`, with our pack on every preview. */
async function startUserProject({ folder }: Installed, tenant: Simulator, name: string, { type, files }: UserProject) {
  const at = join(folder, name)
  const backend = join(folder, `${name}-state`)
  mkdirSync(at)
  mkdirSync(backend)
  const main = Object.keys(files)[0] ?? ''
  const all = {
    'package.json': JSON.stringify({ name: 'shop', private: true, type, main }),
    // By itself Pulumi looks for no .ts in an ES module.
    'Pulumi.yaml': `name: shop\nruntime: nodejs\n${type === 'module' ? `main: ${main}\n` : ''}`,
    ...files,
  }
  for (const [file, text] of Object.entries(all)) writeFileSync(join(at, file), text)
  const cli = requirePulumi()
  const { domain, client_id, client_secret } = tenant
  const env = pulumiEnvironment({
    home: join(folder, 'home'),
    backend,
    cli,
    extra: { AUTH0_DOMAIN: domain, AUTH0_CLIENT_ID: client_id, AUTH0_CLIENT_SECRET: client_secret },
  })
  const pulumi = (...args: readonly string[]) => runProgram(cli.command, [...args, '--non-interactive'], at, env)
  await pulumi('stack', 'init', 'test')
  const pack = join(folder, 'node_modules', '.bin', 'tenant-drift-policies')
  return (command: 'preview') => pulumi(command, '--policy-pack', pack)
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}
