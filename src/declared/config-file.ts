import path from 'node:path'
import type { TrustedFiles } from '../git/disk-files.ts'
import type { Config } from '../schema/config.ts'
import { configMistake, MistakesError, systemCode, type Mistake } from '../schema/errors.ts'
import { memberOf, type Json } from '../schema/json.ts'
import { otherKind } from '../schema/known-files.ts'
import type { AcceptRule, PlacedRule } from '../schema/accept-rule.ts'
import { whyUnreadable } from './files.ts'
import { readPlainFile, type PlainFile } from './plain-file.ts'

export const CONFIG_NAMES = ['tenant-drift.yaml', 'tenant-drift.yml', 'tenant-drift.json'] as const

export interface ConfigFile extends PlainFile {
  /** As messages name it: relative to the working directory. */
  readonly shown: string
  /** Absolute; relative paths in it begin here. */
  readonly folder: string
  readonly config: Config
}

/**
 * The configuration that is named, or the nearest one upwards, no further than the repository; null where there is none. `files` says what stands there.
 * @throws MistakesError `invalid_config`
 */
export async function findConfig(named: string | null, cwd: string, files: TrustedFiles): Promise<ConfigFile | null> {
  const file = named === null ? await nearest(cwd, files) : files.placeOf(path.resolve(cwd, named))
  if (file === null) return null
  const shown = named ?? path.relative(cwd, file).replaceAll(path.sep, '/')
  return parseConfig(await readConfigText(file, shown, files), shown, path.dirname(file))
}

/**
 * A configuration in the caller's hands, as a commit may hold it. `shown` is its name in messages, `folder` where its paths begin.
 * @throws MistakesError `invalid_config`
 */
export async function parseConfig(text: string, shown: string, folder: string): Promise<ConfigFile> {
  return checkedConfig(await readPlainFile(shown, text), shown, folder)
}

/**
 * A file that is either a configuration or a list of accept rules and nothing else.
 * @throws MistakesError `invalid_config`
 */
export async function readConfigOrRules(
  named: string,
  cwd: string,
  files: TrustedFiles,
): Promise<{ readonly config: ConfigFile } | { readonly rules: readonly PlacedRule[] }> {
  const file = path.resolve(cwd, named)
  const plain = await readPlainFile(named, await readConfigText(file, named, files))
  if (Array.isArray(plain.value)) return { rules: await checkedRules(plain, [], plain.value as Json) }
  return { config: await checkedConfig(plain, named, path.dirname(file)) }
}

async function nearest(cwd: string, files: TrustedFiles): Promise<string | null> {
  for (let folder = files.placeOf(path.resolve(cwd)); ; folder = path.dirname(folder)) {
    for (const name of CONFIG_NAMES) {
      const file = path.join(folder, name)
      if ((await files.kindOf(file)) !== null) return file
    }
    if (files.isTop(folder) || path.dirname(folder) === folder) return null
  }
}

async function checkedConfig(plain: PlainFile, shown: string, folder: string): Promise<ConfigFile> {
  const value = plain.value ?? {}
  const { checkConfig } = await import('../schema/config.ts')
  const checked = checkConfig(value)
  if (!checked.ok) {
    const other = otherKind(value, ['config'], shown)
    throw placedMistakes(plain, other === null ? checked.mistakes : [{ path: [], message: other }])
  }
  return { ...plain, value, shown, folder, config: value as unknown as Config }
}

/**
 * The accept rules of the file's top, or of one tenant; from a file of their own where a path is written. Each list is read once.
 * @throws MistakesError `invalid_config`
 */
export async function readRules(
  file: ConfigFile,
  tenant: string | null,
  files: TrustedFiles,
): Promise<readonly PlacedRule[]> {
  const accept = tenant === null ? file.config.accept : file.config.tenants?.[tenant]?.accept
  const at = [...(tenant === null ? [] : ['tenants', tenant]), 'accept']
  if (accept === undefined) return []
  if (typeof accept !== 'string') return placeRules(file, at, accept as readonly AcceptRule[])
  const target = path.resolve(file.folder, accept)
  const shown = path.isAbsolute(accept) ? accept : path.posix.join(path.posix.dirname(file.shown), accept)
  let text: string
  try {
    text = await files.read(target)
  } catch (error) {
    if (error instanceof MistakesError) throw error
    throw placedMistakes(file, [{ path: at, message: `accept: the file ${accept} cannot be read` }])
  }
  const plain = await readPlainFile(shown, text)
  const inner = memberOf(plain.value, 'accept')
  return inner === undefined ? checkedRules(plain, [], plain.value ?? []) : checkedRules(plain, ['accept'], inner)
}

async function checkedRules(file: PlainFile, at: readonly string[], value: Json): Promise<readonly PlacedRule[]> {
  const { acceptSchema, checkConfig } = await import('../schema/config.ts')
  const checked = checkConfig(value, acceptSchema)
  if (checked.ok) return placeRules(file, at, value as unknown as readonly AcceptRule[])
  throw placedMistakes(
    file,
    checked.mistakes.map((each) => ({ ...each, path: [...at, ...each.path] })),
  )
}

function placeRules(file: PlainFile, at: readonly string[], rules: readonly AcceptRule[]): readonly PlacedRule[] {
  return rules.map((rule, index) => {
    const place = file.place([...at, index])
    return { rule, file: place.file, line: place.line }
  })
}

function placedMistakes(
  file: PlainFile,
  mistakes: readonly { readonly path: readonly (string | number)[]; readonly message: string }[],
): MistakesError {
  return new MistakesError(
    'invalid_config',
    mistakes.map(({ path: at, message }): Mistake => ({ ...file.place(at), message })),
  )
}

async function readConfigText(file: string, shown: string, files: TrustedFiles): Promise<string> {
  try {
    return await files.read(file)
  } catch (error) {
    if (error instanceof MistakesError) throw error
    const why = systemCode(error) === 'EILSEQ' ? whyUnreadable(error) : 'cannot be read: check its path'
    throw configMistake(`the configuration ${shown} ${why}`)
  }
}

/** `{tenant}` in a path is the tenant's name, or its address in letters that a file name can have. */
export function forTenant(
  text: string,
  tenant: { readonly name: string | null; readonly domain: string | null },
): string {
  // What stands before an @ is a credential, and no part of an address that can be used.
  const address = (tenant.domain ?? '').replace(/^.*@/s, '')
  const name = tenant.name ?? (address === '' ? 'tenant' : address.replaceAll(/[^A-Za-z0-9.-]+/g, '_'))
  // A name may hold what replacing takes for an order.
  return text.replaceAll('{tenant}', () => name)
}

/** The recorded file that is read where nobody names one: in the folder of the configuration. */
export function defaultRecorded(name: string | null): string {
  return name === null ? 'tenant-drift.recorded.json' : `tenant-drift.${name}.recorded.json`
}
