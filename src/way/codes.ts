/** Codes of failed connections for which the same request fails again. */
export const HOPELESS =
  /^(ENOTFOUND|EPROTO|CERT_|ERR_TLS_|ERR_SSL_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|UND_ERR_DESTROYED|UND_ERR_CLOSED)/
export const CERTIFICATE = /^(CERT_|ERR_TLS_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_)/
export const TIMEOUT = /^(UND_ERR_(HEADERS|BODY|CONNECT)_TIMEOUT|ETIMEDOUT)$/

/** What a failed connection is called, in words of ours. */
export function wordsFor(code: string): string {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `the name was not found (${code})`
  if (code === 'ECONNREFUSED') return `the connection was refused (${code})`
  if (code === 'CERT_HAS_EXPIRED') return `its certificate has expired (${code})`
  if (code === 'CERT_NOT_YET_VALID') return `its certificate is not valid yet (${code})`
  if (CERTIFICATE.test(code)) return `its certificate is not trusted (${code})`
  return code === '' ? 'the connection failed' : `the connection failed (${code})`
}
