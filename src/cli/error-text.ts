import type { Hider } from '../words/hide.ts'

/** Expected failures say what to do; a bug says where it is, for whoever is to mend it. Hidden before its lines are told apart. */
export function errorText(error: unknown, hider: Hider): string {
  if (!(error instanceof Error)) return 'error: The command failed.\n'
  const advice = 'advice' in error && typeof error.advice === 'string' ? hider.hide(error.advice) : null
  const isExpected = advice !== null || error.constructor === Error
  const message = hider.hide(error.message).replaceAll('\n', '\nerror: ')
  if (isExpected) return `error: ${message}\n${advice === null ? '' : `${advice}\n`}`
  return `error: This is a bug in tenant-drift: ${hider.hide(error.stack ?? message)}\n`
}
