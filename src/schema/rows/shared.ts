import * as z from 'zod'
import type { FieldRow } from '../field-row.ts'
import { publicKeyThumbprint } from '../public-key.ts'

/** The endpoint's reference; most fields have no page of their own. */
export const REFERENCE = 'https://auth0.com/docs/api/management/v2/resource-servers/get-resource-servers'
export const POP_DOCS = 'https://auth0.com/docs/secure/sender-constraining'
export const JWE_DOCS = 'https://auth0.com/docs/secure/tokens/access-tokens/json-web-encryption'
export const RAR_DOCS = 'https://auth0.com/docs/get-started/apis/configure-rich-authorization-requests'
export const ACCESS_DOCS = 'https://auth0.com/docs/get-started/apis/api-access-policies-for-applications'
export const CLAIMS_DOCS =
  'https://auth0.com/docs/manage-users/sessions/anonymous-sessions/configure-custom-claims-for-anonymous-sessions'
export const AGENT_DOCS = 'https://auth0.com/docs/secure/tokens/access-tokens/access-token-profiles'

export const textUpTo = (max: number, what: string) =>
  z
    .string({ error: `${what} must be a string` })
    .min(1, { error: `${what} must not be empty` })
    .max(max, { error: `${what} must have at most ${max} characters` })

export const oneOf = (values: readonly [string, ...string[]]) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` })
export const flag = z.boolean({ error: 'must be true or false' })
export const seconds = z
  .int({ error: 'must be a whole number of seconds' })
  .min(0, { error: 'must be at least 0 seconds' })
  .max(2_592_000, { error: 'must be at most 2592000 seconds (30 days)' })
export const anonymousSeconds = seconds.min(86_400, { error: 'must be at least 86400 seconds (1 day)' })

export const pem = textUpTo(4096, 'pem').superRefine((value, context) => {
  const result = publicKeyThumbprint(value)
  if (!result.ok) context.addIssue({ code: 'custom', message: `pem ${result.message}` })
})

/** What most rows share: an optional field that a user sets and that is absent until then. */
export const optional = {
  nullable: true,
  presence: 'optional',
  absentEquals: [],
  compare: 'plain',
  setBy: 'user',
  writable: 'both',
  watched: true,
  link: REFERENCE,
} as const satisfies Partial<FieldRow>

/** A field that every resource server has, so that null can never be its value. */
export const present = {
  ...optional,
  nullable: false,
  presence: 'always',
  absenceCode: 'unexpected_shape',
} as const satisfies Partial<FieldRow>

/** A member without which its parent is a mistake. */
export const member = { ...optional, nullable: false, required: true } as const satisfies Partial<FieldRow>

/** Of a row whose differences are judged at other rows: no direction of its own is ever told. */
export const UNJUDGED = { weakened: null, strengthened: null, neutral: null } as const satisfies Partial<FieldRow>

/** How a lifetime is told: the longer, the less safe. */
export const LONGER_IS_WEAKER = {
  weakened: 'longer: medium; beyond the ceiling (86400 s unless configured): high',
  strengthened: 'shorter',
  neutral: null,
} as const satisfies Partial<FieldRow>
