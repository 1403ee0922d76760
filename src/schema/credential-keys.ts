/** The variables that hold a tenant's credentials, by the names that programs give these (`Auth0Tenant`, the provider of `@pulumi/auth0`). */
export const CREDENTIAL_VARIABLES = {
  apiToken: 'AUTH0_API_TOKEN',
  clientId: 'AUTH0_CLIENT_ID',
  clientSecret: 'AUTH0_CLIENT_SECRET',
  clientAssertionPrivateKey: 'AUTH0_CLIENT_ASSERTION_PRIVATE_KEY',
  clientAssertionSigningAlg: 'AUTH0_CLIENT_ASSERTION_SIGNING_ALG',
  audience: 'AUTH0_AUDIENCE',
} as const

/** Where the names of a team's environment variables stand for its credentials; a value never does. */
export const CREDENTIAL_KEYS = ['api_token', 'client_id', 'client_secret', 'private_key'] as const
export type CredentialKey = (typeof CREDENTIAL_KEYS)[number]

/** The variable that each of these stands for. */
export const VARIABLE_OF_KEY: Readonly<Record<CredentialKey, string>> = {
  api_token: CREDENTIAL_VARIABLES.apiToken,
  client_id: CREDENTIAL_VARIABLES.clientId,
  client_secret: CREDENTIAL_VARIABLES.clientSecret,
  private_key: CREDENTIAL_VARIABLES.clientAssertionPrivateKey,
}
