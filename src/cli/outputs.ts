import path from 'node:path'
import { forTenant } from '../declared/config-file.ts'
import { FORMATS, type Format } from '../report/formats.ts'
import type { Report } from '../schema/report.ts'
import type { Writing } from '../words/hide-rendered.ts'
import { errorText } from './error-text.ts'
import { toShown } from './files.ts'
import type { Io } from './io.ts'
import type { TenantPlan } from './plan.ts'
import type { Progress } from './progress.ts'
import { isSet } from './progress.ts'
import { configMistake, type Settings, type Sourced } from './settings.ts'
import { writeOutput } from './write-output.ts'

/** One `--output`. */
export interface Output<F extends string = Format> {
  readonly format: F
  /** As it was written, `{tenant}` not yet replaced; null is standard output. */
  readonly file: Sourced<string> | null
}

/**
 * `FORMAT` or `FORMAT=PATH`. One report goes to standard output; GitHub's annotations may stand beside it, for they are commands to the runner.
 * @throws MistakesError `invalid_config`
 */
export function parseOutputs(written: Sourced<readonly string[]>, tenants: readonly TenantPlan[]): readonly Output[] {
  return parseOutputsOf(FORMATS, written, tenants, ({ format }) => format === 'github')
}

/** The same of other formats than a report has; `isBeside` are those that may stand beside another one on standard output. */
export function parseOutputsOf<F extends string>(
  formats: readonly F[],
  written: Sourced<readonly string[]>,
  tenants: readonly TenantPlan[],
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
  const places = placesOf(outputs, tenants)
  if (new Set(places).size < places.length) {
    const why =
      tenants.length > 1
        ? 'each tenant has a report of its own: put {tenant} into the path'
        : 'two outputs go to one file'
    throw configMistake(`--output: ${why}`)
  }
  if (new Set(places.map(withoutCase)).size < places.length) {
    throw configMistake(
      '--output: two outputs go to names that differ by case alone, which are one file on some disks: name another',
    )
  }
  return outputs
}

/** One text for all names that a disk may take for one: disks of macOS and Windows ignore case, and that of macOS how a letter is composed. */
function withoutCase(place: string): string {
  return place.normalize('NFC').toLowerCase()
}

/** Where reports of these tenants go, absolute: one place for each that goes into a file. */
export function placesOf(outputs: readonly Output<string>[], tenants: readonly TenantPlan[]): readonly string[] {
  const files = outputs.flatMap(({ file }) => (file === null ? [] : [file]))
  return files.flatMap((file) => tenants.map((tenant) => placeOf(file, tenant)))
}

/** Loads what renders these outputs, while there is nothing else to do. */
export async function loadRenderers(outputs: readonly Output[]): Promise<void> {
  const { loadRenderer } = await import('../report/render.ts')
  await Promise.all(outputs.map(({ format }) => loadRenderer(format)))
}

/** How the finished texts are written, for the last look at them. Markdown holds tags of ours. */
const WRITINGS = {
  text: 'rendered',
  json: 'json',
  sarif: 'json',
  junit: 'markup',
  markdown: 'markup',
  github: 'rendered',
  gitlab: 'json',
  html: 'markup',
} as const satisfies Readonly<Record<Format, Writing>>

/**
 * Renders and writes every report in every format, each on its own: one that cannot be written is told as an error, and the others are there all the
 * same. False where there was such an error.
 */
export async function writeReports(
  outputs: readonly Output[],
  reports: readonly (readonly [TenantPlan, Report])[],
  settings: Settings,
  io: Io,
  progress: Progress,
): Promise<boolean> {
  const color = wantsColor(settings, io)
  const { reasonForNone, render } = await import('../report/render.ts')
  let areWritten = true
  const shown: { readonly text: string; readonly format: Format }[] = []
  for (const { format, file } of outputs) {
    for (const [tenant, report] of reports) {
      const none = reasonForNone(format, report)
      if (none !== null) progress.say(none)
      try {
        const text = await render(format, report, { color: color && file === null })
        if (text === null) continue
        if (file === null) shown.push({ text, format })
        else areWritten = (await writeInto(file, tenant, text, WRITINGS[format], io)) && areWritten
      } catch (error) {
        areWritten = false
        io.err(errorText(error, io.secrets.hider()))
      }
    }
  }
  for (const { text, format } of shown) io.out(text, WRITINGS[format])
  return areWritten
}

/** Puts a finished text into the file of one tenant. Where it cannot be written that is told as an error, and false. */
export async function writeInto(
  file: Sourced<string>,
  tenant: TenantPlan,
  text: string,
  writing: Writing,
  io: Io,
): Promise<boolean> {
  const place = placeOf(file, tenant)
  try {
    await writeOutput({ file: place, shown: toShown(io.cwd, place), text }, writing, io)
    return true
  } catch (error) {
    io.err(errorText(error, io.secrets.hider()))
    return false
  }
}

export function placeOf(file: Sourced<string>, tenant: TenantPlan): string {
  return path.resolve(file.folder, outputFor(file.value, tenant))
}

/** The path of an output of one tenant: whatever its name is, it stays in its folder. */
export function outputFor(written: string, tenant: Pick<TenantPlan, 'name' | 'domain'>): string {
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

/** no-color.org; `--color` wins over the variables. */
function wantsColor({ color }: Settings, { env, isOutTerminal }: Io): boolean {
  if (color.value !== 'auto') return color.value === 'always'
  if (isSet(env.NO_COLOR)) return false
  if (isSet(env.FORCE_COLOR)) return env.FORCE_COLOR !== '0'
  return isOutTerminal && env.TERM !== 'dumb'
}
