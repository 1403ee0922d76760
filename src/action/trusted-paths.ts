import path from 'node:path'
// Not by the front of the room: only the reader of plain files is needed.
import { CONFIG_NAMES } from '../declared/config-file.ts'
import { readPlainFile } from '../declared/plain-file.ts'
import { isJsonObject, own, type Json } from '../schema/json.ts'

/** As the command names recorded snapshots where nobody names one. */
export const RECORDED_NAMES = ['tenant-drift.recorded.json', 'tenant-drift.{tenant}.recorded.json'] as const

export interface Asked {
  /** Folder the command runs in, from the root of the repository; empty is the root. */
  readonly folder: string
  /** Of a flag or variable; relative to `folder`. */
  readonly config: string | null
  /** Other files that decide what counts: flags and inputs, relative to `folder`. `{tenant}` stands for any name, a trailing `/` for all in a folder. */
  readonly files: readonly string[]
}

/** A rule whether a path (from the root of the repository) is trusted only as the base has it. */
export type IsTrusted = (file: string) => boolean

/** The files that decide what counts, as the base knows them: it is the base's configuration that says where its rules and records stand. */
export async function trustedPaths(asked: Asked, readBase: (file: string) => string | null): Promise<IsTrusted> {
  const configs =
    asked.config === null
      ? foldersUpwards(asked.folder).flatMap((folder) => CONFIG_NAMES.map((name) => path.posix.join(folder, name)))
      : [path.posix.join(asked.folder, asked.config)]
  const config = configs.find((file) => readBase(file) !== null)
  const root = config === undefined ? asked.folder : path.posix.dirname(config)
  const named = config === undefined ? [] : await namedIn(config, readBase(config) ?? '')
  const patterns = [
    ...configs,
    ...[...RECORDED_NAMES, ...named].map((file) => path.posix.join(root, file)),
    ...asked.files.map((file) => path.posix.join(asked.folder, file)),
  ].map(asPattern)
  return (file) => patterns.some((pattern) => pattern.test(file))
}

function foldersUpwards(folder: string): readonly string[] {
  const steps = folder.split('/').filter((step) => step !== '' && step !== '.')
  return [...steps, ''].map((_step, index) => steps.slice(0, steps.length - index).join('/'))
}

/** Paths of rules and records. A configuration with mistakes names none: the check itself refuses it. */
async function namedIn(file: string, text: string): Promise<readonly string[]> {
  const value = await readPlainFile(file, text).then(
    (plain) => plain.value,
    () => null,
  )
  if (!isJsonObject(value)) return []
  const tenants = own(value, 'tenants')
  const sections: readonly Json[] = [value, ...(isJsonObject(tenants) ? Object.values(tenants) : [])]
  return sections.flatMap((section) =>
    isJsonObject(section)
      ? ['accept', 'recorded'].flatMap((key) => {
          const written = own(section, key)
          return typeof written === 'string' ? [written] : []
        })
      : [],
  )
}

function asPattern(file: string): RegExp {
  const quoted = file
    .replace(/^\.\//, '')
    .split('{tenant}')
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`))
    .join('[^/]+')
  return new RegExp(`^${quoted}${file.endsWith('/') ? '.*' : ''}$`)
}
