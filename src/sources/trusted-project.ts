import { rmSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, posix } from 'node:path'
import process from 'node:process'
import { declarationMistake, MistakesError } from '../schema/errors.ts'
import { memberOf, sameJson, type Json } from '../schema/json.ts'
import { whyUnreadable, type DeclaredFiles, type StackExport } from '../declared/files.ts'
import { PROJECT_FILES } from '../schema/pulumi-project.ts'
import type { Environment } from '../schema/environment.ts'
import { readText } from '../declared/source-text.ts'

/** A reader of files, relative to the same folder as the sources are. */
export type ProjectFiles = Pick<DeclaredFiles, 'kindOf' | 'read'>

export interface TrustedProject {
  /** What the base holds. */
  readonly trusted: ProjectFiles
  /** The change as it stands on disk: only compared, to say what is not used. */
  readonly disk: ProjectFiles
  readonly env: Environment
}

const FILE_ENDINGS = ['yaml', 'yml', 'json'] as const
/** What decides where credentials go, and which programs are loaded. */
const PROJECT_KEYS = ['backend', 'plugins'] as const
const STACK_KEYS = ['secretsprovider', 'encryptedkey', 'encryptionsalt'] as const

/**
 * Asks for a stack's export with the project's files as the base holds them, in a folder of their own that is deleted afterwards. A change's
 * `Pulumi.yaml` names a backend, to which the CLI would send its token: where a credential is sent, a change does not say.
 * @throws MistakesError `invalid_declaration` where the base has no such project, or where no stack is named
 */
export async function exportTrusted(
  folder: string,
  stack: string | null,
  project: TrustedProject,
  ask: (room: string, stack: string | null) => Promise<string>,
): Promise<StackExport> {
  if (stack === null && !project.env['PULUMI_STACK']) {
    throw declarationMistake(
      `on a change name the stack, as pulumi:${folder}#STACK, because the selected stack is a setting of the checkout`,
    )
  }
  const home = await findProject(folder, project.trusted)
  const name = (stack ?? project.env['PULUMI_STACK'] ?? '').split('/').at(-1) ?? ''
  const settings = await stackFiles(home, name, project.trusted)
  const room = await mkdtemp(join(tmpdir(), 'tenant-drift-stack-'))
  const clear = (): void => rmSync(room, { recursive: true, force: true })
  process.once('exit', clear)
  try {
    for (const { path, text } of [home, ...settings]) {
      const target = join(room, posix.relative(home.folder, path))
      await mkdir(dirname(target), { recursive: true, mode: 0o700 })
      await writeFile(target, text, { flag: 'wx', mode: 0o600 })
    }
    const text = await ask(room, stack)
    return { text, warnings: await edited(home, settings, project.disk) }
  } finally {
    await rm(room, { recursive: true, force: true })
    process.removeListener('exit', clear)
  }
}

interface ProjectFile {
  readonly path: string
  readonly text: string
  readonly value: Json
}

interface Project extends ProjectFile {
  readonly folder: string
}

/** As the CLI looks: the nearest one upwards, here no further than where the sources begin. */
async function findProject(folder: string, files: ProjectFiles): Promise<Project> {
  for (let at = posix.normalize(folder); ; at = posix.dirname(at)) {
    for (const name of PROJECT_FILES) {
      const found = await readFile(posix.join(at, name), files)
      if (found !== null) return { ...found, folder: at }
    }
    if (at === posix.dirname(at) || at.startsWith('..')) break
  }
  throw declarationMistake(
    'the base has no Pulumi.yaml for it, and on a change a stack is only read with the project of the base',
  )
}

/** `Pulumi.STACK.yaml`, in the project's folder or in the one that it names for them. */
async function stackFiles(home: Project, stack: string, files: ProjectFiles): Promise<readonly ProjectFile[]> {
  const written = memberOf(home.value, 'stackConfigDir') ?? memberOf(home.value, 'config')
  const inside = typeof written === 'string' ? posix.normalize(written) : '.'
  if (posix.isAbsolute(inside) || inside.startsWith('..')) {
    throw declarationMistake(`${home.path}: the folder of the stacks' settings lies outside of the project`)
  }
  const found = await Promise.all(
    FILE_ENDINGS.map((ending) => readFile(posix.join(home.folder, inside, `Pulumi.${stack}.${ending}`), files)),
  )
  return found.filter((each) => each !== null)
}

async function readFile(path: string, files: ProjectFiles): Promise<ProjectFile | null> {
  if ((await files.kindOf(path)) !== 'file') return null
  const text = await files.read(path).catch((error: unknown) => {
    throw error instanceof MistakesError ? error : declarationMistake(`${path} ${whyUnreadable(error)}`)
  })
  const reading = await readText(path, text)
  return { path, text, value: reading.ok ? reading.source.value : null }
}

/** What a change edits and this run does not follow. */
async function edited(
  home: Project,
  settings: readonly ProjectFile[],
  disk: ProjectFiles,
): Promise<StackExport['warnings']> {
  const differing = async (file: ProjectFile, keys: readonly string[]): Promise<StackExport['warnings']> => {
    const now = await readFile(file.path, disk).catch(() => null)
    const names = keys.filter((key) => now !== null && !sameJson(memberOf(now.value, key), memberOf(file.value, key)))
    if (names.length === 0) return []
    const message = `the change edits ${names.join(', ')}: the stack was read with the versions of the base`
    return [{ file: file.path, line: null, message }]
  }
  const found = await Promise.all([
    differing(home, PROJECT_KEYS),
    ...settings.map((file) => differing(file, STACK_KEYS)),
  ])
  return found.flat()
}
