import type { Io } from './io.ts'

/** no-color.org; `--color` wins over the variables. */
export function wantsColor(color: string, { env, isOutTerminal }: Io): boolean {
  if (color !== 'auto') return color === 'always'
  if (isSet(env.NO_COLOR)) return false
  if (isSet(env.FORCE_COLOR)) return env.FORCE_COLOR !== '0'
  return isOutTerminal && env.TERM !== 'dumb'
}

/** NO_COLOR and its like: any value that is not empty. */
function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== ''
}
