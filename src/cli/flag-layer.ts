import type { GivenValue, Layer, Sourced } from '../schema/setting-layers.ts'
import { flagOf, type SettingName } from '../schema/settings.ts'

/** What commander found, under the names of the settings. */
export function flagLayer(flags: Readonly<Partial<Record<SettingName, GivenValue>>>, cwd: string): Layer {
  return { origin: (name) => `flag ${flagOf(name)}`, folder: cwd, values: flags }
}

/** Whether the command line or the environment says it, so that no file does. */
export function isOverruled({ origin }: Sourced<unknown>): boolean {
  return /^(?:flag|variable) /.test(origin)
}
