import { A_DURATION, durationText } from './duration.ts'
import {
  fileKeyOf,
  flagOf,
  inputNameOf,
  kebabOf,
  settingOf,
  variableOf,
  type AnySetting,
  type SettingRow,
} from './settings.ts'

/** What holds where nobody sets it, as people write it; empty where nothing does. */
export function defaultText({ kind, fallback, usual }: SettingRow): string {
  if (usual !== undefined) return usual
  return kind === 'flag' || fallback === null ? '' : valueText({ kind }, fallback)
}

/** A value as people write it. */
export function valueText({ kind }: Pick<SettingRow, 'kind'>, value: SettingRow['fallback']): string {
  if (value === null) return ''
  if (Array.isArray(value)) return value.join(', ')
  return kind === 'duration' && typeof value === 'number' ? durationText(value) : String(value)
}

/** Its sentence, with what holds otherwise in brackets. */
export function settingSentence(row: SettingRow): string {
  const otherwise = defaultText(row)
  return `${row.says.slice(0, 1).toUpperCase()}${row.says.slice(1)}${otherwise === '' ? '' : ` (${otherwise})`}.`
}

/** What may be written, for people. */
export function expectedText({ kind, values = [], none }: SettingRow): string {
  switch (kind) {
    case 'list':
      return 'strings'
    case 'text':
      return none === undefined ? 'a string' : 'a string or false'
    case 'flag':
      return 'true or false'
    case 'choice':
      return `one of ${values.join(', ')}`
    case 'duration':
      return A_DURATION
    case 'count':
      return 'a whole number from 1'
  }
}

/** Everything that people may call a setting by. */
export function settingNames(name: AnySetting): readonly string[] {
  const isNegated = flagOf(name) !== `--${kebabOf(name)}`
  return [
    ...new Set([
      kebabOf(name),
      fileKeyOf(name),
      flagOf(name),
      variableOf(name),
      ...(isNegated ? [`--${kebabOf(name)}`] : []),
    ]),
  ]
}

/** Who may set it, in one sentence. */
export function settingPlaces(name: AnySetting): string {
  const row = settingOf(name)
  const short = row.short === undefined ? '' : ` (-${row.short})`
  const places = [
    `flag ${flagOf(name)}${short}`,
    ...(row.variable === false ? [] : [`variable ${variableOf(name)}`]),
    ...(row.file === null
      ? []
      : [`key ${fileKeyOf(name)} of tenant-drift.yaml${row.file === 'tenant' ? ', also of one tenant' : ''}`]),
    ...(row.action === null ? [] : [`input ${inputNameOf(name)} of the action`]),
  ]
  const preview = { file: 'A preview reads its variable and its key.', variable: 'A preview reads its variable.' }
  return `Set by: ${places.join('; ')}.${row.preview === null ? '' : ` ${preview[row.preview]}`}`
}
