#!/usr/bin/env node
// npm run build: dist/ from src/ and policies/. The library is compiled by tsc, with types; the command, the provider and the policy pack are
// rolldown bundles, because their start-up is what a preview waits for. Run by the Node 24 of node_modules (rolldown needs it).
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { rolldown } from 'rolldown'
import { DIST, sourceDigest, STAMP_NAME } from './build-stamp.mjs'
import { withLock } from './lock.mjs'
import { ROOT, run, runTool, say, SetupError } from './run.mjs'
import { thirdPartyNotices } from './third-party-notices.mjs'

/**
 * @typedef {object} Bundle
 * @property {string} name of the file in dist/bin, without .js
 * @property {string} source below the repository
 * @property {boolean} executable gets a shebang and may be run
 * @property {string} [before] code that runs before the source is loaded
 * @property {Readonly<Record<string, string>>} [besides] imports that stay imports, with their paths from dist/bin
 * @property {boolean} [isLoaded] somebody else's process loads it, and takes what it exports
 * @property {readonly string[]} [stages] modules that are loaded one after the other by what is run most
 * @property {readonly string[]} [apart] modules of a command that runs without those stages: what it has in common with them is a file of its own
 */

/** @type {readonly Bundle[]} */
const BUNDLES = [
  {
    name: 'tenant-drift',
    source: 'src/cli/main.ts',
    executable: true,
    // A check: before its first request, then while the tenant answers.
    stages: [
      'src/cli/check.ts',
      'src/cli/open-reader.ts',
      'src/cli/sides.ts',
      'src/cli/make-report.ts',
      'src/report/render.ts',
    ],
    apart: ['src/cli/history.ts'],
  },
  // What action.yml runs.
  { name: 'tenant-drift-action', source: 'src/action/main.ts', executable: true },
  // The module that the provider's text in a state loads, in Pulumi's dynamic provider process.
  { name: 'provider', source: 'src/provider/entry.ts', executable: false, isLoaded: true },
  {
    name: 'tenant-drift-policies',
    source: 'policies/pack.ts',
    executable: true,
    // The engine starts this file wherever it stands, and PolicyPack reads its version from package.json in the working directory.
    before: `process.chdir(import.meta.dirname + '/../..')`,
  },
  {
    name: 'tenant-drift-live-policies',
    // Finds its own way there: first it looks where it was started.
    source: 'policies/live/pack.ts',
    executable: true,
    // Loaded while the program starts, so that it need not be a bundle: the pack's folder has it compiled, and once is enough.
    besides: { './run.ts': '../policies/live/run.js' },
  },
]

/** Modules that only declare: all of ours but those that are started. */
const OUR_ROOMS = /[\\/](src|policies)[\\/](?!cli[\\/]main|action[\\/]main|provider[\\/]entry|(?:live[\\/])?pack\.)/

const SHEBANG = '#!/usr/bin/env node'

/**
 * What our sources take of undici, without the rest of its index (fetch, caches, mocks: as much code again, 20 ms of every start). A name that
 * is imported and not given here fails the build; a method of a dispatcher fails only where it is called (a proxy's `connect`), so what is built
 * is tested as well.
 */
const UNDICI = `
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js'
import request from 'undici/lib/api/api-request.js'
import connect from 'undici/lib/api/api-connect.js'
Object.assign(Dispatcher.prototype, { request, connect })
export { default as Agent } from 'undici/lib/dispatcher/agent.js'
export { default as Pool } from 'undici/lib/dispatcher/pool.js'
export { default as ProxyAgent } from 'undici/lib/dispatcher/proxy-agent.js'
`

