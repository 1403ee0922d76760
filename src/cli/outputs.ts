import { FORMATS, type Format } from '../schema/output-formats.ts'
import type { Report } from '../schema/report.ts'
import type { Writing } from '../words/hide-rendered.ts'
import type { Settings, Sourced } from '../schema/setting-layers.ts'
import { wantsColor } from './color.ts'
import { errorText } from './error-text.ts'
import { toShown } from './files.ts'
import type { Io } from './io.ts'
import { parseOutputsOf, outputPlace, type Output } from './parse-outputs.ts'
import type { TenantPlan } from './plan.ts'
import type { Progress } from './progress.ts'
import { writeOutput } from './write-output.ts'

/**
 * `FORMAT` or `FORMAT=PATH`. One report goes to standard output; GitHub's annotations may stand beside it, for they are commands to the runner.
 * @throws MistakesError `invalid_config`
 */
export function parseOutputs(
  written: Sourced<readonly string[]>,
  tenants: readonly TenantPlan[],
): readonly Output<Format>[] {
  return parseOutputsOf(FORMATS, written, tenants, ({ format }) => format === 'github')
}

/** Loads what renders these outputs, while there is nothing else to do. */
export async function loadRenderers(outputs: readonly Output<Format>[]): Promise<void> {
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
  outputs: readonly Output<Format>[],
  reports: readonly (readonly [TenantPlan, Report])[],
  settings: Settings,
  io: Io,
  progress: Progress,
): Promise<boolean> {
  const color = wantsColor(settings.color.value, io)
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
  const place = outputPlace(file, tenant)
  try {
    await writeOutput({ file: place, shown: toShown(io.cwd, place), text }, writing, io)
    return true
  } catch (error) {
    io.err(errorText(error, io.secrets.hider()))
    return false
  }
}
