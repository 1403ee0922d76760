import type { Direction, Impact, Severity } from './finding.ts'
import type { FieldRow } from './field-row.ts'

/**
 * What a difference means, and for whom, in words: per field, by direction (and severity, where one direction has two meanings). `breaks` is said
 * where clients stop working; `why` is for the policy's page. A row without words here falls back to its own phrases.
 */
export type Consequence = Partial<Record<Direction | `${Direction}.${Severity}` | 'breaks' | 'why', string>>

export const CONSEQUENCES: Readonly<Record<string, Consequence>> = {
  id: {
    breaks:
      'The API was deleted and created again: its client grants and permissions are gone, and clients get no tokens.',
    why: 'An API that was deleted and created again looks the same in every field but this one. Client grants, role permissions and organization settings hang on the id, so they are gone.',
  },
  name: {
    neutral: 'People see another name on the consent page and in the dashboard.',
    why: 'A name is cosmetic until somebody picks the wrong API by it: in the dashboard, on the consent page, in logs.',
  },
  is_system: {
    neutral:
      "The tenant and the code disagree whether this is one of the tenant's own APIs, which have rules of their own.",
  },
  client_id: {
    neutral: 'Another client is linked: only the linked one can act on behalf of users at this API.',
    why: 'The linked client is the one that may exchange tokens on behalf of users. Whoever can link another one gives that right away.',
  },
  scopes: {
    weakened: 'Clients can ask for a permission that no review has seen, and tokens may carry it.',
    strengthened: 'Clients that ask for this permission no longer get it.',
    breaks: 'Clients that ask for this permission no longer get it.',
    neutral: 'People read another text on the consent page.',
    why: 'Scopes are what the API checks. One that was added by hand can be asked for by clients nobody thought of; one that was removed or renamed takes the permission away from every caller at once.',
  },
  signing_alg: {
    'weakened.critical':
      'Whoever holds the shared secret, every service that checks tokens included, can forge tokens for this API.',
    weakened: 'Tokens are signed with an older padding than was agreed.',
    strengthened: 'Services that still check tokens with the shared secret refuse them.',
    neutral: 'Services that accept only the declared algorithm refuse every token.',
    why: 'With RS256 or PS256 only the tenant can sign. HS256 signs with a secret that the API holds too, so everything that can check a token can also make one. A swap between asymmetric algorithms forges nothing, but validators that are pinned to one refuse the other.',
  },
  signing_secret: {
    weakened: 'HS256 signs with this secret: whoever set it knows it, and can forge tokens for this API.',
    neutral: 'It signs nothing while another algorithm does; under HS256 whoever set it could forge tokens.',
    why: 'The secret makes tokens wherever HS256 signs. It is compared by digest and never shown; nothing of it is in the state, in previews or in this policy.',
  },
  allow_offline_access: {
    weakened: 'Clients get refresh tokens: a stolen one lives on long after the access token has expired.',
    strengthened: 'Clients that ask for offline_access get no refresh token, and their users log in again.',
    why: 'A refresh token turns one login into months of access. It belongs where somebody decided so.',
  },
  allow_online_access: {
    weakened: 'Clients get refresh tokens that live as long as the session.',
  },
  allow_online_access_with_ephemeral_sessions: {
    weakened: 'Clients get refresh tokens from sessions that were meant to leave nothing behind.',
  },
  allow_anonymous_access: {
    weakened: 'Sessions of nobody in particular get tokens for this API.',
    why: 'An API that was written for known users seldom asks whether there is a user at all.',
  },
  agent_subject_claims: {
    neutral: 'The sub claim of tokens changes: the API may take one subject for another.',
    breaks: 'The sub claim of tokens changes: an API that knows its callers by it takes them for others.',
  },
  skip_consent_for_verifiable_first_party_clients: {
    weakened: 'First-party clients get tokens without asking the user.',
    strengthened: 'Users of first-party clients see a consent page again.',
  },
  token_lifetime: {
    weakened: 'A stolen access token works longer than was agreed.',
    strengthened: 'Clients must ask for new tokens more often than they were built for.',
    why: 'An access token cannot be called back. Its lifetime is the time an attacker has.',
  },
  token_lifetime_for_web: {
    weakened: 'An access token stolen from a browser works longer than was agreed.',
    strengthened: 'Browser applications must ask for new tokens more often than they were built for.',
    why: 'Browsers are where tokens leak first, which is why they get a lifetime of their own.',
  },
  token_lifetime_for_anonymous_access_tokens: {
    weakened: 'Tokens of anonymous sessions live longer than was agreed.',
  },
  enforce_policies: {
    weakened: 'Roles no longer decide: clients get every scope they ask for, for any user.',
    breaks: 'Roles now decide: users without the permissions lose scopes they had.',
    strengthened: 'Roles now decide: users without the permissions lose scopes they had.',
    why: 'Without role-based access control a scope is granted because it was asked for. An API that trusts scopes then trusts whoever asks.',
  },
  token_dialect: {
    weakened: 'Tokens leave the RFC 9068 profile: claims that the API checks (jti, typ at+jwt) are gone.',
    strengthened: 'Tokens take up the RFC 9068 profile: their type and claims are others than before.',
    breaks: 'The permissions claim that the API checks is gone: every call is refused, or, worse, none is.',
    neutral: 'The permissions claim came or went; an API that reads it behaves differently.',
    why: 'The dialect decides which claims a token has. APIs that check `permissions`, or the `at+jwt` type, depend on it without saying so.',
  },
  token_encryption: {
    weakened: 'Tokens are no longer encrypted: whoever sees one reads its claims.',
    breaks: 'Tokens are encrypted now: an API without the key cannot read them.',
    strengthened: 'Tokens are encrypted now: an API without the key cannot read them.',
    why: 'Encrypted tokens are readable by one key. Removed, every proxy and log on the way reads them; swapped, somebody else does.',
  },
  'token_encryption.format': { neutral: 'Tokens come in another format than the API decrypts.' },
  'token_encryption.encryption_key.name': { neutral: 'The key is called otherwise; tokens are the same.' },
  'token_encryption.encryption_key.alg': {
    neutral: 'The content key is wrapped by another algorithm; an API pinned to one cannot decrypt.',
  },
  'token_encryption.encryption_key.kid': {
    neutral: 'Token headers name another key: the API may look for the wrong one.',
  },
  'token_encryption.encryption_key.thumbprint_sha256': {
    weakened:
      'Tokens are encrypted for another key: whoever holds its private half reads them, and the API no longer can.',
  },
  'token_encryption.encryption_key.pem': {
    weakened:
      'Tokens are encrypted for another key: whoever holds its private half reads them, and the API no longer can.',
  },
  consent_policy: {
    neutral: 'Transactions ask for consent in another way than was agreed.',
    why: 'Where a transaction is confirmed with a second factor, that is the control. `standard` asks for less.',
  },
  require_consent_non_repudiation: {
    weakened: 'Nobody can prove any more who approved a consent: approvals are taken without a signature.',
    strengthened: 'Approvals without a signature are refused: clients that do not sign them break.',
    breaks: 'Approvals without a signature are refused: clients that do not sign them break.',
    why: 'A signed approval is what is left when a user says that they never agreed to a payment.',
  },
  authorization_details: {
    weakened: 'Clients can ask for a type of authorization that no review has seen.',
    breaks: 'Requests with this type of authorization details fail.',
    neutral: 'Requests with authorization details are described or handled otherwise.',
    why: 'The types are the vocabulary of rich authorization requests: what is not in the list is refused.',
  },
  proof_of_possession: {
    weakened: 'A stolen token works for whoever holds it: nothing ties it to the client any more.',
    'weakened.medium': 'Clients can no longer bind their tokens to a key of their own.',
    strengthened: 'Tokens may be bound to a key of the client; nothing requires it.',
    breaks: 'Clients that do not prove possession of a key get no tokens.',
    neutral: 'Clients that do not prove possession of a key get no tokens.',
    why: 'A bound token is useless without the private key of its client. Once the binding is no longer required, a token from a log or a proxy can be replayed anywhere.',
  },
  'proof_of_possession.mechanism': { neutral: 'Clients that prove possession in the declared way are refused.' },
  'proof_of_possession.required': {
    weakened: 'Tokens without proof of possession are accepted: a stolen one can be replayed by anybody.',
    breaks: 'Clients that do not prove possession of a key get no tokens.',
  },
  'proof_of_possession.required_for': {
    weakened: 'Confidential clients no longer prove possession: their stolen tokens can be replayed.',
    breaks: 'Confidential clients must prove possession too: those that do not get no tokens.',
    strengthened: 'It would ask confidential clients too, once it is required.',
    neutral: 'This version does not know the value, so nobody can say whom it asks.',
  },
  subject_type_authorization: {
    weakened: 'More clients than agreed get tokens for this API.',
    strengthened: 'Clients without a grant lose access.',
    breaks: 'Clients that had access get no tokens.',
    neutral: 'Who gets tokens is not what the code says.',
    why: 'It decides which clients may get tokens at all, before any scope is looked at. `allow_all` means every client of the tenant, third-party ones included.',
  },
  'access_token.claims_mapping.custom_claims': {
    weakened: 'Tokens carry a claim that no review has seen, and the API may trust it.',
    breaks: 'Tokens lack a claim that the API may read.',
    neutral: 'Tokens lack a claim that the API may read.',
    why: 'An API decides by what its tokens say. Whoever can add a claim, or change where it comes from, decides with it.',
  },
  'access_token.claims_mapping.custom_claims.*.expression': {
    weakened: 'A claim of the tokens takes its value from elsewhere, and the API may trust it as before.',
  },
  authorization_policy: {
    weakened: 'The policy that guards this API is gone, or is another one.',
    strengthened: 'A policy that the code does not know guards this API.',
  },
}

