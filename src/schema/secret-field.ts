/**
 * The field that holds a secret: the one row of the catalogue whose comparison is `secret` (a test holds the two together). Spelt here and not asked of
 * the catalogue, because what stands before the first request loads no rows.
 */
export const SIGNING_SECRET = 'signing_secret'
