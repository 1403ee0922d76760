import * as z from 'zod'
import type { Send } from '../way/send.ts'
import { attempt, type Pace } from './attempts.ts'
import { HostFault } from './issue-host.ts'

const PAGE = 100
const MOST_PAGES = 3

/** What tells one place where issues live from another. */
export interface HostService {
  readonly name: 'GitHub' | 'GitLab'
  readonly headers: Readonly<Record<string, string>>
  /** Why it refused, where its status says more than itself; null elsewhere. */
  readonly refusal: (status: number | null) => string | null
}

/** Questions to its API. Everything thrown is a `HostFault`. */
export interface HostApi {
  readonly call: (method: 'GET' | 'POST' | 'PATCH' | 'PUT', url: string, body?: object) => Promise<unknown>
  readonly parse: <T>(schema: z.ZodType<T>, json: unknown) => T
  /** The items of a list, a hundred to a page and three pages at most; `url` has a query already. */
  readonly list: <T>(schema: z.ZodType<T>, url: string) => Promise<readonly T[]>
}

export function hostApi({ name, headers, refusal }: HostService, send: Send, pace: Pace): HostApi {
  const call: HostApi['call'] = async (method, url, body) => {
    const fate = await attempt(
      send,
      () => ({
        method,
        url,
        headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        body: body === undefined ? null : JSON.stringify(body),
      }),
      pace,
    )
    if (fate.fate === 'sent') return fate.reply.json
    if (fate.fate === 'later') throw new HostFault(`${name}: ${fate.why}`, null, fate.afterMs)
    const status = fate.fate === 'ended' ? 410 : fate.status
    throw new HostFault(refusal(status) ?? `${name}: ${fate.why}`, status, null)
  }
  const parse: HostApi['parse'] = (schema, json) => {
    const read = schema.safeParse(json)
    if (read.success) return read.data
    throw new HostFault(`the answer of ${name} is not an issue: check the address of its API`, null, null)
  }
  return {
    call,
    parse,
    async list<T>(schema: z.ZodType<T>, url: string) {
      const all: T[] = []
      for (let page = 1; page <= MOST_PAGES; page += 1) {
        const items = parse(z.array(schema), await call('GET', `${url}&per_page=${PAGE}&page=${page}`))
        all.push(...items)
        if (items.length < PAGE) break
      }
      return all
    },
  }
}
