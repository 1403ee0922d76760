import type { Json } from './json.ts'

/**
 * One declared resource server, in the names of the API. Null means "must not be set"; a key left out means "I say nothing about it".
 * Generated from the field catalogue (npm run generate).
 */
export interface DeclaredResourceServer {
  /** The tenant's own id of the API. */
  readonly id?: string
  /** The audience of the API: unique, and fixed once set. */
  readonly identifier: string
  /** The name people see. */
  readonly name?: string | null
  /** Whether the API is one of the tenant’s own; the tenant sends it only where it is true. */
  readonly is_system?: boolean | null
  /** The client that is linked to this API (set through the clients endpoint). */
  readonly client_id?: string | null
  /** The permissions that tokens for this API can carry; their order means nothing. */
  readonly scopes?: readonly {
    /** The name of a permission. */
    readonly value: string
    /** What people read about a permission on the consent page. */
    readonly description?: string | null
  }[] | null
  /** The algorithm that signs access tokens. */
  readonly signing_alg?: 'HS256' | 'RS256' | 'RS512' | 'PS256'
  /** The secret that signs with HS256; compared, never shown. */
  readonly signing_secret?: string | null
  /** Whether refresh tokens may be issued for this API. */
  readonly allow_offline_access?: boolean
  /** Whether online refresh tokens may be issued. */
  readonly allow_online_access?: boolean | null
  /** Whether online refresh tokens may be issued in ephemeral sessions. */
  readonly allow_online_access_with_ephemeral_sessions?: boolean | null
  /** Whether anonymous sessions may get tokens for this API. From an early beta; subject_type_authorization.anonymous_user has replaced it. */
  readonly allow_anonymous_access?: boolean | null
  /** The form of claims that tell agents from users: with it, sub names a client without its suffix @clients. */
  readonly agent_subject_claims?: 'auth0-v1' | null
  /** Whether first-party clients skip the consent page; third parties always show it. */
  readonly skip_consent_for_verifiable_first_party_clients?: boolean
  /** Lifetime in seconds of an access token from the token endpoint. */
  readonly token_lifetime?: number
  /** Lifetime in seconds of an access token from a browser flow. */
  readonly token_lifetime_for_web?: number
  /** Lifetime in seconds of an access token of an anonymous session: one day to 30 days. */
  readonly token_lifetime_for_anonymous_access_tokens?: number | null
  /** Whether role-based access control decides which scopes a token gets. */
  readonly enforce_policies?: boolean | null
  /** The claims that an access token has. */
  readonly token_dialect?: 'access_token' | 'access_token_authz' | 'rfc9068_profile' | 'rfc9068_profile_authz' | null
  /** Encrypts access tokens for the API. */
  readonly token_encryption?: {
    /** The format of encrypted tokens. */
    readonly format: 'compact-nested-jwe'
    /** The public key that tokens are encrypted for. */
    readonly encryption_key: {
      /** The name of the key. */
      readonly name?: string | null
      /** The algorithm that wraps the content key. */
      readonly alg: 'RSA-OAEP-256' | 'RSA-OAEP-384' | 'RSA-OAEP-512'
      /** The id of the key in token headers. */
      readonly kid?: string | null
      /** The public key itself (one CERTIFICATE or PUBLIC KEY block, RSA). The tenant never returns it: it is compared by thumbprint. */
      readonly pem?: string
      /** The RFC 7638 thumbprint of the public key, as the tenant returns it; may be declared in place of pem. */
      readonly thumbprint_sha256?: string
    }
  } | null
  /** How consent is asked for a transaction. */
  readonly consent_policy?: 'transactional-authorization-with-mfa' | 'standard' | null
  /** Whether each approval of a consent must be digitally signed. */
  readonly require_consent_non_repudiation?: boolean | null
  /** The types of rich authorization requests; their order means nothing. */
  readonly authorization_details?: readonly {
    /** A type of authorization details. */
    readonly type: string
    readonly [member: string]: Json
  }[] | null
  /** Binds access tokens to a key of the client, so that a stolen token is useless. */
  readonly proof_of_possession?: {
    /** How possession is proven: mutual TLS or DPoP. */
    readonly mechanism: 'mtls' | 'dpop' | 'none'
    /** Whether tokens without proof of possession are refused. */
    readonly required: boolean
    /** Which clients must prove possession. */
    readonly required_for?: 'public_clients' | 'all_clients'
  } | null
  /** Which clients may get tokens for this API, by kind of subject. */
  readonly subject_type_authorization?: {
    /** Access to this API for user flows. */
    readonly user?: {
      /** Which clients may get tokens for this API in user flows. */
      readonly policy?: 'allow_all' | 'require_client_grant' | 'deny_all'
    }
    /** Access to this API for client flows. */
    readonly client?: {
      /** Which clients may get tokens for this API in client flows. */
      readonly policy?: 'require_client_grant' | 'deny_all'
    }
    /** Access to this API for anonymous sessions. */
    readonly anonymous_user?: {
      /** Which clients may get tokens for this API in anonymous sessions. */
      readonly policy?: 'deny_all' | 'require_client_grant'
    }
  }
  /** What access tokens for this API hold besides the claims of their dialect. */
  readonly access_token?: {
    /** Where claims of access tokens come from. */
    readonly claims_mapping?: {
      /** Claims of the tokens of anonymous sessions; a change replaces the whole list. */
      readonly custom_claims?: readonly {
        /** The name of a claim. */
        readonly name: string
        /** Where the value of the claim comes from: a path of names and dots. */
        readonly expression: string
      }[] | null
    } | null
  } | null
  /** The authorization policy that guards this API. */
  readonly authorization_policy?: {
    /** The id of the authorization policy. */
    readonly policy_id: string
  } | null
}
