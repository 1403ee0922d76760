import type { FindingKind, Origin } from '../../src/schema/finding.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { pathText } from '../../src/schema/path.ts'
import { bareApi } from '../../test/support/corpus.ts'
import { drift, type Draft, type Expected } from './case.ts'

const api = (more: JsonObject = {}): JsonObject => ({ ...bareApi(), name: 'An API', ...more })
const SAYS: JsonObject = { name: 'An API', signing_alg: 'RS256', token_lifetime: 86_400 }
const EDITED: JsonObject = { ...SAYS, token_lifetime: 60 }

const whole = (kind: FindingKind, origin: Origin | null, counts: boolean): Expected => ({
  kind,
  path: '',
  origin,
  direction: 'neutral',
  counts,
})

/** APIs that come, go and are made again: docs/glossary.md, origins of whole APIs. */
export function wholeApis(): readonly Draft[] {
  const group = 'whole APIs'
  const missing = (origin: Origin, counts = true) => [whole('missing', origin, counts)]
  return [
    { group, title: 'deleted, no base', declared: SAYS, live: null, expected: missing('drift') },
    { group, title: 'deleted', declared: SAYS, base: SAYS, live: null, expected: missing('drift'), adopted: 0 },
    {
      group,
      title: 'deleted, edited in the code',
      declared: EDITED,
      base: SAYS,
      live: null,
      expected: missing('conflict'),
      adopted: 0,
    },
    {
      group,
      title: 'new in the code',
      declared: SAYS,
      base: null,
      live: null,
      expected: missing('pending', false),
      adopted: 0,
    },
    {
      group,
      title: 'new in the code, recorded, and gone',
      declared: SAYS,
      base: null,
      recorded: api(),
      live: null,
      expected: missing('drift'),
      adopted: 0,
    },
    {
      group,
      title: 'recorded, declared nowhere, and gone',
      declared: null,
      recorded: api(),
      live: null,
      expected: missing('drift'),
    },
    {
      group,
      title: 'made by hand, first run',
      declared: null,
      live: api(),
      expected: [whole('unmanaged', null, false)],
    },
    {
      group,
      title: 'made by hand after the record',
      declared: null,
      recorded: null,
      live: api(),
      expected: [whole('unmanaged', 'drift', true)],
    },
    { group, title: 'recorded, declared nowhere', declared: null, recorded: api(), live: api(), expected: [] },
    {
      group,
      title: 'taken out of the code, still live',
      declared: null,
      base: SAYS,
      live: api(),
      expected: [whole('unmanaged', 'pending', false)],
      adopted: 0,
    },
    {
      group,
      title: 'taken out of the code, changed by hand',
      declared: null,
      base: SAYS,
      live: api({ token_lifetime: 7 }),
      expected: [whole('unmanaged', 'conflict', true)],
      adopted: 0,
    },
    { group, title: 'taken out of the code, gone', declared: null, base: SAYS, live: null, expected: [], adopted: 1 },
    { group, title: 'new in the code, live as declared', declared: SAYS, base: null, live: api(), expected: [] },
    {
      group,
      title: 'made again with another id',
      declared: { ...SAYS, id: 'own-1' },
      live: api({ id: 'own-2' }),
      expected: [drift('id', 'neutral')],
    },
    {
      group,
      title: 'made again with another id, a base',
      declared: { ...SAYS, id: 'own-1' },
      base: { ...SAYS, id: 'own-1' },
      live: api({ id: 'own-2' }),
      expected: [drift('id', 'neutral')],
      adopted: 0,
    },
    {
      group,
      title: 'made again, its old id recorded',
      declared: SAYS,
      recorded: api({ id: 'own-1' }),
      live: api({ id: 'own-2' }),
      expected: [drift('id', 'neutral')],
    },
    {
      group,
      title: 'made again, and its new id declared',
      declared: { ...SAYS, id: 'own-2' },
      base: { ...SAYS, id: 'own-1' },
      live: api({ id: 'own-2' }),
      expected: [],
      adopted: 1,
    },
  ]
}

/** The tenant's own APIs: never unmanaged, with defaults of their own, and with scopes that grow by themselves. */
export function systemApis(): readonly Draft[] {
  const group = "the tenant's own APIs"
  const mine = (more: JsonObject = {}): JsonObject =>
    api({
      name: 'Auth0 My Account API',
      is_system: true,
      allow_offline_access: true,
      skip_consent_for_verifiable_first_party_clients: true,
      token_lifetime: 600,
      token_lifetime_for_web: 600,
      proof_of_possession: { mechanism: 'dpop', required: false },
      subject_type_authorization: { user: { policy: 'require_client_grant' }, client: { policy: 'deny_all' } },
      scopes: [{ value: 'read:me' }],
      ...more,
    })
  const grown = mine({ scopes: [{ value: 'read:me' }, { value: 'create:me' }] })
  const shrunk = mine({ scopes: [] })
  const at = (host: string) => ({ group, identifier: `https://${host}.eu.auth0.com/me/` })
  return [
    { ...at('first'), title: 'as the tenant makes it', declared: null, live: mine(), expected: [] },
    { ...at('known'), title: 'recorded', declared: null, recorded: mine(), live: mine(), expected: [] },
    { ...at('new'), title: 'newer than the record', declared: null, recorded: null, live: mine(), expected: [] },
    { ...at('grown'), title: 'with a new scope', declared: null, recorded: mine(), live: grown, expected: [] },
    {
      ...at('shrunk'),
      title: 'with a scope that went away',
      declared: null,
      recorded: mine(),
      live: shrunk,
      expected: [{ ...drift(pathText(['scopes', 'read:me']), 'strengthened'), kind: 'undeclared' }],
    },
    {
      ...at('loose'),
      title: 'open to all after the record',
      declared: null,
      recorded: mine(),
      live: mine({ subject_type_authorization: { user: { policy: 'allow_all' }, client: { policy: 'deny_all' } } }),
      expected: [{ ...drift('subject_type_authorization.user.policy', 'weakened'), kind: 'undeclared' }],
    },
    {
      ...at('first-loose'),
      title: 'with a longer lifetime, first run',
      declared: null,
      live: mine({ token_lifetime: 6000 }),
      expected: [{ ...drift('token_lifetime', 'weakened'), kind: 'undeclared', origin: null, counts: false }],
    },
    {
      ...at('declared'),
      title: 'declared, and changed by hand',
      declared: { token_lifetime: 600 },
      base: { token_lifetime: 600 },
      live: mine({ token_lifetime: 6000 }),
      expected: [drift('token_lifetime', 'weakened')],
      adopted: 0,
    },
  ]
}
