import type { Environment } from '../schema/environment.ts'

/** The way out through a proxy: its URL, with user and password where it has them. Never print it. */
export interface ProxyWay {
  readonly url: string
  /** The variable that says so. */
  readonly variable: string
}

/** Everything is asked over https; HTTP_PROXY stands in where there is no other. Lower case wins, as in curl. */
const VARIABLES = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'] as const

/**
 * The proxy for one address; null where the way is direct: no variable is set, NO_PROXY names the host, or it is loopback. A variable that is
 * set and empty turns the next one off, as everywhere.
 */
export function proxyFor(origin: string, loopback: boolean, env: Environment): ProxyWay | { mistake: string } | null {
  if (loopback || isBypassed(new URL(origin), env['no_proxy'] ?? env['NO_PROXY'] ?? '')) return null
  const https = VARIABLES.slice(0, 2).find((name) => env[name] !== undefined)
  const http = VARIABLES.slice(2).find((name) => env[name] !== undefined)
  const variable = [https, http].find((name) => name !== undefined && env[name]?.trim() !== '')
  if (variable === undefined) return null
  const url = readProxy(env[variable]?.trim() ?? '')
  return 'mistake' in url ? { mistake: `${variable} ${url.mistake}` } : { url: url.href, variable }
}

/** As people write it: without a scheme it is http, as in curl. The mistake never repeats it, for it may hold a password. */
function readProxy(text: string): URL | { mistake: string } {
  const written = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`
  const url = URL.canParse(written) && !/[\s\\]/.test(written) ? new URL(written) : null
  if (url === null) return { mistake: 'is not the URL of a proxy; write it like http://proxy.example.com:3128' }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return { mistake: 'has a scheme other than http and https, the only ones that are supported' }
  try {
    decodeURIComponent(`${url.username}:${url.password}`)
  } catch {
    return { mistake: 'has a user or a password with a bare %; write it as %25' }
  }
  return url
}

/**
 * Hosts and domains (`acme.eu.auth0.com`, `.auth0.com`, `*.auth0.com`, `auth0.com`), each with a port or without, parted by commas or blanks;
 * `*` is all. A domain means what is below it as well, but for `*.`, which means that alone.
 */
function isBypassed(url: URL, list: string): boolean {
  const host = bareHost(url.hostname)
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
  return list
    .toLowerCase()
    .split(/[,\s]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      const [, name = '', forPort] = /^(\[.+\]|[^:]+|[^[\]]*:[^[\]]*:[^[\]]*)(?::(\d+))?$/.exec(entry) ?? []
      if (forPort !== undefined && forPort !== port) return false
      if (name === '*') return true
      const domain = bareHost(name.replace(/^\*?\./, ''))
      if (domain === '') return false
      return (host === domain && !name.startsWith('*.')) || host.endsWith(`.${domain}`)
    })
}

/** Without the brackets of IPv6, and without the dot that only says that a name is whole. */
function bareHost(host: string): string {
  return host.replace(/^\[(.+)\]$/, '$1').replace(/(.)\.$/, '$1')
}
