import type { ConfigFile } from '../declared/config-file.ts'
import { own } from '../schema/json.ts'
import { fileKeyOf, type Layer, type SettingName, type Written } from './settings.ts'

/** What a file says of the settings: at its top, or (with a name) for one tenant. */
export function fileLayer(file: ConfigFile, tenant: string | null): Layer {
  const at = tenant === null ? [] : ['tenants', tenant]
  const section = tenant === null ? file.config : file.config.tenants?.[tenant]
  const values: Partial<Record<SettingName, Written>> = {}
  for (const name of FILE_SETTINGS) {
    const written = own(section as unknown as Parameters<typeof own>[0], fileKeyOf(name))
    if (written === undefined || written === null) continue
    // A variable that holds the URL: the one place that asks for it reads it (`history.ts`).
    if (typeof written === 'object' && !Array.isArray(written)) continue
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
    'lifetimeCeiling',
    'gate',
    'failOn',
    'onlyNew',
    'strictRules',
    'maxAge',
    'confirm',
    'history',
    'historyView',
    'recurringWithin',
    'remindAfter',
  ] as const),
]
