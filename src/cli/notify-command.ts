import { findConfig } from '../declared/config-file.ts'
import { diskFiles } from '../git/disk-files.ts'
import { credentialNames, testAll } from '../notify/front.ts'
import { fromVariable } from '../schema/setting-layers.ts'
import { addCredentials } from '../words/credentials.ts'
import { configMistake } from '../schema/errors.ts'
import { allChannels } from './all-channels.ts'
import type { Io } from './io.ts'
import { channelsIn } from './tell.ts'

export interface NotifyFlags {
  readonly test: boolean
  readonly config?: string
}

/**
 * `tenant-drift notify --test`: one marked message to every channel of the configuration, of every tenant. Ends with 1 where one of them refused it.
 * @throws MistakesError `invalid_config` with every mistake at once, before anything is sent
 */
export async function notify({ config: named }: NotifyFlags, io: Io): Promise<number> {
  const config = await findConfig(named ?? fromVariable('config', io.env), io.cwd, diskFiles(io.cwd))
  if (config === null) throw configMistake('notify: there is no tenant-drift.yaml here; give one with --config')
  addCredentials(io.secrets, io.env, credentialNames(allChannels(config.config)))
  const names = Object.keys(config.config.tenants ?? {})
  const planned = channelsIn(config, names, io)
  if (planned.length === 0) throw configMistake(`${config.shown}: notify names no channel`)
  const results = await testAll(
    planned.map(({ channel }) => channel),
    io.env,
    io.now,
  )
  for (const { name, problem, note } of results)
    io.out(
      `${problem === null ? 'sent   ' : 'refused'}  ${name}${problem === null ? '' : `: ${problem}`}${note === null ? '' : ` (${note})`}\n`,
    )
  return results.every(({ problem }) => problem === null) ? 0 : 1
}