/** What a difference at a row means, in one sentence for people. Never empty. */
export function consequence(
  row: FieldRow | null,
  judgement: { readonly direction: Direction; readonly severity: Severity; readonly impact: Impact | null },
): string {
  const words = wordsFor(row)
  const { direction, severity, impact } = judgement
  const said =
    (impact === 'breaks-clients' ? words.breaks : undefined) ?? words[`${direction}.${severity}`] ?? words[direction]
  return said ?? sentence(row?.[direction] ?? GENERIC[direction])
}

const GENERIC: Readonly<Record<Direction, string>> = {
  weakened: 'the live value is less safe than the declared one',
  strengthened: 'the live value is safer than the declared one, and not what was agreed',
  neutral: 'the API behaves otherwise than the code says',
}

/** The words of a row, or of the nearest parent that has some. */
function wordsFor(row: FieldRow | null): Consequence {
  for (let path = row?.path ?? ''; path !== ''; path = path.slice(0, Math.max(path.lastIndexOf('.'), 0))) {
    if (Object.hasOwn(CONSEQUENCES, path)) return CONSEQUENCES[path] ?? {}
  }
  return {}
}

function sentence(phrase: string): string {
  const text = phrase.charAt(0).toUpperCase() + phrase.slice(1)
  return text.endsWith('.') ? text : `${text}.`
}
