import { CREDENTIAL_KEYS, VARIABLE_OF_KEY } from '../schema/credential-keys.ts'
import { nonBlank } from '../schema/environment.ts'
import { own } from '../schema/json.ts'
import { valueText } from '../schema/setting-words.ts'
import { fileKeyOf, SETTING_NAMES, settingOf } from '../schema/settings.ts'
import { printable } from '../words/printable.ts'
import { DEFAULT_BRANCH } from '../schema/follow.ts'
import { followOf } from './follow.ts'
import type { Io } from './io.ts'
import { domainAddress, type Plan, type TenantPlan } from './plan.ts'

const WIDEST = 120

/** `--show-config`: every value and where it comes from. Of credentials only whether they are there; of variables, which may be secrets, the names. */
export function showConfig(plan: Plan, io: Io, isServe = false): string {
  const lines = [`config           ${plan.config?.shown ?? '(none found)'}`]
  for (const tenant of plan.tenants) {
    if (tenant.name !== null) lines.push('', `tenant ${tenant.name}`)
    lines.push(...tenantLines(plan, tenant, io, isServe))
  }
  return `${lines.join('\n')}\n`
}

function tenantLines(plan: Plan, tenant: TenantPlan, io: Io, isServe: boolean): readonly string[] {
  const { hide } = io.secrets.hider()
  const row = (name: string, value: string, origin: string): string =>
    // Before it is cut: half a secret is not found any more.
    `${name.padEnd(16)} ${printable(hide(value), WIDEST)}${origin === '' ? '' : `  (${hide(origin)})`}`
  const settings = SETTING_NAMES.filter(
    (name) => name !== 'tenant' && (isServe || settingOf(name).holds !== 'serve'),
  ).map((name) => {
    const { value, origin } = tenant.settings[name]
    return row(fileKeyOf(name), valueText(settingOf(name), value) || '(none)', origin)
  })
  const follow = isServe ? followOf(plan, tenant) : null
  const followed =
    follow === null ? [] : [row('follow', `${follow.repository}, branch ${follow.branch ?? DEFAULT_BRANCH}`, '')]
  const variables = Object.keys(tenant.variables).map((name) => row('variable', `${name} = (hidden)`, ''))
  const named = plan.config?.config.tenants?.[tenant.name ?? '']?.credentials
  const credentials =
    named === undefined
      ? Object.values(VARIABLE_OF_KEY).map((name) => row('credential', `${name} ${isThere(tenant.env[name])}`, ''))
      : CREDENTIAL_KEYS.flatMap((key) => {
          const variable = named[key]
          return variable === undefined
            ? []
            : [row('credential', `${key}: ${variable} ${isThere(own(io.env, variable))}`, '')]
        })
  return [
    row('domain', domainAddress(tenant.domain) ?? (tenant.domain === null ? '(not set)' : '(no domain)'), ''),
    ...settings,
    ...followed,
    ...variables,
    ...credentials,
  ]
}

function isThere(value: string | undefined): string {
  return nonBlank(value) === null ? 'is not set' : '= (hidden)'
}
