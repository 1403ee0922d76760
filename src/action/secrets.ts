import { soundsLikeCredential } from '../schema/sounds-secret.ts'
import { VARIABLE_PREFIX } from '../schema/variables.ts'
import { addAmbientCredentials, addCredentials } from '../words/credentials.ts'
import { SecretValues } from '../words/secret-values.ts'
import { input } from './inputs.ts'
import type { ActionIo, ActionWorld } from './io.ts'

/** The world, which hears no secret of the job from here on. What the check learns it hides itself, before anything of it comes here. */
export function withoutSecrets(world: ActionWorld): ActionIo {
  const secrets = new SecretValues()
  addAmbientCredentials(secrets, world.env)
  const io: ActionIo = { ...world, secrets, out: (text) => world.out(secrets.hider().hide(text)) }
  addCredentials(secrets, world.env, input(io, 'credential-variables').split(/\s+/))
  return io
}

/**
 * Lets the runner hide values of variables that sound secret in every later line of the log, too: those that somebody wrote out, and that are no secret of
 * GitHub's. Only a real runner takes the order off the log; anywhere else it would be the leak.
 */
export function maskVariables({ env, out }: ActionWorld): void {
  if (env.GITHUB_ACTIONS !== 'true') return
  for (const [name, value = ''] of Object.entries(env)) {
    if (!name.startsWith(VARIABLE_PREFIX) || !soundsLikeCredential(name)) continue
    for (const line of value.split(/\r?\n/)) if (line.trim() !== '') out(`::add-mask::${line.replaceAll('%', '%25')}\n`)
  }
}
