import { isLoopback } from './loopback.ts'

/** Https, or plain http to this machine; never with a user or a password in it. */
export function isSafeUrl(value: string): boolean {
  if (!URL.canParse(value) || /[\s\\]/.test(value)) return false
  const url = new URL(value)
  if (url.username !== '' || url.password !== '') return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
}
