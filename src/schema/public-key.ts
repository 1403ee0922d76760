import { createHash, createPublicKey, X509Certificate } from 'node:crypto'

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]*)-----END \1-----/g

export type PublicKeyResult =
  | { readonly ok: true; readonly thumbprint: string }
  | { readonly ok: false; readonly message: string }

const memo = new Map<string, PublicKeyResult>()

/**
 * The RFC 7638 thumbprint (SHA-256, base64url) of the RSA key in a PEM: what the tenant returns as `thumbprint_sha256` in place of the key.
 * Exactly one CERTIFICATE or PUBLIC KEY block is taken. Messages never hold any of the text: it may be a private key by mistake.
 * Node's own parser is not asked before the check: it accepts a private key, another key type and the first of two blocks.
 */
export function publicKeyThumbprint(pem: string): PublicKeyResult {
  const known = memo.get(pem)
  if (known !== undefined) return known
  const result = read(pem.trim())
  if (result.ok) memo.set(pem, result)
  return result
}

function read(pem: string): PublicKeyResult {
  if (/PRIVATE KEY/.test(pem))
    return refuse('is a PRIVATE key; give the public key, and replace the key pair if this file was shared')
  const blocks = [...pem.matchAll(BLOCK)]
  const block = blocks[0]
  if (block === undefined) return refuse('is not a PEM: a CERTIFICATE or PUBLIC KEY block is expected')
  if (blocks.length > 1 || block[0] !== pem)
    return refuse('holds more than one PEM block or other text; give exactly one')
  const label = block[1]
  if (label !== 'CERTIFICATE' && label !== 'PUBLIC KEY')
    return refuse('is another kind of PEM; a CERTIFICATE or PUBLIC KEY block is expected')
  try {
    const key = label === 'CERTIFICATE' ? new X509Certificate(pem).publicKey : createPublicKey(pem)
    if (key.asymmetricKeyType !== 'rsa') return refuse('does not hold an RSA key')
    const { e, n } = key.export({ format: 'jwk' })
    if (e === undefined || n === undefined) return refuse('does not hold an RSA key')
    return {
      ok: true,
      thumbprint: createHash('sha256')
        .update(JSON.stringify({ e, kty: 'RSA', n }))
        .digest('base64url'),
    }
  } catch {
    return refuse('is damaged: it cannot be read as a key')
  }
}

function refuse(message: string): PublicKeyResult {
  return { ok: false, message }
}
