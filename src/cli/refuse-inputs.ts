import { globSync, lstatSync, readFileSync, statSync, type BigIntStats } from 'node:fs'
import path from 'node:path'
import { splitSource } from '../declared/source-kind.ts'
import { configMistake } from '../schema/errors.ts'
import type { SettingName } from '../schema/settings.ts'
import { toShown } from './files.ts'
import { historyFiles } from './history-place.ts'
import type { Io } from './io.ts'
import { fileOf, sourcesFrom, type Plan, type TenantPlan } from './plan.ts'
import { recordedFile } from './recorded-place.ts'
import { filesRead } from './shared-files.ts'

/** A file that a run reads, and what it is to it. */
interface Input {
  /** Absolute. */
  readonly file: string
  readonly what: string
}

/** What an output may be put in the place of, although the run reads it: `record` replaces the record. */
export type ReplacedInput = 'recorded'

/**
 * An output must not be put in the place of a file that the run reads: the declaration that is judged would be gone, or the rules, or the record. Two names
 * are one file where the disk says so: through links, in another spelling, in other letters where those do not count. Looked at before anything is sent.
 * `outputs` are absolute; `also` is read by this command alone.
 * @throws MistakesError `invalid_config`
 */
export async function refuseInputs(
  outputs: readonly string[],
  plan: Plan,
  io: Io,
  { replaced, also = [] }: { readonly replaced?: ReplacedInput; readonly also?: readonly Input[] } = {},
): Promise<void> {
  if (outputs.length === 0) return
  const named = [...also, ...namedInputs(plan, replaced)]
  refuseOutputs(outputs, named, io)
  const standing = outputs.filter((file) => fileIds(file).length > 0)
  // A new file takes nothing away from anybody.
  if (standing.length === 0) return
  for (const tenant of plan.tenants) {
    for (const setting of ['declared', 'base'] as const) {
      const what = setting === 'declared' ? 'what is declared' : 'the base'
      const found = await sourceFiles(setting, plan, tenant, io)
      refuseOutputs(
        standing,
        found.map((file) => ({ file, what })),
        io,
      )
    }
  }
}

/** Those that have one name each, whether they are there by now or not. */
function namedInputs(plan: Plan, replaced: ReplacedInput | undefined): readonly Input[] {
  const { config } = plan
  const inputs: Input[] = []
  if (config !== null) {
    inputs.push({ file: path.join(config.folder, path.basename(config.shown)), what: 'the configuration' })
    for (const section of [config.config, ...Object.values(config.config.tenants ?? {})]) {
      if (typeof section.accept !== 'string') continue
      inputs.push({ file: path.resolve(config.folder, section.accept), what: 'the accept rules' })
    }
  }
  inputs.push(...historyFiles(plan.settings).map((file) => ({ file, what: 'the history' })))
  for (const tenant of plan.tenants) {
    if (replaced !== 'recorded') inputs.push({ file: recordedFile(plan, tenant), what: 'the record' })
    const live = fileOf(tenant.settings.live, tenant)
    if (live !== null) inputs.push({ file: live, what: 'the snapshot' })
  }
  return inputs
}

/** Absolute paths of what a tenant's SOURCEs are read from, with what these files extend. */
async function sourceFiles(
  setting: Extract<SettingName, 'declared' | 'base'>,
  plan: Plan,
  tenant: TenantPlan,
  io: Io,
): Promise<readonly string[]> {
  const sources = sourcesFrom(tenant.settings[setting], plan.root, tenant)
  const places = sources.flatMap((source) => filesOf(source, plan.root))
  // Only who extends a file, or keeps several in one folder, names fewer than are read; to know them takes a reading.
  const isAll = !sources.some((source) => splitSource(source).kind === 'a0deploy') && !places.some(isExtending)
  if (isAll) return places
  const read = await filesRead(sources, plan, tenant, io)
  return [...places, ...[...read].map((file) => path.resolve(plan.root, file))]
}

/** What a SOURCE names by its text; of a folder of Pulumi's, what its CLI reads there. None of a ref of git, and none of standard input. */
function filesOf(source: string, root: string): readonly string[] {
  const { kind, path: place } = splitSource(source)
  const pattern = kind === 'pulumi' ? `${place.replace(/#.*$/s, '')}/Pulumi*` : place
  const whole = path.resolve(root, place)
  const found = fileIds(whole).length > 0 ? [whole] : globSync(pattern, { cwd: root })
  return found.map((file) => path.resolve(root, file))
}

/** Whether the word is in it; of what is too long to look at, that is assumed. */
function isExtending(file: string): boolean {
  const found = look(() => statSync(file, { bigint: true, throwIfNoEntry: false }))
  if (found?.isFile() !== true) return false
  return found.size > MOST_BYTES || readFileSync(file, 'utf8').includes('extends')
}

const MOST_BYTES = 16n * 1024n * 1024n

function refuseOutputs(outputs: readonly string[], inputs: readonly Input[], io: Io): void {
  const byPlace = new Map(inputs.map((input) => [input.file, input] as const))
  const byId = new Map(inputs.flatMap((input) => fileIds(input.file).map((id) => [id, input] as const)))
  const mistakes = outputs.flatMap((output) => {
    const input = byPlace.get(output) ?? fileIds(output).flatMap((id) => byId.get(id) ?? [])[0]
    if (input === undefined) return []
    const [shown, there] = [toShown(io.cwd, output), toShown(io.cwd, input.file)]
    const through = shown === there ? '' : `, under the name ${there}`
    return [`${shown} cannot be written: it is ${input.what} that this run reads${through}; give another file`]
  })
  if (mistakes.length > 0) throw configMistake(...mistakes)
}

/** What the disk calls a file by: itself, and where it is a link, what that leads to. None where nothing is there. */
function fileIds(file: string): readonly string[] {
  const options = { bigint: true, throwIfNoEntry: false } as const
  const found = [look(() => lstatSync(file, options)), look(() => statSync(file, options))]
  return found.flatMap((each) => (each === undefined || each.isDirectory() ? [] : [`${each.dev}:${each.ino}`]))
}

function look(stat: () => BigIntStats | undefined): BigIntStats | undefined {
  try {
    return stat()
  } catch {
    // A circle of links, a file where a folder is meant: what writes there says so.
    return undefined
  }
}
