import { VARIABLE_OF_KEY } from '../schema/credential-keys.ts'
import { nonBlank } from '../schema/environment.ts'
import type { ActionIo } from './io.ts'
import { input } from './inputs.ts'

/** A client id is no secret. */
const { client_id: _public, ...SECRETS } = VARIABLE_OF_KEY

/**
 * `--live` where the job holds no credentials (a fork's pull request, Dependabot: GitHub gives them no secrets, and an absent secret is an empty
 * variable) and a snapshot file was named for it. Otherwise nothing: a job without both is judged by the check, which then cannot tell.
 */
export function fallbackLive(io: ActionIo): readonly string[] {
  const { env, out } = io
  const file = input(io, 'fallback-live')
  if (file === '' || input(io, 'live') !== '') return []
  const names = [...Object.values(SECRETS), ...input(io, 'credential-variables').split(/\s+/)]
  if (names.some((name) => nonBlank(env[name]) !== null)) return []
  out('This job has no credentials, so it judges the snapshot file.\n')
  return [`--live=${file}`]
}
