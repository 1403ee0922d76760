import type { Settings } from '../schema/setting-layers.ts'
import type { DoctorLine } from './doctor-line.ts'

/** The one scope that reading needs. */
export const NEEDED_SCOPE = 'read:resource_servers'

type Asking = 'who' | 'affected'

interface MoreScope {
  readonly scope: string
  /** The setting that makes use of it. */
  readonly setting: Asking
  /** What it gives, behind "shows". */
  readonly gives: string
  /** Another one that shows it, too. */
  readonly orElse?: string
}

/** What more a credential may read, and what that is good for. */
const MORE_SCOPES: readonly MoreScope[] = [
  { scope: 'read:logs', setting: 'who', gives: 'who changed what counts' },
  { scope: 'read:client_grants', setting: 'affected', gives: 'which applications have a grant' },
  { scope: 'read:client_summary', setting: 'affected', gives: 'their names', orElse: 'read:clients' },
  {
    scope: 'read:clients',
    setting: 'affected',
    gives: 'their names, and what they can do',
    orElse: 'read:client_keys',
  },
  { scope: 'read:tenant_settings', setting: 'affected', gives: 'the default audience' },
]

function isInForce(setting: Asking, settings: Settings): boolean {
  const { value } = settings[setting]
  return value !== false && value !== 'false'
}

/** Scopes that a setting in force makes use of. */
export function usedScopes(settings: Settings): readonly string[] {
  return MORE_SCOPES.filter(({ setting }) => isInForce(setting, settings)).flatMap(({ scope, orElse }) =>
    orElse === undefined ? [scope] : [scope, orElse],
  )
}

/** Of each setting that asks for more: its scopes and what each gives; where it is in force, which of them are there. `scopes`: null where the token does not say. */
export function moreScopeLines(scopes: readonly string[] | null, settings: Settings): readonly DoctorLine[] {
  const all = [...new Set(MORE_SCOPES.map(({ setting }) => setting))]
  return all.flatMap((setting): readonly DoctorLine[] => {
    const mine = MORE_SCOPES.filter((each) => each.setting === setting)
    if (!isInForce(setting, settings) || scopes === null) {
      const list = mine.map(({ scope, gives }) => `${scope} shows ${gives}`).join('; ')
      return [{ state: 'note', fact: `scopes that --${setting} can use: ${list}` }]
    }
    return mine.map(({ scope, gives, orElse }): DoctorLine => {
      if (scopes.includes(scope)) return { state: 'ok', fact: `scopes: ${scope} is there: it shows ${gives}` }
      if (orElse !== undefined && scopes.includes(orElse))
        return { state: 'ok', fact: `scopes: ${scope} is not needed beside ${orElse}` }
      const advice = `Without it --${setting} reports this as not known. Grant it to the application if you want to know.`
      return { state: 'note', fact: `scopes: ${scope} is not there: it would show ${gives}`, advice }
    })
  })
}
