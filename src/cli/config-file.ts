import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { PlacedRule } from '../compare/front.ts'
// Not by the front of the room: a check sends its first question before it loads the readers of declarations.
import { readPlainFile, type PlainFile } from '../declared/plain-file.ts'
import type { Config } from '../schema/config.ts'
import { MistakesError, type Mistake } from '../schema/errors.ts'
import { isJsonObject, own, type Json } from '../schema/json.ts'
import type { AcceptRule } from '../schema/report.ts'
import { toShown } from './files.ts'
import { configMistake, fileKeyOf, type Layer, type SettingName, type Written } from './settings.ts'

export const CONFIG_NAMES = ['tenant-drift.yaml', 'tenant-drift.yml', 'tenant-drift.json'] as const

export interface ConfigFile extends PlainFile {
  /** As messages name it: relative to the working directory. */
  readonly shown: string
  /** Absolute; relative paths in it begin here. */
  readonly folder: string
  readonly config: Config
}

/** The configuration that `--config` names, or the nearest one upwards, no further than the repository. */
export async function findConfig(named: string | null, cwd: string): Promise<ConfigFile | null> {
  const file = named === null ? nearest(cwd) : path.resolve(cwd, named)
  if (file === null) return null
  const shown = named ?? toShown(cwd, file)
  const plain = await readPlainFile(shown, await readConfigText(file, shown))
  const value = plain.value ?? {}
  const { checkConfig } = await import('../schema/config.ts')
  const checked = checkConfig(value)
  if (!checked.ok) throw placed(plain, checked.mistakes)
  return { ...plain, value, shown, folder: path.dirname(file), config: value as unknown as Config }
}

function nearest(cwd: string): string | null {
  for (let folder = path.resolve(cwd); ; folder = path.dirname(folder)) {
    const name = CONFIG_NAMES.find((candidate) => existsSync(path.join(folder, candidate)))
    if (name !== undefined) return path.join(folder, name)
    if (existsSync(path.join(folder, '.git')) || path.dirname(folder) === folder) return null
  }
}

/** What a file says of the settings: at its top, or (with a name) for one tenant. */
export function fileLayer(file: ConfigFile, tenant: string | null): Layer {
  const at = tenant === null ? [] : ['tenants', tenant]
  const section = tenant === null ? file.config : file.config.tenants?.[tenant]
  const values: Partial<Record<SettingName, Written>> = {}
  for (const name of FILE_SETTINGS) {
    const written = own(section as unknown as Parameters<typeof own>[0], fileKeyOf(name))
    if (written === undefined || written === null) continue
    const isList = LISTS.has(name) && !Array.isArray(written)
    values[name] = isList ? [written as string] : (written as Written)
  }
  return {
    origin: (name) => `${file.shown}:${file.place([...at, fileKeyOf(name)]).line ?? 1}`,
    folder: file.folder,
    values,
  }
}

const LISTS: ReadonlySet<SettingName> = new Set(['declared', 'base', 'exclude', 'output'])
const FILE_SETTINGS: readonly SettingName[] = [
  ...LISTS,
  ...([
    'recorded',
    'deadline',
    'maxRequests',
    'gate',
    'failOn',
    'onlyNew',
    'strictRules',
    'maxAge',
    'confirm',
  ] as const),
]

/** The accept rules of the file's top, or of one tenant; from a file of their own where a path is written. Each list is read once. */
export async function readRules(file: ConfigFile, tenant: string | null): Promise<readonly PlacedRule[]> {
  const accept = tenant === null ? file.config.accept : file.config.tenants?.[tenant]?.accept
  const at = [...(tenant === null ? [] : ['tenants', tenant]), 'accept']
  if (accept === undefined) return []
  if (typeof accept !== 'string') return placeRules(file, at, accept as unknown as Json)
  const target = path.resolve(file.folder, accept)
  const shown = path.posix.join(path.posix.dirname(file.shown), accept)
  let text: string
  try {
    text = await readFile(target, 'utf8')
  } catch {
    throw placed(file, [{ path: at, message: `accept: the file ${accept} cannot be read` }])
  }
  const plain = await readPlainFile(shown, text)
  const inner = isJsonObject(plain.value) ? own(plain.value, 'accept') : undefined
  return inner === undefined ? placeRules(plain, [], plain.value ?? []) : placeRules(plain, ['accept'], inner)
}

async function placeRules(file: PlainFile, at: readonly string[], value: Json): Promise<readonly PlacedRule[]> {
  const [{ acceptSchema, checkConfig }, { pathPattern }] = await Promise.all([
    import('../schema/config.ts'),
    import('../compare/accept-path.ts'),
  ])
  const checked = checkConfig(value, acceptSchema)
  const rules = checked.ok ? (value as unknown as readonly AcceptRule[]) : []
  const mistakes = checked.ok ? [] : checked.mistakes
  const wrongPaths = rules.flatMap(({ path: text }, index) =>
    pathPattern(text) === null
      ? [{ path: [index, 'path'], message: 'path is neither a Pulumi property path nor a JSON Pointer' }]
      : [],
  )
  const all = [...mistakes, ...wrongPaths].map((each) => ({ ...each, path: [...at, ...each.path] }))
  if (all.length > 0) throw placed(file, all)
  return rules.map((rule, index) => {
    const place = file.place([...at, index])
    return { rule, file: place.file, line: place.line }
  })
}

function placed(
  file: PlainFile,
  mistakes: readonly { readonly path: readonly (string | number)[]; readonly message: string }[],
): MistakesError {
  return new MistakesError(
    'invalid_config',
    mistakes.map(({ path: at, message }): Mistake => ({ ...file.place(at), message })),
  )
}

async function readConfigText(file: string, shown: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch {
    throw configMistake(`the configuration ${shown} cannot be read: check its path`)
  }
}
