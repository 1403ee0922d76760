import type { History } from '../history/front.ts'
import { openHistory } from '../history/open.ts'
import { episodeView } from '../history/view.ts'
import { timeOf } from '../schema/clock.ts'
import { lastRunText, renderEpisode, renderHistoryText, tenantTitle } from '../report/history-text.ts'
import { TenantDriftError, configMistake } from '../schema/errors.ts'
import { parseDuration } from '../schema/duration.ts'
import { plural } from '../words/plural.ts'
import type { Writing } from '../words/hide-rendered.ts'
import { wantsColor } from './color.ts'
import { toShown } from './files.ts'
import { historyPlace } from './history-place.ts'
import { viewOf } from './history-view.ts'
import type { Io } from './io.ts'
import { parseOutputsOf, outputPlace, outputPlaces } from './parse-outputs.ts'
import { makePlan } from './plan.ts'

export interface HistoryFlags {
  readonly history?: string
  readonly config?: string
  readonly quiet?: boolean
  readonly tenant?: string
  readonly all?: boolean
  readonly since?: string
  readonly output?: readonly string[]
  readonly color?: string
  readonly maxAge?: string
  readonly olderThan?: string
}

const ALL_TENANTS = { name: null, domain: null }
const HISTORY_FORMATS = ['text', 'json', 'csv', 'html'] as const
const WRITINGS = { text: 'text', json: 'json', csv: 'text', html: 'markup' } as const

/**
 * Opens the history that `--history`, the variable or the file names, once none of `outputs` (absolute) would take its place, or that of another file that is read.
 * All of these commands end with 0, whatever stands open, and with 1 where the history cannot be used.
 */
async function withHistory<T>(
  flags: HistoryFlags,
  io: Io,
  isReading: boolean,
  body: (history: History) => Promise<T>,
  outputs: readonly string[] = [],
): Promise<T> {
  const { history: store, config } = flags
  const known = { ...(store === undefined ? {} : { history: store }), ...(config === undefined ? {} : { config }) }
  const plan = await makePlan(known, io)
  if (outputs.length > 0) {
    const { refuseInputs } = await import('./refuse-inputs.ts')
    await refuseInputs(outputs, plan, io)
  }
  const place = historyPlace(plan, io)
  if (place === null)
    throw configMistake('no history is named: give --history, TENANT_DRIFT_HISTORY, or history in tenant-drift.yaml')
  const history = await openHistory(place, isReading)
  try {
    return await body(history)
  } finally {
    await history.close()
  }
}

export function listHistory(flags: HistoryFlags, io: Io): Promise<number> {
  const outputs = outputsOf(flags, io)
  const since = flags.since === undefined ? undefined : io.now() - duration('--since', flags.since)
  const look = async (history: History): Promise<number> => {
    const wanted = {
      ...tenantIn(flags),
      ...(since === undefined ? {} : { since }),
      all: flags.all === true,
      isBrief: outputs.every(({ format }) => format === 'text' || format === 'csv'),
    }
    const view = await viewOf(history, wanted, io.now())
    if (flags.tenant !== undefined && view.tenants.length === 0) throw nobody(flags.tenant)
    const color = wantsColor(flags.color ?? 'auto', io)
    for (const { format, file } of outputs) {
      const text = await rendered(format, view, color && file === null)
      if (file === null) io.out(text, WRITINGS[format])
      else await write(outputPlace(file, ALL_TENANTS), text, WRITINGS[format], io)
    }
    return 0
  }
  return withHistory(flags, io, true, look, outputPlaces(outputs, [ALL_TENANTS]))
}

async function write(file: string, text: string, writing: Writing, io: Io): Promise<void> {
  const { writeOutput } = await import('./write-output.ts')
  await writeOutput({ file, shown: toShown(io.cwd, file), text }, writing, io)
}

async function rendered(
  format: (typeof HISTORY_FORMATS)[number],
  view: Awaited<ReturnType<typeof viewOf>>,
  color: boolean,
): Promise<string> {
  switch (format) {
    case 'json':
      return `${JSON.stringify(view, null, 2)}\n`
    case 'csv':
      return (await import('../report/history-csv.ts')).renderHistoryCsv(view)
    case 'html':
      return (await import('../report/history-html.ts')).renderHistoryHtml(view)
    case 'text':
      return renderHistoryText(view, color)
  }
}

