import { createPublicKey } from 'node:crypto'
import { jwtVerify } from 'jose'
import { jsonAnswer } from './answers.ts'
import type { Answer } from './answers.ts'
import { objectIn } from './body.ts'
import type { Tenant } from './tenant.ts'

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const ALGORITHMS = ['RS256', 'RS384', 'PS256']
const MOST_SECONDS = 300
const SKEW_SECONDS = 10
const DAY = 86_400

/** `POST /oauth/token` with client credentials: form or JSON, secret or assertion. Bodies of refusals: reference pages. */
export async function answerTokenRequest(tenant: Tenant, contentType: string | null, text: string): Promise<Answer> {
  const sent = parseBody(contentType, text)
  if (sent === null) return refuseToken(400, 'invalid_request', 'Malformed request body')
  const { grant_type: grant, audience } = sent
  if (grant === undefined) return refuseToken(400, 'invalid_request', 'Missing required parameter: grant_type')
  if (grant !== 'client_credentials')
    return refuseToken(403, 'unsupported_grant_type', `Unsupported grant type: ${grant}`)
  if (!(await isClient(tenant, sent))) return refuseToken(401, 'access_denied', 'Unauthorized')
  if (audience === undefined) {
    return refuseToken(
      403,
      'access_denied',
      'No audience parameter was provided, and no default audience has been configured',
    )
  }
  const managed = tenant.audienceOf(audience)
  if (managed === null) {
    const known = tenant.store.has(audience)
    return refuseToken(
      403,
      'access_denied',
      known
        ? `Client is not authorized to access "${audience}". You need to create a "client-grant" associated to this API.`
        : `Service not enabled within domain: ${audience}`,
    )
  }
  // The Management API's own, as of any API.
  const lifetime = tenant.store.find(tenant.audience)?.token_lifetime
  const seconds = typeof lifetime === 'number' && lifetime > 0 ? lifetime : DAY
  const token = await tenant.issueToken({ audience: managed, expiresInSeconds: seconds })
  return jsonAnswer(200, {
    access_token: token,
    scope: tenant.scopes.join(' '),
    expires_in: seconds,
    token_type: 'Bearer',
  })
}

async function isClient(tenant: Tenant, sent: Readonly<Record<string, string>>): Promise<boolean> {
  const { client_assertion: assertion, client_assertion_type: type } = sent
  if (assertion !== undefined) return type === ASSERTION_TYPE && isAssertion(tenant, assertion)
  return sent.client_id === tenant.clientId && sent.client_secret === tenant.clientSecret
}

/** Signed by a registered key, issued by and for the client, short-lived, used once. */
async function isAssertion(tenant: Tenant, assertion: string): Promise<boolean> {
  for (const pem of tenant.assertionKeys) {
    try {
      const { payload } = await jwtVerify(assertion, createPublicKey(pem), {
        algorithms: ALGORITHMS,
        issuer: tenant.clientId,
        subject: tenant.clientId,
        audience: [...tenant.issuers],
        clockTolerance: SKEW_SECONDS,
        currentDate: new Date(tenant.now()),
        requiredClaims: ['exp', 'jti'],
      })
      const { exp = 0, jti = '' } = payload
      const isShort = exp - tenant.now() / 1000 <= MOST_SECONDS + SKEW_SECONDS
      if (!isShort || tenant.usedAssertions.has(jti)) return false
      tenant.usedAssertions.add(jti)
      return true
    } catch {
      // Not signed by this key, or not meant for this tenant: the next key may fit.
    }
  }
  return false
}

function parseBody(contentType: string | null, text: string): Readonly<Record<string, string>> | null {
  if (contentType?.includes('application/x-www-form-urlencoded') === true)
    return Object.fromEntries(new URLSearchParams(text))
  const body = objectIn(text)
  if (body === null) return null
  return Object.fromEntries(
    Object.entries(body).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value] as const] : [])),
  )
}

function refuseToken(status: number, error: string, description: string): Answer {
  return jsonAnswer(status, { error, error_description: description })
}
