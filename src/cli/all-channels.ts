import type { Config } from '../schema/config.ts'
import type { ChannelConfig } from '../schema/notify.ts'

/** The channels of a configuration, those for all tenants and those of each: whoever asks this loads nothing of their room. */
export function allChannels({ notify = [], tenants = {} }: Config): readonly ChannelConfig[] {
  return [...notify, ...Object.values(tenants).flatMap((tenant) => tenant.notify ?? [])]
}