function outputsOf({ output = ['text'] }: HistoryFlags, { cwd }: Io) {
  const written = { value: output, origin: 'flag --output', folder: cwd }
  // One file for all tenants.
  return parseOutputsOf(HISTORY_FORMATS, written, [ALL_TENANTS])
}

export function showEpisode(fingerprint: string, flags: HistoryFlags, io: Io): Promise<number> {
  return withHistory(flags, io, true, async (history) => {
    const all = await history.episodes({ all: true, ...tenantIn(flags) })
    const found = all.filter((each) => each.fingerprint.startsWith(fingerprint))
    const [episode] = found
    if (episode === undefined || found.length > 1) {
      const why =
        episode === undefined
          ? 'the history has no such fingerprint'
          : `${found.length} differences have a fingerprint that begins like this`
      throw new TenantDriftError(
        'history_unusable',
        `${fingerprint}: ${why}`,
        'Take a fingerprint from `tenant-drift history --all`.',
      )
    }
    const moves = await history.transitions([episode.id])
    const told = moves.map(({ type, at }) => ({ type, at: timeOf(at) }))
    io.out(renderEpisode(episodeView(episode), told, timeOf(io.now())))
    return 0
  })
}

/** A schedule that died is seen here: by a tenant whose last complete run is too old, or lies ahead of the clock. */
export function checkAge(flags: HistoryFlags, io: Io): Promise<number> {
  const most = duration('--max-age', flags.maxAge ?? '')
  return withHistory(flags, io, true, async (history) => {
    const { tenants, at } = await viewOf(history, { isBrief: true, ...tenantIn(flags) }, io.now())
    if (flags.tenant !== undefined && tenants.length === 0) throw nobody(flags.tenant)
    const old = tenants.filter(({ lastComplete }) => {
      const age = lastComplete === null ? Infinity : io.now() - Date.parse(lastComplete)
      return age > most || age < 0
    })
    for (const tenant of old) io.out(`${tenantTitle(tenant)}: ${lastRunText(tenant, at)}\n`)
    if (tenants.length === 0) io.out('Nothing is remembered yet.\n')
    return old.length > 0 || tenants.length === 0 ? 1 : 0
  })
}

export function deliveries(flags: HistoryFlags, io: Io): Promise<number> {
  return withHistory(flags, io, true, async (history) => {
    const rows = await history.deliveries(100)
    for (const { id, channel, state, tries, made, error } of rows)
      io.out(
        `${id}  ${timeOf(made)}  ${channel}  ${state}  ${plural(tries, 'try', 'tries')}${error === null ? '' : `  ${error}`}\n`,
      )
    if (rows.length === 0) io.out('Nothing was sent yet.\n')
    return 0
  })
}

export function pruneHistory(flags: HistoryFlags, io: Io): Promise<number> {
  const before = io.now() - duration('--older-than', flags.olderThan ?? '')
  return withHistory(flags, io, false, async (history) => {
    const { runs, episodes, deliveries: sent } = await history.prune(before)
    io.out(
      `Deleted: ${plural(episodes, 'difference')}, ${plural(runs, 'run')}, ${plural(sent, 'delivery', 'deliveries')}.\n`,
    )
    return 0
  })
}

export function moveHistory(from: string, to: string, flags: HistoryFlags, io: Io): Promise<number> {
  return withHistory(flags, io, false, async (history) => {
    if (!(await history.move(from, to))) throw nobody(from)
    io.out(`The history of ${from} is now the history of ${to}.\n`)
    return 0
  })
}

export function forgetHistory(name: string, flags: HistoryFlags, io: Io): Promise<number> {
  return withHistory(flags, io, false, async (history) => {
    const count = await history.forget(name)
    if (count === 0) throw nobody(name)
    io.out(`Forgotten: ${name} (${plural(count, 'view')}).\n`)
    return 0
  })
}

function tenantIn({ tenant }: HistoryFlags): { readonly tenant?: string } {
  return tenant === undefined ? {} : { tenant }
}

function nobody(name: string): TenantDriftError {
  return new TenantDriftError(
    'history_unusable',
    `${name}: the history does not know it`,
    'See `tenant-drift history`.',
  )
}

function duration(flag: string, text: string): number {
  const ms = parseDuration(text)
  if (ms === null) throw configMistake(`${flag}: a duration like 90s, 2h or 30d is expected`)
  return ms
}
