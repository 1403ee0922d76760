import type { Json, JsonObject } from '../src/schema/json.ts'
import { asJsonObject } from '../src/schema/observed.ts'
import { reasonToLower } from './level.ts'
import { textOf } from './read-check.ts'
import { showName } from './show-values.ts'
import { violation, type PolicyOf } from './violation.ts'

/** Whoever makes this policy mandatory has what `--strict-rules` is to the command. Several checks of one tenant say a rule once. */
export function staleRule(): PolicyOf['judge'] {
  const said = new Set<string>()
  return function* judge(check, config) {
    const rules = Array.isArray(check.observed.staleRules) ? (check.observed.staleRules as readonly Json[]) : []
    for (const rule of rules.map(asJsonObject)) {
      const lines = linesOf(rule)
      const key = lines.join('\n')
      if (said.has(key)) continue
      said.add(key)
      const gravity = { kind: 'changed', origin: null, severity: 'low', touched: true, isNotice: false } as const
      yield violation(lines, gravity.severity, reasonToLower(gravity, config))
    }
  }
}

function linesOf(rule: JsonObject): readonly string[] {
  const [server, path, owner, expires] = [rule.resource_server, rule.path, rule.owner, rule.expires].map(
    (value) => textOf(value) ?? '',
  ) as [string, string, string, string]
  const file = textOf(rule.file)
  const place = file === null ? '' : ` (${file}${typeof rule.line === 'number' ? `:${rule.line}` : ''})`
  const what = `The accept rule for ${path === '' ? 'the whole of' : `${showName(path)} of`} ${showName(server)}${showName(place)}`
  const whose = `It belongs to ${showName(owner)}.`
  switch (rule.state) {
    case 'expired':
      return [
        `${what} is over since ${showName(expires)}: it hides nothing any more.`,
        whose,
        'Mend: take it away, or agree anew and move its end.',
      ]
    case 'expiring':
      return [
        `${what} ends on ${showName(expires)}.`,
        whose,
        'Mend: what it hides, or agree anew and move its end; from the day after it counts again.',
      ]
    default:
      return [
        `${what} matches nothing.`,
        whose,
        'Mend: take it away; what it was for is mended, or it names another API or path.',
      ]
  }
}
