import { onTestFinished } from 'vitest'
import { startSimulator } from '../../src/simulator/front.ts'
import type { Simulator, SimulatorOptions } from '../../src/simulator/front.ts'
import type { Json } from '../../src/schema/json.ts'

export const LIST = '/api/v2/resource-servers'

export interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body read as JSON; undefined where it is none. */
  readonly json: Json | undefined
}

/** A simulator that ends with the test. */
export async function start(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator(options)
  onTestFinished(() => simulator.close())
  return simulator
}

export interface CallOptions {
  readonly method?: string
  readonly body?: Json
  /** Null sends none. */
  readonly authorization?: string | null
}

export async function call(simulator: Simulator, path: string, options: CallOptions = {}): Promise<Answered> {
  const authorization = options.authorization === undefined ? `Bearer ${simulator.token}` : options.authorization
  const answer = await fetch(simulator.url + path, {
    method: options.method ?? 'GET',
    headers: { 'content-type': 'application/json', ...(authorization !== null && { authorization }) },
    ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
  })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, text, json: parse(text) }
}

export const itemPath = (identifier: string): string => `${LIST}/${encodeURIComponent(identifier)}`

export const post = (simulator: Simulator, body: Json): Promise<Answered> =>
  call(simulator, LIST, { method: 'POST', body })

export const patch = (simulator: Simulator, identifier: string, body: Json): Promise<Answered> =>
  call(simulator, itemPath(identifier), { method: 'PATCH', body })

export const get = (simulator: Simulator, identifier: string): Promise<Answered> =>
  call(simulator, itemPath(identifier))

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}
