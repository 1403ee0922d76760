import { isLoopback } from './loopback.ts'

/** Where a tenant is. `tenant` is its name in reports and digests: a host, or `http://127.0.0.1:PORT` where it is plain http. */
export interface TenantAddress {
  readonly tenant: string
  /** Scheme, host and port, without a slash at the end. */
  readonly origin: string
  readonly loopback: boolean
}

/** What is wrong with an address; it never repeats what was written, which may hold a password. */
export interface AddressMistake {
  readonly mistake: string
}

/** RFC 1035, section 2.3.4. */
const LONGEST_HOST = 253
const LONGEST_LABEL = 63

/**
 * Reads a tenant's address as people write it: `acme.eu.auth0.com`, `https://acme.eu.auth0.com/`, `http://127.0.0.1:8080`.
 * Without a scheme it is https. Plain http only where it is written, and only for loopback: a token must not cross a network in clear.
 */
export function parseAddress(text: string): TenantAddress | AddressMistake {
  const written = text.trim()
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(written)
  const url = URL.parse(hasScheme ? written : `https://${written}`)
  if (url === null || /[\s\\]/.test(written)) return { mistake: 'is not a domain; write it like acme.eu.auth0.com' }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return { mistake: 'has a scheme other than https and http' }
  if (url.username !== '' || url.password !== '' || written.includes('@'))
    return { mistake: 'holds credentials; write only the domain' }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || /[?#]/.test(written))
    return { mistake: 'has a path or a query; write only the domain' }
  // A credential that somebody put here by mistake is a host to the eye of a URL; no name server should hear it.
  if (url.hostname.length > LONGEST_HOST || url.hostname.split('.').some((label) => label.length > LONGEST_LABEL))
    return {
      mistake: 'is too long for a domain and may be a token or a secret; write the domain like acme.eu.auth0.com',
    }
  const loopback = isLoopback(url.hostname)
  if (url.protocol === 'http:' && !loopback)
    return { mistake: 'is plain http, which is allowed for loopback only; leave the scheme out to use https' }
  return { tenant: url.protocol === 'http:' ? url.origin : url.host, origin: url.origin, loopback }
}

/** True where both name the same tenant, however they are written. */
export function isSameTenant(a: string, b: string): boolean {
  const left = parseAddress(a)
  const right = parseAddress(b)
  return 'origin' in left && 'origin' in right && left.origin === right.origin
}

/** What all ways to write one tenant have in common. A text that is no address is told from others by its letters, big or small. */
export function addressKey(text: string): string {
  const address = parseAddress(text)
  return 'origin' in address ? address.origin : text.toLowerCase()
}
