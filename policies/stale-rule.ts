import { asJsonObject, textOrNull, type Json, type JsonObject } from '../src/schema/json.ts'
import { reasonToLower } from './level.ts'
import { ruleText } from '../src/words/rule.ts'
import { violation, type PolicyOf } from './violation.ts'

/** Whoever makes this policy mandatory has what `--strict-rules` is to the command. Several checks of one tenant say a rule once. */
export function staleRule(): PolicyOf['judge'] {
  const said = new Set<string>()
  return function* judge(check, config) {
    const rules = Array.isArray(check.observed.staleRules) ? (check.observed.staleRules as readonly Json[]) : []
    for (const rule of rules.map(asJsonObject)) {
      const key = textOfRule(rule)
      if (said.has(key)) continue
      said.add(key)
      const gravity = { kind: 'changed', origin: null, severity: 'low', touched: true, isNotice: false } as const
      yield violation([key], gravity.severity, reasonToLower(gravity, config))
    }
  }
}

function textOfRule(rule: JsonObject): string {
  const text = (value: Json | undefined) => textOrNull(value) ?? ''
  return ruleText({
    state: rule.state === 'expired' || rule.state === 'expiring' ? rule.state : 'unused',
    resource_server: text(rule.resource_server),
    path: text(rule.path),
    owner: text(rule.owner),
    expires: text(rule.expires),
    file: textOrNull(rule.file),
    line: typeof rule.line === 'number' ? rule.line : null,
    hides: null,
  })
}
