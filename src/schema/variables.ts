/** Between our action and the command that it starts: `true` where everybody can read the repository. */
export const PUBLIC_VARIABLE = 'TENANT_DRIFT_PUBLIC'

/** A variable of declared files is read from the variable of the environment that has this before its name. */
export const VARIABLE_PREFIX = 'TENANT_DRIFT_VAR_'

/** Variables of the environment that are no settings of a run: who we are to the tenant, the way to it, and what declared files take. */
export const OTHER_VARIABLES = {
  AUTH0_DOMAIN: 'The tenant, as `acme.eu.auth0.com`. Plain `http://` only where written, and only for loopback.',
  AUTH0_CLIENT_ID: 'The application that reads the tenant.',
  AUTH0_CLIENT_SECRET: 'Its secret.',
  AUTH0_CLIENT_ASSERTION_PRIVATE_KEY: 'Its private key in place of a secret, as PEM.',
  AUTH0_CLIENT_ASSERTION_SIGNING_ALG: 'How the key signs: `RS256` (unless given), `RS384` or `PS256`.',
  AUTH0_API_TOKEN: 'A token in place of an application.',
  AUTH0_AUDIENCE: 'Audience of the Management API, where the tenant has a custom domain.',
  TENANT_DRIFT_VAR_NAME: 'Value of `${NAME}` in declared files, one variable for each name.',
  TENANT_DRIFT_SERVE_TOKEN: 'Token for the page and the API of `serve`: 16 characters or more.',
  TENANT_DRIFT_SERVE_TOKEN_FILE: 'File that holds it, in place of the variable; read at each request.',
  SOURCE_DATE_EPOCH: 'Whole seconds since 1970. Stops the clock of a run, so that the same input gives the same bytes.',
  NO_COLOR: 'No colour on standard output, unless `--color` says otherwise.',
  FORCE_COLOR: 'Colour on standard output, unless `--color` says otherwise.',
  HTTPS_PROXY: 'The proxy to the tenant, as `http://HOST:PORT`; the same name in lower case wins.',
  HTTP_PROXY: 'The same, where HTTPS_PROXY is not set.',
  NO_PROXY: 'Hosts that are reached without the proxy.',
  NODE_EXTRA_CA_CERTS: 'File with the certificate authority of a proxy that opens TLS. Node reads it itself.',
} as const satisfies Readonly<Record<string, string>>
