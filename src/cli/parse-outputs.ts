import path from 'node:path'
import { forTenant } from '../declared/config-file.ts'
import { configMistake } from '../schema/errors.ts'
import type { Sourced } from '../schema/setting-layers.ts'
import type { TenantPlan } from './plan.ts'

type Named = Pick<TenantPlan, 'name' | 'domain'>

/** One `--output`. */
export interface Output<F extends string> {
  readonly format: F
  /** As it was written, `{tenant}` not yet replaced; null is standard output. */
  readonly file: Sourced<string> | null
}

/**
 * `FORMAT` or `FORMAT=PATH`, of these formats. `isBeside` are those that may stand beside another one on standard output.
 * @throws MistakesError `invalid_config`
 */
export function parseOutputsOf<F extends string>(
  formats: readonly F[],
  written: Sourced<readonly string[]>,
  tenants: readonly Named[],
  isBeside: (output: Output<F>) => boolean = () => false,
): readonly Output<F>[] {
  const outputs = written.value.map((text): Output<F> => {
    const equals = text.indexOf('=')
    const name = equals < 0 ? text : text.slice(0, equals)
    const format = formats.find((known) => known === name)
    if (format === undefined) throw configMistake(`--output: no such format; known: ${formats.join(', ')}`)
    const value = text.slice(equals + 1)
    if (equals < 0) return { format, file: null }
    if (value === '') throw configMistake(`--output ${format}=: a path is expected after =`)
    return { format, file: { ...written, value } }
  })
  const toStdout = outputs.filter((output) => output.file === null && !isBeside(output))
  if (toStdout.length > 1) {
    throw configMistake(
      '--output: only one format can go to standard output; give the others a file, as in json=report.json',
    )
  }
  const places = outputPlaces(outputs, tenants)
  if (new Set(places).size < places.length) {
    const why =
      tenants.length > 1
        ? 'each tenant has a report of its own: put {tenant} into the path'
        : 'two outputs go to one file'
    throw configMistake(`--output: ${why}`)
  }
  refuseCaseTwins(places, '--output')
  return outputs
}

/**
 * Refuses places that are one file on some disks. `what` says where they come from.
 * @throws MistakesError `invalid_config`
 */
export function refuseCaseTwins(places: readonly string[], what: string): void {
  if (new Set(places.map(withoutCase)).size === places.length) return
  throw configMistake(
    `${what}: two outputs have names that differ only in letter case, and on some disks these are one file: give another name`,
  )
}

/** One text for all names that a disk may take for one: disks of macOS and Windows ignore case, and that of macOS how a letter is composed. */
function withoutCase(place: string): string {
  return place.normalize('NFC').toLowerCase()
}

/** Where reports of these tenants go, absolute: one place for each that goes into a file. */
export function outputPlaces(outputs: readonly Output<string>[], tenants: readonly Named[]): readonly string[] {
  const files = outputs.flatMap(({ file }) => (file === null ? [] : [file]))
  return files.flatMap((file) => tenants.map((tenant) => outputPlace(file, tenant)))
}

export function outputPlace(file: Sourced<string>, tenant: Named): string {
  return path.resolve(file.folder, outputFor(file.value, tenant))
}

/** The path of an output of one tenant: whatever its name is, it stays in its folder. */
export function outputFor(written: string, tenant: Named): string {
  return written.replaceAll('{tenant}', () => nameInPath(forTenant('{tenant}', tenant)))
}

/** A name of a tenant as a part of a file's name: nothing in it parts folders, leads upwards or breaks a line. */
function nameInPath(name: string): string {
  const safe = name.replaceAll(/[\p{C}\p{Zl}\p{Zp}/\\%]/gu, percent)
  if (safe === '') return 'tenant'
  return /^\.+$/.test(safe) ? safe.replaceAll('.', '%2E') : safe
}

function percent(character: string): string {
  const hex = Buffer.from(character, 'utf8').toString('hex').toUpperCase()
  return hex.replaceAll(/../g, '%$&')
}
