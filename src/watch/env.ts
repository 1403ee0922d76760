import type { HttpBindings } from '@hono/node-server'

/** What a route knows of its connection; empty where the app is called in process. */
export type WatchEnv = { Bindings: Partial<HttpBindings> }
