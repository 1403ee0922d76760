import { createPrivateKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

/** What the token endpoint accepts for private key JWT. */
export const ASSERTION_ALGORITHMS = ['RS256', 'RS384', 'PS256'] as const
export type AssertionAlgorithm = (typeof ASSERTION_ALGORITHMS)[number]

/**
 * The private key of a client assertion, PKCS#1 or PKCS#8 in PEM (jose's own importer refuses PKCS#1).
 * Pipelines often hold it on one line with `\n` written out; that is accepted. The mistake never repeats the text.
 */
export function readAssertionKey(text: string): { readonly key: KeyObject } | { readonly mistake: string } {
  const pem = text.includes('\n') ? text : text.replaceAll(String.raw`\n`, '\n')
  if (/ENCRYPTED/.test(pem)) return { mistake: 'is encrypted; give the key without a passphrase' }
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyType !== 'rsa') return { mistake: 'is not an RSA key' }
    if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) return { mistake: 'is shorter than 2048 bits' }
    return { key }
  } catch {
    return { mistake: 'is not a private key in PEM (PKCS#1 or PKCS#8); give the key itself, not a path' }
  }
}
