import { parsePath, type Path } from './path.ts'

/** Whether a finding's path lies where a rule points. */
export type PathPattern = (path: Path) => boolean

/**
 * What a rule's `path` covers: the place itself and all that lies in it, as with Pulumi's `ignoreChanges`. It is a Pulumi property path, in which
 * `*` is any one step and `**` any number of them, or a JSON Pointer (RFC 6901), which begins with `/`. The empty text is a whole API and nothing
 * in it. Null where the text is neither.
 */
export function pathPattern(text: string): PathPattern | null {
  if (text === '') return (path) => path.length === 0
  if (text.startsWith('/')) {
    const steps = pointerSteps(text)
    return steps === null ? null : (path) => covers(steps, path, false)
  }
  const steps = parsePath(text)
  return steps === null ? null : (path) => covers(steps, path, true)
}

function pointerSteps(text: string): Path | null {
  if (/~(?![01])/.test(text)) return null
  return text
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function covers(pattern: Path, path: Path, hasStars: boolean): boolean {
  const [first, ...rest] = pattern
  if (first === undefined) return true
  if (hasStars && first === '**') {
    return path.concat('').some((_step, index) => covers(rest, path.slice(index), hasStars))
  }
  const [step, ...inner] = path
  if (step === undefined) return false
  return ((hasStars && first === '*') || first === step) && covers(rest, inner, hasStars)
}
