/** Where the names of a team's environment variables stand for its credentials; a value never does. */
export const CREDENTIAL_KEYS = ['api_token', 'client_id', 'client_secret', 'private_key'] as const
export type CredentialKey = (typeof CREDENTIAL_KEYS)[number]
