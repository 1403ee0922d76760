import { createHmac } from 'node:crypto'

/** The bytes of a `whsec_` secret (Standard Webhooks 1.0.0: base64 of 24 to 64 bytes); null for anything else. */
export function readSecrets(text: string): Buffer | null {
  const [, base64] = /^whsec_([A-Za-z0-9+/]{32,88}={0,2})$/.exec(text) ?? []
  if (base64 === undefined) return null
  const bytes = Buffer.from(base64, 'base64')
  return bytes.length >= 24 && bytes.length <= 64 ? bytes : null
}

/** The three headers of Standard Webhooks. The time is that of the attempt, in whole seconds; with two secrets there are two signatures. */
export function signed(
  id: string,
  body: string,
  secrets: readonly Buffer[],
  now: number,
): Readonly<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>> {
  const time = String(Math.floor(now / 1000))
  const signatures = secrets.map(
    (secret) => `v1,${createHmac('sha256', secret).update(`${id}.${time}.${body}`).digest('base64')}`,
  )
  return { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signatures.join(' ') }
}