/** An import of our own in a declaration: what is before the path, the path, what is after it. */
const OWN_IMPORT = /((?:from|import\(|import) ?['"])(\.{1,2}\/[^'"\n]+)\.js(['"])/g

await runTool(async () => {
  await withLock(join(ROOT, '.build.lock'), build, () => say('another build is running; waiting for it'))
})

async function build() {
  const began = Date.now()
  const digest = sourceDigest()
  removeLeftovers()
  const partial = `${DIST}.partial-${process.pid}`
  try {
    await compileLibrary(partial)
    /** @type {Set<string>} */
    const bundled = new Set()
    for (const bundle of BUNDLES)
      for (const module of await writeBundle(bundle, join(partial, 'bin'))) bundled.add(module)
    writeFileSync(join(partial, 'THIRD-PARTY-NOTICES.txt'), thirdPartyNotices(bundled))
    checkPromises(partial)
    writeFileSync(join(partial, STAMP_NAME), digest)
    replaceDist(partial)
  } finally {
    rmSync(partial, { recursive: true, force: true })
  }
  say(`built dist/ in ${((Date.now() - began) / 1000).toFixed(1)} s`)
}

/**
 * tsc writes `src/x` and `policies/y` side by side; published, src/ is the root. As both lie one level down, a path from a policy into
 * src only loses that word.
 * @param {string} target
 */
async function compileLibrary(target) {
  const compiled = `${target}/.compiled`
  mkdirSync(compiled, { recursive: true })
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')
  const outcome = await run(process.execPath, [tsc, '-p', join(ROOT, 'tsconfig.build.json'), '--outDir', compiled])
  if (outcome.code !== 0) throw new SetupError(`tsc failed:\n${outcome.output}`)
  cpSync(join(compiled, 'src'), target, { recursive: true })
  const policies = join(target, 'policies')
  cpSync(join(compiled, 'policies'), policies, { recursive: true })
  for (const file of filesBelow(policies)) rewrite(file, (text) => text.replaceAll(/(['"](?:\.\.\/)+)src\//g, '$1'))
  // In declarations tsc keeps the `.ts` of our imports; an older moduleResolution finds only `.js`.
  const declarations = filesBelow(target).filter((file) => file.endsWith('.d.ts'))
  for (const file of declarations)
    rewrite(file, (text) => text.replaceAll(/(['"]\.{1,2}\/[^'"\n]+)\.ts(['"])/g, '$1.js$2'))
  rmSync(compiled, { recursive: true, force: true })
  writeCommonDoor(target)
}

/**
 * The library for `require`: a line of CommonJS that loads the ES module, and declarations that say so. A CommonJS program in TypeScript (module
 * node16; nodenext before TypeScript 5.8) may not import what is declared as an ES module, whatever Node can do.
 * @param {string} target
 */
function writeCommonDoor(target) {
  writeFileSync(join(target, 'index.cjs'), "module.exports = require('./index.js')\n")
  /** @type {Set<string>} */
  const done = new Set()
  const visit = (/** @type {string} */ file) => {
    if (done.has(file)) return
    done.add(file)
    const text = readFileSync(join(target, file), 'utf8')
    const below = [...text.matchAll(OWN_IMPORT)].map((match) => join(dirname(file), `${match[2]}.d.ts`))
    const common = text.replaceAll(OWN_IMPORT, '$1$2.cjs$3')
    writeFileSync(join(target, file.replace(/\.d\.ts$/, '.d.cts')), common)
    below.forEach(visit)
  }
  visit('index.d.ts')
}

/**
 * @param {Bundle} bundle
 * @param {string} folder
 * @returns {Promise<string[]>} the modules that are in it
 */
async function writeBundle(bundle, folder) {
  const source = join(ROOT, bundle.source)
  if (!existsSync(source))
    throw new SetupError(`${bundle.source} is missing: dist/bin/${bundle.name}.js is made from it`)
  const entry = `virtual:${bundle.name}`
  const wrappedSource = `${entry}/source`
  const wrapped = bundle.before !== undefined
  /** @type {string[]} */
  const warnings = []
  const built = await rolldown({
    input: { [bundle.name]: wrapped ? entry : source },
    cwd: ROOT,
    platform: 'node',
    // Files that load together may be one with an entry that nobody imports: it then gives them more than its own names.
    preserveEntrySignatures: bundle.isLoaded === true ? 'strict' : 'allow-extension',
    // Pulumi's SDK must be the user's own, once in a process.
    external: [/^@pulumi\//, /^node:/, 'pg'],
    // What a front re-exports and nobody here asks for is left out, and with it the packages behind it: only what is started does anything by itself.
    treeshake: { moduleSideEffects: [{ test: OUR_ROOMS, sideEffects: false }] },
    plugins: [
      {
        name: 'undici-in-parts',
        resolveId: (id) => (id === 'undici' ? 'virtual:undici' : null),
        load: (id) => (id === 'virtual:undici' ? UNDICI : null),
      },
      {
        name: 'stays-besides',
        resolveId: (/** @type {string} */ id) => {
          const path = bundle.besides?.[id]
          return path === undefined ? null : { id: path, external: 'relative' }
        },
      },
      ...(wrapped
        ? [
            {
              name: 'runs-before',
              // Two names of our own: a path in the text would stand in the published source map.
              resolveId: (/** @type {string} */ id) => (id === entry ? entry : id === wrappedSource ? source : null),
              load: (/** @type {string} */ id) =>
                id === entry ? `${bundle.before}\nawait import('${wrappedSource}')\n` : null,
            },
          ]
        : []),
    ],
    onLog(level, log) {
      if (level === 'warn') warnings.push(log.message)
    },
  })
  /** @type {import('rolldown').OutputOptions} */
  const options = {
    dir: folder,
    format: 'esm',
    sourcemap: true,
    entryFileNames: '[name]-main.js',
    // What is imported lazily stays in files of its own: a command's modules load only when it runs.
    chunkFileNames: `chunks/${bundle.name}-[name]-[hash].js`,
  }
  const { output: apart } = await built.generate({ ...options, sourcemap: false })
  const { output } = await built.write({
    ...options,
    codeSplitting: together(
      apart,
      [source, ...(bundle.stages ?? []).map((stage) => join(ROOT, stage))],
      (bundle.apart ?? []).map((module) => join(ROOT, module)),
      bundle.isLoaded === true,
    ),
  })
  await built.close()
  for (const part of output) {
    const file = join(folder, part.fileName)
    if (part.fileName.endsWith('.map')) slimMap(file)
    else rewrite(file, builtinsByNeed)
  }
  // An import that is not lazy after all, an unresolved module: each would show only at a user's.
  if (warnings.length > 0) throw new SetupError(`rolldown, ${bundle.name}:\n${warnings.join('\n')}`)
  const chunks = output.filter((part) => part.type === 'chunk')
  writeDoor(bundle, join(folder, `${bundle.name}.js`))
  return chunks.flatMap((chunk) => chunk.moduleIds)
}

/**
 * One file for all that loads with each of these modules, but for what an earlier one loaded: of a file more, a start pays for finding, reading and
 * compiling it (a check loaded 80 files and 40 ms of that). What loads is seen from the bundle as it is without this, for much of what is imported is shaken off.
 * @param {readonly (import('rolldown').OutputChunk | import('rolldown').OutputAsset)[]} output
 * @param {readonly string[]} stages the entry first
 * @param {readonly string[]} apart
 * @param {boolean} isLoaded
 */
function together(output, stages, apart, isLoaded) {
  const chunks = output.filter((part) => part.type === 'chunk')
  const loadedBy = (/** @type {string} */ module) => {
    const loaded = new Set(chunks.filter((chunk) => chunk.moduleIds.includes(module)))
    for (const each of loaded) for (const chunk of chunks) if (each.imports.includes(chunk.fileName)) loaded.add(chunk)
    return loaded
  }
  /** @type {Map<string, string>} */
  const stageOf = new Map()
  const put = (/** @type {Iterable<import('rolldown').OutputChunk>} */ loaded, /** @type {string} */ name) => {
    for (const { moduleIds } of loaded) for (const id of moduleIds) if (!stageOf.has(id)) stageOf.set(id, name)
  }
  const [entry = '', ...later] = stages
  put(loadedBy(entry), basename(entry, '.ts'))
  const alone = new Set(apart.flatMap((module) => [...loadedBy(module)]))
  for (const stage of later)
    put(
      [...loadedBy(stage)].filter((chunk) => alone.has(chunk)),
      'common',
    )
  for (const stage of later) put(loadedBy(stage), basename(stage, '.ts'))
  put(alone, basename(apart[0] ?? '', '.ts'))
  // Where the entry keeps exactly its own names, it stays a file of its own.
  if (isLoaded) stageOf.delete(entry)
  return {
    includeDependenciesRecursively: isLoaded,
    groups: [{ debugName: 'stages', name: (/** @type {string} */ id) => stageOf.get(id) ?? null }],
  }
}

/**
 * The file that is started or loaded: one look at the version of Node, then the bundle. Imports are run in their order, but only what a file of its
 * own imports comes before everything that a bundle does and loads.
 * @param {Bundle} bundle
 * @param {string} file
 */
function writeDoor({ name, executable, isLoaded = false }, file) {
  const look = `import '../door/${isLoaded ? 'refuse' : 'end-on'}-old-node.js'`
  const then = isLoaded ? `export * from './${name}-main.js'` : `import './${name}-main.js'`
  writeFileSync(file, [...(executable ? [SHEBANG] : []), look, then, ''].join('\n'))
  if (executable) chmodSync(file, 0o755)
}

/**
 * An ESM import of one of Node's own modules reads all its members, and with them what Node itself loads only when it is asked for
 * (`node:util`, `node:process`, `node:tls`: 4 to 8 ms each, of every start). Lines stay where they are, for the source maps.
 * @param {string} code
 */
function builtinsByNeed(code) {
  const take = (/** @type {string} */ name) => `globalThis.process.getBuiltinModule(${name})`
  return code
    .replaceAll(/^import "node:[\w/]+";$/gm, '')
    .replaceAll(
      /^import (?:\* as )?([\w$]+) from ("node:[\w/]+");$/gm,
      (_line, name, from) => `const ${name} = ${take(from)};`,
    )
    .replaceAll(/^import (?:([\w$]+), )?\{ (.+) \} from ("node:[\w/]+");$/gm, (_line, whole, names, from) => {
      const members = `const { ${names.replaceAll(' as ', ': ')} } = ${take(from)};`
      return whole === undefined ? members : `const ${whole} = ${take(from)}; ${members}`
    })
}

/**
 * A source map keeps the text of our own sources; that of packages, which anybody can look up, would be half of what users download.
 * @param {string} file
 */
function slimMap(file) {
  /** @type {{ sources: string[], sourcesContent?: (string | null)[] }} */
  const map = JSON.parse(readFileSync(file, 'utf8'))
  const contents = map.sourcesContent?.map((text, index) =>
    map.sources[index]?.includes('node_modules/') ? null : text,
  )
  writeFileSync(file, JSON.stringify({ ...map, sourcesContent: contents }))
}

/**
 * Everything that package.json promises must be there.
 * @param {string} folder
 */
function checkPromises(folder) {
  /** @type {unknown} */
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const promised = [...JSON.stringify(manifest).matchAll(/"\.\/dist\/([^"*]+)"/g)].map((match) => match[1] ?? '')
  const missing = [...new Set(promised)].filter((path) => !existsSync(join(folder, path)))
  if (missing.length > 0)
    throw new SetupError(`package.json names files that the build does not make: ${missing.join(', ')}`)
}

/**
 * Two renames: whoever is just loading dist/ sees the old one, the new one, or for an instant none, never half a one.
 * @param {string} partial
 */
function replaceDist(partial) {
  const old = `${DIST}.old-${process.pid}`
  if (existsSync(DIST)) renameSync(DIST, old)
  renameSync(partial, DIST)
  rmSync(old, { recursive: true, force: true })
}

function removeLeftovers() {
  for (const name of readdirSync(ROOT)) {
    if (/^dist\.(partial|old)-\d+$/.test(name)) rmSync(join(ROOT, name), { recursive: true, force: true })
  }
}

/**
 * @param {string} file
 * @param {(text: string) => string} change
 */
function rewrite(file, change) {
  writeFileSync(file, change(readFileSync(file, 'utf8')))
}

/** @param {string} folder */
function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}
