import { createHash, randomUUID } from 'node:crypto'
import { memberOf, own, textAt } from '../schema/json.ts'
import type { Json } from '../schema/json.ts'
import type { ErrorCode } from '../schema/errors.ts'
import { claimsOf } from './claims.ts'
import { HEADER_TEXT, type Credential, type TenantConfig } from './config.ts'
import type { TenantAnswer, Request } from './exchange.ts'
import { answerFault, edgeFault, malformedBody, RequestFault, textIn, unexpectedShape } from './faults.ts'
import type { RetryRule } from './faults.ts'

type ClientCredential = Exclude<Credential, { kind: 'token' }>

/** A token this near to its end is fetched anew: a page sent with it might come too late. */
const MARGIN_MS = 60_000
const ASSERTION_LIFETIME_S = 180
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

export interface Token {
  readonly value: string
  /** `aud` of the token; empty where it is no JWT or has none. */
  readonly audiences: readonly string[]
  /** Epoch ms; null where it is not known (a given token). */
  readonly expiresAt: number | null
}

/** How one reader gets at its token: `send` does one request with retries, and counts it. */
export interface TokenSource {
  readonly now: () => number
  readonly send: (makeRequest: () => Promise<Request>, read: (answer: TenantAnswer) => Token) => Promise<Token>
}

/** Of this process, by everything that makes a token: one request serves all readers for the token's lifetime. */
const fetched = new Map<string, Promise<Token>>()

/**
 * The token of a configuration: given, from the cache, or fetched. `stale` is one that the tenant refused; it is not handed out again.
 * @throws RequestFault `unauthorized`, `wrong_audience`, `rate_limited` and so on; it holds no credential
 */
export async function getToken(config: TenantConfig, source: TokenSource, stale: Token | null): Promise<Token> {
  if (config.credential.kind === 'token') return givenToken(config.credential.token)
  const key = cacheKey(config, config.credential)
  const cached = fetched.get(key)
  // Whoever began it may have been closed or out of time: then it is ours to try.
  const known = cached === undefined ? null : await cached.catch(() => null)
  if (known !== null && known.value !== stale?.value && isFresh(known, source.now())) return known
  const current = fetched.get(key)
  if (current !== undefined && current !== cached) return current
  const request = requestToken(config, config.credential, source)
  fetched.set(key, request)
  request.catch(() => {
    if (fetched.get(key) === request) fetched.delete(key)
  })
  return request
}

function isFresh(token: Token, now: number): boolean {
  return token.expiresAt === null || token.expiresAt - MARGIN_MS > now
}

function givenToken(value: string): Token {
  return { value, audiences: audiencesOf(value), expiresAt: null }
}

async function requestToken(config: TenantConfig, credential: ClientCredential, source: TokenSource) {
  const audience = config.audience ?? `${config.origin}/api/v2/`
  const what = 'the token request'
  // Made anew for every try: the `jti` of an assertion is accepted once.
  const makeRequest = async (): Promise<Request> => ({
    method: 'POST',
    path: '/oauth/token',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      grant_type: 'client_credentials',
      client_id: credential.clientId,
      audience,
      ...(credential.kind === 'client-secret'
        ? { client_secret: credential.clientSecret }
        : {
            client_assertion_type: ASSERTION_TYPE,
            client_assertion: await assertion(config, credential, source.now()),
          }),
    }),
    what,
  })
  return source.send(makeRequest, (answer) => readAnsweredToken(answer, what, source.now(), credential.kind))
}

/** Signed by jose, which is loaded here because most readers never need it. */
async function assertion(
  config: TenantConfig,
  credential: Extract<Credential, { kind: 'private-key' }>,
  now: number,
): Promise<string> {
  const { SignJWT } = await import('jose')
  const issuedAt = Math.floor(now / 1000)
  return new SignJWT({})
    .setProtectedHeader({ alg: credential.algorithm, typ: 'JWT' })
    .setIssuer(credential.clientId)
    .setSubject(credential.clientId)
    .setAudience(assertionAudience(config))
    .setJti(randomUUID())
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ASSERTION_LIFETIME_S)
    .sign(credential.key)
}

