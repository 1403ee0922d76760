import type { EpisodeView, HistoryView } from '../schema/history-view.ts'

const COLUMNS = [
  'tenant',
  'view',
  'identifier',
  'path',
  'kind',
  'severity',
  'state',
  'since',
  'first',
  'seen',
  'ended',
  'how',
  'returns',
  'fingerprint',
  'message',
] as const satisfies readonly (keyof EpisodeView)[]

/** One line for each episode (RFC 4180). */
export function renderHistoryCsv({ episodes }: HistoryView): string {
  const rows = episodes.map((episode) => COLUMNS.map((column) => cell(String(episode[column] ?? ''))).join(','))
  return [COLUMNS.join(','), ...rows, ''].join('\r\n')
}

/** A text that begins like a formula is one to a spreadsheet: somebody else's words must not be. */
function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
