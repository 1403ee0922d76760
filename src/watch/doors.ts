import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { BlockList, isIP } from 'node:net'
import { isLoopback } from '../schema/loopback.ts'
import { isSafeUrl } from '../schema/safe-url.ts'

/** Where the service listens, and who may come in. */
export interface Doors {
  readonly host: string
  readonly port: number
  /** Null: whoever reaches it may look (loopback alone). */
  readonly token: string | null
  /** A header in which a proxy of these networks says who is there. */
  readonly userHeader: { readonly name: string; readonly isTrusted: (address: string) => boolean } | null
  /** Origin by which people reach it; null where nobody said so. */
  readonly pageUrl: string | null
}

export interface DoorSettings {
  readonly listen: string
  readonly pageUrl: string | null
  readonly trustUserHeader: string | null
  readonly trustedProxy: readonly string[]
  /** Of TENANT_DRIFT_SERVE_TOKEN. */
  readonly token: string | null
  /** What it is now, where it may change: asked at each request. */
  readonly tokenNow?: () => string | null
}

const LEAST_TOKEN = 16

/** Doors as they are set, or every mistake. None repeats a token. */
export function readDoors(settings: DoorSettings): Doors | { readonly mistakes: readonly string[] } {
  const mistakes: string[] = []
  const address = readListen(settings.listen)
  if (address === null) mistakes.push('listen: HOST:PORT is expected, like 127.0.0.1:8484')
  const { token } = settings
  if (token !== null && !isToken(token))
    mistakes.push(`TENANT_DRIFT_SERVE_TOKEN: ${LEAST_TOKEN} or more visible characters are expected, without blanks`)
  const pageUrl = settings.pageUrl === null ? null : readPageUrl(settings.pageUrl)
  if (pageUrl === undefined)
    mistakes.push('page_url: an address like https://drift.example.com is expected, without path (http for loopback)')
  const networks = new BlockList()
  for (const cidr of settings.trustedProxy)
    if (!addNetwork(networks, cidr)) mistakes.push('trusted_proxy: a network like 10.0.0.0/8 or fd00::/8 is expected')
  const { trustUserHeader: name } = settings
  if (name !== null && !/^[A-Za-z][A-Za-z0-9-]{1,60}$/.test(name))
    mistakes.push('trust_user_header: the name of a header is expected, like X-Forwarded-User')
  if ((name === null) !== (settings.trustedProxy.length === 0))
    mistakes.push(
      'trust_user_header and trusted_proxy must both be set: without trusted_proxy anybody could send the header',
    )
  if (address !== null && !isHere(address.host) && token === null && name === null) {
    mistakes.push(
      'listen: other machines can reach this address, so people must log in: set TENANT_DRIFT_SERVE_TOKEN, or trust_user_header with trusted_proxy',
    )
  }
  if (address === null || pageUrl === undefined || mistakes.length > 0) return { mistakes: [...new Set(mistakes)] }
  let last = token
  return {
    ...address,
    get token() {
      if (last === null) return null
      // A file that cannot be read, or is half written, opens no door; and whatever held before the last one holds no more.
      const found = settings.tokenNow?.() ?? null
      if (found !== null && isToken(found)) last = found
      return last
    },
    pageUrl,
    userHeader: name === null ? null : { name, isTrusted: (from) => isInNetworks(networks, from) },
  }
}

function isToken(text: string): boolean {
  return text.length >= LEAST_TOKEN && /^[\x21-\x7e]+$/.test(text)
}

function readListen(text: string): { readonly host: string; readonly port: number } | null {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text.trim())
  const [host, port] = [match?.[1] ?? match?.[2], Number(match?.[3])]
  return host === undefined || !(port <= 65_535) ? null : { host, port }
}

function readPageUrl(text: string): string | undefined {
  if (!isSafeUrl(text)) return undefined
  const { origin, pathname, search } = new URL(text)
  return pathname === '/' && search === '' ? origin : undefined
}

function addNetwork(networks: BlockList, cidr: string): boolean {
  const [address = '', bits = ''] = cidr.trim().split('/')
  const version = isIP(address)
  const most = version === 4 ? 32 : 128
  const length = bits === '' ? most : Number(bits)
  if (version === 0 || !/^\d{0,3}$/.test(bits) || length > most) return false
  networks.addSubnet(address, length, version === 4 ? 'ipv4' : 'ipv6')
  return true
}

function isInNetworks(networks: BlockList, address: string): boolean {
  // How a socket of both families names an address of the older one.
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? []
  const from = mapped ?? address
  const version = isIP(from)
  return version !== 0 && networks.check(from, version === 4 ? 'ipv4' : 'ipv6')
}

/** Whether nobody but this machine reaches an address that is listened on. */
export function isHere(host: string): boolean {
  return isLoopback(host) || host === '::1'
}

/** Without a hint of where two differ, and whatever their lengths. */
export function isSameSecret(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}

/** What stands in `Authorization`, with or without "Bearer": Auth0 sends it as it was typed. */
export function sentToken(header: string | undefined): string | null {
  const text = header?.replace(/^bearer\s+/i, '').trim() ?? ''
  return text === '' ? null : text
}

export const COOKIE = 'tenant_drift'
/** How long a browser need not show the token again. */
export const SESSION_MS = 12 * 3_600_000

/** What a browser keeps after it showed the token: not the token itself, and nothing once that is another one. */
export function makeCookie(token: string, now: number): string {
  const until = String(now + SESSION_MS)
  return `${until}.${sealOf(token, until)}`
}

export function isCookie(value: string, token: string, now: number): boolean {
  const [until = '', seal = ''] = value.split('.')
  return /^\d{1,15}$/.test(until) && Number(until) > now && isSameSecret(seal, sealOf(token, until))
}

function sealOf(token: string, until: string): string {
  return createHmac('sha256', token).update(`tenant-drift page ${until}`).digest('base64url')
}

/**
 * Whether a `Host` may be answered: a name that somebody made lead here by force is none of ours. An address of numbers is safe from that, and what
 * probes a machine by its own knows no name.
 */
export function isKnownHost(header: string | undefined, { host, pageUrl }: Doors): boolean {
  const text = header?.toLowerCase() ?? ''
  const name = text.startsWith('[') ? text.slice(0, text.indexOf(']') + 1) : text.replace(/:\d+$/, '')
  if (isIP(name.replace(/^\[|\]$/g, '')) !== 0 || name === 'localhost') return true
  return name === host.toLowerCase() || (pageUrl !== null && text === new URL(pageUrl).host)
}

/** Whether a request that changes something comes from our own page, or from no page at all. */
export function isSameOrigin(
  header: (name: string) => string | undefined,
  host: string | undefined,
  { pageUrl }: Doors,
): boolean {
  // Browsers send it, and no page can change it.
  const site = header('sec-fetch-site')
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  const origin = header('origin')
  if (origin === undefined) return true
  if (!URL.canParse(origin)) return false
  return origin === pageUrl || new URL(origin).host === host?.toLowerCase()
}
