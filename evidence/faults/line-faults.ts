import type { AddressInfo, createServer, Socket } from 'node:net'
import { createSecureServer } from 'node:http2'
import { EVER, SCENES, type Allowed, type FaultCase } from './case.ts'
import type { Spoil } from './relay.ts'
import { PLACES, trust, whenAsked, WIRES, type Place, type Stage } from './stage.ts'

const HOURS_MS = 3_600_000
const BACK_AFTER_MS = 200

/** How many bytes of an answer come through. Over TLS a part of a record is as good as nothing of it. */
const CUTS: Readonly<Record<string, (place: Place) => number>> = {
  'before the headers': () => 0,
  'inside the first line': () => 12,
  'inside the headers': () => 100,
  'inside the body': (place) => (place === 'the token' ? 600 : place === 'the confirmation' ? 260 : 3000),
}
/** Repeats may use up all the time there is. */
const BROKEN: Allowed['codes'] = ['unreachable', 'malformed_body', 'timed_out']

/** What happens to the bytes of a line: broken, closed, silent, or no HTTP; at each place and at each part of an answer. */
export function lineFaults(): readonly FaultCase[] {
  const spoils = Object.entries(CUTS).flatMap(([where, after]) =>
    (['reset', 'close', 'silence'] as const).map((how) => ({
      name: `${how} ${where}`,
      spoil: (place: Place): Spoil => ({ how, after: after(place) }),
      codes: how === 'silence' ? (['timed_out'] as const) : BROKEN,
      // Waiting for a line that is dead takes all the time there is.
      passes: how === 'silence' ? (['timed_out'] as const) : [],
    })),
  )
  const noise = { name: 'noise that is no HTTP', spoil: (): Spoil => ({ how: 'noise' }), codes: BROKEN, passes: BROKEN }
  return WIRES.flatMap((wire) =>
    PLACES.flatMap((place) =>
      [...spoils, noise].flatMap(({ name, spoil, codes, passes }) => {
        // Over h2 the headers are packed: this answer is over before it is cut.
        if (wire === 'h2' && place === 'the confirmation' && name.endsWith('the body')) return []
        return SCENES[place].flatMap((scene) =>
          [EVER, 1].map((times): FaultCase => ({
            group: times === 1 ? 'the line, once' : 'the line, for ever',
            title: `${name} at ${place} (${scene}, ${wire}, ${times === 1 ? 'once' : 'for ever'})`,
            wire,
            place,
            scene,
            allowed: { truth: times === 1, codes: times === 1 ? passes : codes },
            begin: ({ tenant, relay, ends }) => {
              ends.push(whenAsked(tenant, place, times, () => relay.spoil(spoil(place))))
            },
          })),
        )
      }),
    ),
  )
}

/** The line is gone, or leads to somebody else. */
export function lostLines(): readonly FaultCase[] {
  return WIRES.flatMap((wire) =>
    PLACES.flatMap((place) =>
      SCENES[place].flatMap((scene) => {
        const one = (
          name: string,
          allowed: Allowed,
          prepare: (stage: Stage) => (() => Promise<void>) | Promise<() => Promise<void>>,
          times = 1,
        ): FaultCase => ({
          group: 'lines that are lost, or lead to somebody else',
          title: `${name} at ${place} (${scene}, ${wire})`,
          wire,
          place,
          scene,
          allowed,
          async begin(stage) {
            const act = await prepare(stage)
            stage.ends.push(whenAsked(stage.tenant, place, times, act))
          },
        })
        const refused = one(
          'refused from then on',
          { truth: false, codes: ['unreachable'], tells: /AUTH0_DOMAIN/ },
          ({ relay }) =>
            () =>
              relay.leadTo(null),
        )
        const away = one('refused for a moment', { truth: true, codes: [] }, ({ relay, tenant, ends }) => async () => {
          await relay.leadTo(null)
          const timer = setTimeout(() => void relay.leadTo(portOf(tenant.url)), BACK_AFTER_MS)
          ends.unshift(() => clearTimeout(timer))
        })
        if (wire === 'HTTP/1.1') return [refused, away]
        return [
          refused,
          away,
          ...IMPOSTORS.map(({ name, isTrusted, tells, ...certificate }) =>
            // A process is told at its start whom it may trust.
            one(name, { truth: false, codes: ['unreachable'], tells }, async ({ relay, ends }) => {
              const { port, close } = await impostor(certificate, isTrusted)
              ends.push(close)
              return () => relay.leadTo(port)
            }),
          ),
        ]
      }),
    ),
  )
}

const IMPOSTORS = [
  {
    name: 'a certificate nobody vouches for',
    days: [-1, 30],
    ip: '127.0.0.1',
    isTrusted: false,
    tells: /NODE_EXTRA_CA_CERTS/,
  },
  { name: 'a certificate that has expired', days: [-30, -1], ip: '127.0.0.1', isTrusted: true, tells: /renew|clock/ },
  {
    name: 'a certificate that is not valid yet',
    days: [1, 30],
    ip: '127.0.0.1',
    isTrusted: true,
    tells: /renew|clock/,
  },
  { name: 'a certificate for another name', days: [-1, 30], ip: '127.0.0.9', isTrusted: true, tells: /AUTH0_DOMAIN/ },
] as const

/** Somebody else where the tenant was, with a certificate of its own. */
async function impostor(
  { days, ip }: { readonly days: readonly [number, number]; readonly ip: string },
  isTrusted: boolean,
): Promise<{ readonly port: number; readonly close: () => void }> {
  const { generate } = await import('selfsigned')
  const [from, to] = days.map((day) => new Date(Date.now() + day * 24 * HOURS_MS))
  const { private: key, cert } = await generate([{ name: 'commonName', value: `impostor ${String(Math.random())}` }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ...(from && { notBeforeDate: from }),
    ...(to && { notAfterDate: to }),
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip }] },
    ],
  })
  if (isTrusted) trust(cert)
  const server = createSecureServer({ key, cert, allowHTTP1: true }, (_request, response) => response.end('[]'))
  // Nobody gets through the handshake, and that is what the case is about.
  server.on('sessionError', () => undefined)
  return serve(server)
}

/** A server of sockets on loopback, and its end. */
export async function serve(
  server: ReturnType<typeof createServer>,
): Promise<{ readonly port: number; readonly close: () => void }> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', () => resolve()))
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

export function portOf(url: string): number {
  return Number(new URL(url).port)
}
