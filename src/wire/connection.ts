import { ProxyError } from './proxy-error.ts'

/** Codes of failed connections for which the same request fails again. */
export const HOPELESS =
  /^(ENOTFOUND|EPROTO|CERT_|ERR_TLS_|ERR_SSL_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|UND_ERR_DESTROYED|UND_ERR_CLOSED)/
export const CERTIFICATE = /^(CERT_|ERR_TLS_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_)/
export const TIMEOUT = /^(UND_ERR_(HEADERS|BODY|CONNECT)_TIMEOUT|ETIMEDOUT)$/

/**
 * Whether an error is a bug, of ours or of what we are built from: the network makes none of these. Such a one is neither told as the network's
 * fault nor tried again.
 */
export function isBug(error: unknown): boolean {
  const kinds = [TypeError, RangeError, ReferenceError, SyntaxError, URIError]
  return kinds.some((kind) => error instanceof kind) || /^UND_ERR_(INVALID_|NOT_SUPPORTED)/.test(codeOf(error))
}

/** What went wrong before the other side was reached; null where it was no proxy. */
export function proxyErrorIn(error: unknown): ProxyError | null {
  return chainOf(error).find((each) => each instanceof ProxyError) ?? null
}

/** What a failed connection is called, in words of ours. */
export function wordsFor(code: string): string {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `the name was not found (${code})`
  if (code === 'ECONNREFUSED') return `the connection was refused (${code})`
  if (code === 'CERT_HAS_EXPIRED') return `its certificate has expired (${code})`
  if (code === 'CERT_NOT_YET_VALID') return `its certificate is not valid yet (${code})`
  if (CERTIFICATE.test(code)) return `its certificate is not trusted (${code})`
  return code === '' ? 'the connection failed' : `the connection failed (${code})`
}

/** The innermost code of a chain of causes; happy eyeballs hands out an AggregateError that has one too. */
export function codeOf(error: unknown): string {
  let code = ''
  for (const each of chainOf(error))
    if ('code' in each && typeof each.code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(each.code)) code = each.code
  return code
}

function chainOf(error: unknown): readonly Error[] {
  const chain: Error[] = []
  for (let next = error; next instanceof Error && chain.length < 5; next = next.cause) chain.push(next)
  return chain
}
