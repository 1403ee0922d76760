import type { Json } from './json.ts'

/** Steps from a resource server to a value: keys, or the key of a list item (`scopes`, `read:orders`, `description`). */
export type Path = readonly string[]

/** Whether a path lies at another one or inside of it. */
export function beginsWith(path: readonly (string | number)[], prefix: readonly (string | number)[]): boolean {
  return prefix.length <= path.length && prefix.every((step, index) => path[index] === step)
}

const PLAIN_STEP = /^[^.[\]"\\\s]+$/

/**
 * A Pulumi property path: steps joined by dots, a step with a dot, bracket, quote or blank in it as `["..."]`.
 * The same text is the key in `drift` and the `path` of a finding: `scopes.read:orders.description`, `scopes["a.b"]`.
 */
export function pathText(path: Path): string {
  let text = ''
  for (const step of path) {
    if (!PLAIN_STEP.test(step)) text += `[${JSON.stringify(step)}]`
    else text += text === '' ? step : `.${step}`
  }
  return text
}

/** The steps of a text that `pathText` wrote, or that a person wrote in Pulumi's syntax (`a.b`, `a["b.c"]`, `a[0]`). Null where it is none. */
export function parsePath(text: string): Path | null {
  const steps: string[] = []
  let rest = text
  while (rest !== '') {
    const plain = /^\.?([^.[\]"\\\s]+)/.exec(rest)
    const quoted = /^\[("(?:[^"\\]|\\.)*")\]/.exec(rest)
    const index = /^\[(\d+|\*)\]/.exec(rest)
    if (quoted?.[1] !== undefined) {
      const step = unquote(quoted[1])
      if (step === null) return null
      steps.push(step)
      rest = rest.slice(quoted[0].length)
    } else if (index?.[1] !== undefined) {
      steps.push(index[1])
      rest = rest.slice(index[0].length)
    } else if (plain?.[1] !== undefined && steps.length > 0 === plain[0].startsWith('.')) {
      steps.push(plain[1])
      rest = rest.slice(plain[0].length)
    } else return null
  }
  return steps
}

function unquote(text: string): string | null {
  try {
    const value = JSON.parse(text) as Json
    return typeof value === 'string' ? value : null
  } catch {
    return null
  }
}
