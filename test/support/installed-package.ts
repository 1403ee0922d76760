import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { cleanEnvironment } from '../../tools/environment.mjs'
import { ROOT } from '../../tools/run.mjs'

/** What `npm pack` says of the tarball. Sizes in bytes. */
export interface Tarball {
  readonly filename: string
  readonly size: number
  readonly unpackedSize: number
  readonly files: readonly { readonly path: string; readonly size: number; readonly mode: number }[]
}

/** A folder with the packed package in its node_modules, as npm installs it. */
export interface Installed {
  readonly folder: string
  /** Folder of the installed package. */
  readonly package: string
  readonly tarball: Tarball
  /** Puts packages beside it, with theirs. */
  add(names: readonly string[]): void
  remove(): void
}

interface LockedPackage {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const execute = promisify(execFile)

/**
 * Packs what is built and puts it and its dependencies into a new node_modules. These come from this repository's own node_modules, so that no
 * registry is asked: what matters is that nothing but what a user has can be resolved.
 */
export async function installPackage(): Promise<Installed> {
  const folder = mkdtempSync(join(tmpdir(), 'tenant-drift-package-'))
  const tarball = await pack(folder)
  const target = join(folder, 'node_modules', 'tenant-drift')
  mkdirSync(target, { recursive: true })
  await execute('tar', ['-xzf', join(folder, tarball.filename), '-C', target, '--strip-components', '1'])
  const manifest = JSON.parse(readFileSync(join(target, 'package.json'), 'utf8')) as Manifest
  const there = new Set<string>()
  const add = (names: readonly string[]): void => {
    for (const at of closure(names)) {
      if (!there.has(at)) linkFolder(join(ROOT, at), join(folder, at))
      there.add(at)
    }
  }
  add(Object.keys(manifest.dependencies ?? {}))
  mkdirSync(join(folder, 'node_modules', '.bin'), { recursive: true })
  for (const [name, file] of Object.entries(manifest.bin)) {
    const link = join(folder, 'node_modules', '.bin', name)
    symlinkSync(relative(dirname(link), join(target, file)), link)
  }
  return { folder, package: target, tarball, add, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

interface Manifest {
  readonly bin: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
}

async function pack(folder: string): Promise<Tarball> {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]
  const { stdout } = await execute('npm', args, { cwd: ROOT, env: cleanEnvironment(), maxBuffer: 64 * 1024 * 1024 })
  // A list, or (npm 12) an object by name.
  const [tarball] = Object.values(JSON.parse(stdout) as Readonly<Record<string, Tarball>>)
  if (tarball === undefined) throw new Error('npm packed nothing')
  return tarball
}

/** Folders of packages and all that they depend on, as the lock file has them, relative to the repository. */
function closure(names: readonly string[]): readonly string[] {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, LockedPackage>>
  }
  const find = (name: string, from: string): string | undefined => {
    const at = `${from === '' ? '' : `${from}/`}node_modules/${name}`
    if (Object.hasOwn(packages, at)) return at
    const above = from.lastIndexOf('node_modules/')
    return above === -1 ? undefined : find(name, from.slice(0, above).replace(/\/$/, ''))
  }
  const found = new Set<string>()
  const visit = (name: string, from: string): void => {
    const at = find(name, from)
    if (at === undefined || found.has(at) || !existsSync(join(ROOT, at))) return
    found.add(at)
    const { dependencies, optionalDependencies } = packages[at] ?? {}
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies })) visit(next, at)
  }
  for (const name of names) visit(name, '')
  return [...found]
}

/** A package's own files; packages nested in it are places of their own. Links where the file system can: they cost nothing. */
function linkFolder(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules') linkFolder(source, target)
    } else if (entry.isFile()) linkFile(source, target)
  }
}

function linkFile(source: string, target: string): void {
  try {
    linkSync(source, target)
  } catch {
    copyFileSync(source, target)
  }
}

/** Runs a program to its end; both of its outputs together. */
export async function runProgram(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly text: string }> {
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const chunks: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, text: Buffer.concat(chunks).toString('utf8') }
}