/** `https://TENANT/`, of the tenant and not of its custom domain: behind one, AUTH0_AUDIENCE tells the tenant. */
function assertionAudience(config: TenantConfig): string {
  const suffix = 'api/v2/'
  return config.audience?.endsWith(`/${suffix}`) === true
    ? config.audience.slice(0, -suffix.length)
    : `${config.origin}/`
}

function readAnsweredToken(answer: TenantAnswer, what: string, now: number, kind: ClientCredential['kind']): Token {
  if (answer.status !== 200) throw edgeFault(answer, what) ?? tokenFault(answer, what, kind)
  if (!answer.json.ok) throw malformedBody(what)
  const body = answer.json.value
  const value = textAt(body, 'access_token')
  if (value === null || !HEADER_TEXT.test(value)) throw unexpectedShape(what, 'no access_token in it')
  const lifetime = memberOf(body, 'expires_in')
  return {
    value,
    audiences: audiencesOf(value),
    expiresAt: now + (typeof lifetime === 'number' && lifetime > 0 ? lifetime * 1000 : 0),
  }
}

/** Bodies of the token endpoint as recorded: `{"error","error_description"}`; only the description tells the two kinds of 403 apart. */
function tokenFault(answer: TenantAnswer, what: string, kind: ClientCredential['kind']): RequestFault {
  const { status, retryAfterMs } = answer
  // What means the same wherever it is asked for.
  if (status < 300 || status === 408 || status >= 500) return answerFault(status, null, retryAfterMs, what)
  const fault = (code: ErrorCode, message: string, advice: string, retry: RetryRule = 'never'): RequestFault =>
    new RequestFault(code, `${message} (${what}: HTTP ${status})`, advice, { retry, status, retryAfterMs })
  if (status === 429)
    return fault(
      'rate_limited',
      'The tenant allows no more tokens at the moment',
      'Wait, or give a token in AUTH0_API_TOKEN.',
      'throttled',
    )
  if (textIn(answer, 'error_description')?.startsWith('Service not enabled within domain') === true)
    return fault(
      'wrong_audience',
      'The tenant knows no API with the audience asked for',
      'Set AUTH0_AUDIENCE (Pulumi config auth0:audience) to https://TENANT/api/v2/ of the tenant itself; with a custom domain it is still the domain of the tenant.',
    )
  if (status === 403)
    return fault(
      'unauthorized',
      'The application may not get tokens for the Management API',
      'Authorize the application for the Auth0 Management API with read:resource_servers (a client grant).',
    )
  if (status === 401 || /^(invalid_client|unauthorized_client|access_denied)$/.test(textIn(answer, 'error') ?? ''))
    return fault(
      'unauthorized',
      'The tenant refused the client credentials',
      kind === 'private-key'
        ? 'Check AUTH0_CLIENT_ID and AUTH0_CLIENT_ASSERTION_PRIVATE_KEY, that they belong to AUTH0_DOMAIN, and the clock of this machine: a signed assertion is valid for minutes only.'
        : 'Check AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET (or AUTH0_CLIENT_ASSERTION_PRIVATE_KEY), and that they belong to AUTH0_DOMAIN.',
    )
  if (status === 404 || (status >= 300 && status < 400))
    return fault(
      'not_found',
      'There is no token endpoint at this address',
      'Check AUTH0_DOMAIN (Pulumi config auth0:domain).',
    )
  return fault(
    'bad_request',
    'The tenant refused the token request as invalid',
    'Check AUTH0_CLIENT_ID, AUTH0_AUDIENCE and that the application has the grant type client_credentials.',
  )
}

/** `aud` of a JWT, unverified: it only says which list we expect, and the tenant verifies the token itself. */
function audiencesOf(token: string): readonly string[] {
  if (token.split('.').length !== 3) return []
  const audience = own(claimsOf(token), 'aud')
  const list: readonly Json[] = Array.isArray(audience) ? audience : [audience ?? null]
  return list.filter((entry) => typeof entry === 'string')
}

/** A digest, so that the cache itself holds no credential. */
function cacheKey(config: TenantConfig, credential: ClientCredential): string {
  const proof =
    credential.kind === 'client-secret'
      ? credential.clientSecret
      : credential.key.export({ type: 'pkcs8', format: 'der' }).toString('base64')
  const parts = [config.origin, config.audience, credential.kind, credential.clientId, proof]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}
