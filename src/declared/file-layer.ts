import { own, type JsonObject } from '../schema/json.ts'
import type { Layer, GivenValue } from '../schema/setting-layers.ts'
import { ALL_SETTINGS, fileKeyOf, settingOf, type AnySetting } from '../schema/settings.ts'
import type { ConfigFile } from './config-file.ts'

/** What a file says of the settings: at its top, or (with a name) for one tenant. */
export function fileLayer(file: ConfigFile, tenant: string | null): Layer {
  const at = tenant === null ? [] : ['tenants', tenant]
  const section = (tenant === null ? file.config : own(file.config.tenants, tenant)) as JsonObject | undefined
  const values: Partial<Record<AnySetting, GivenValue>> = {}
  for (const name of ALL_SETTINGS) {
    const { kind, file: where } = settingOf(name)
    if (where === null || (tenant !== null && where !== 'tenant')) continue
    const written = own(section, fileKeyOf(name))
    // What is neither a text nor a list of them is no value of a setting: who understands it reads it by itself.
    if (written === undefined || written === null || (typeof written === 'object' && !Array.isArray(written))) continue
    values[name] = kind === 'list' && !Array.isArray(written) ? [String(written)] : (written as GivenValue)
  }
  return {
    origin: (name) => `${file.shown}:${file.place([...at, fileKeyOf(name)]).line ?? 1}`,
    folder: file.folder,
    values,
  }
}
