import { createPrivateKey, createPublicKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'
import { invalidToken, missingAuthentication, problem } from './answers.ts'
import type { Answer } from './answers.ts'
import type { Random } from './random.ts'

/** The bytes of a PKCS#8 Ed25519 key before its 32 bytes of seed. */
const ED25519_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')
const DAY = 86_400
/** Verified tokens are remembered: a page of 100 APIs must not cost a signature check each time. */
const MOST_REMEMBERED = 1000

export interface TokenClaims {
  readonly audience: string
  readonly scopes: readonly string[]
  readonly issuer: string
  readonly clientId: string
  /** Seconds; a day unless given, negative for one that has expired. */
  readonly expiresIn?: number
}

/** Issues and checks the tenant's access tokens. The key comes from the seed. */
export class Tokens {
  readonly #privateKey: KeyObject
  readonly #publicKey: KeyObject
  readonly #now: () => number
  readonly #known = new Map<string, { readonly scopes: ReadonlySet<string>; readonly expires: number }>()

  constructor(random: Random, now: () => number) {
    this.#privateKey = createPrivateKey({
      key: Buffer.concat([ED25519_PREFIX, random.bytes(32)]),
      format: 'der',
      type: 'pkcs8',
    })
    this.#publicKey = createPublicKey(this.#privateKey)
    this.#now = now
  }

  issue(claims: TokenClaims): Promise<string> {
    const issued = Math.floor(this.#now() / 1000)
    return new SignJWT({ scope: claims.scopes.join(' '), gty: 'client-credentials', azp: claims.clientId })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT' })
      .setIssuer(claims.issuer)
      .setSubject(`${claims.clientId}@clients`)
      .setAudience(claims.audience)
      .setIssuedAt(issued)
      .setExpirationTime(issued + (claims.expiresIn ?? DAY))
      .sign(this.#privateKey)
  }

  /** The scopes of a request's token, or the answer that refuses it. */
  async check(authorization: string | null, audiences: readonly string[]): Promise<ReadonlySet<string> | Answer> {
    if (authorization === null) return missingAuthentication()
    const token = /^Bearer (\S+)$/i.exec(authorization)?.[1]
    if (token === undefined) return problem(400, 'Bad HTTP authentication header format')
    const known = this.#known.get(token)
    if (known !== undefined && known.expires > this.#now() / 1000) return known.scopes
    try {
      const { payload } = await jwtVerify(token, this.#publicKey, {
        audience: [...audiences],
        currentDate: new Date(this.#now()),
      })
      const scopes = new Set(String(payload.scope).split(' '))
      if (this.#known.size >= MOST_REMEMBERED) this.#known.clear()
      this.#known.set(token, { scopes, expires: payload.exp ?? 0 })
      return scopes
    } catch (error) {
      return invalidToken(tokenRefusal(error))
    }
  }
}

/** Wording: public reports of the real tenant's answers. */
function tokenRefusal(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'Expired token received for JSON Web Token validation'
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud') return 'Bad audience'
  const { JWSSignatureVerificationFailed, JOSEAlgNotAllowed, JOSENotSupported } = errors
  const unsigned = [JWSSignatureVerificationFailed, JOSEAlgNotAllowed, JOSENotSupported, TypeError]
  const isUnsigned = unsigned.some((kind) => error instanceof kind)
  return isUnsigned ? 'Invalid signature received for JSON Web Token validation' : 'Invalid token'
}
