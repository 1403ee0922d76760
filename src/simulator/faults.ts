import { percentDecoded } from '../schema/percent.ts'
import { APIS, LOGS } from './paths.ts'
import type { Fault, SeenRequest } from './options.ts'

/** Kinds that say something about a list: without a path they hit lists alone, so that a token request does not use them up. */
const LIST_KINDS: ReadonlySet<string> = new Set([
  'short-page',
  'duplicate',
  'total-changes',
  'total-too-small',
  'empty-list',
])
const DEEPEST_RECORD = 1000

/** The faults that are set, oldest first. */
export class Faults {
  #set: { fault: Fault; left: number; hits: number }[] = []

  add(fault: Fault): void {
    this.#set.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY, hits: 0 })
  }

  clear(): void {
    this.#set = []
  }

  /** The first fault that hits this request, one of its times used up. `hits` counts from 1. */
  take(request: SeenRequest): { readonly fault: Fault; readonly hits: number } | null {
    const found = this.#set.find(({ fault, left }) => left > 0 && hit(fault, request))
    if (found === undefined) return null
    found.left -= 1
    found.hits += 1
    return { fault: found.fault, hits: found.hits }
  }
}

function hit(fault: Fault, request: SeenRequest): boolean {
  const { method, path, page } = fault.match ?? {}
  if (method !== undefined && method.toUpperCase() !== request.method) return false
  if (path !== undefined && path !== request.path && path !== percentDecoded(request.path)) return false
  if (page !== undefined && page !== request.page) return false
  if (LIST_KINDS.has(fault.kind) && path === undefined) return request.page !== null
  if (fault.kind.startsWith('log-')) return request.method === 'GET' && request.path === LOGS
  if (fault.kind === 'refuse-fields') return request.query.has('fields')
  if (fault.kind === 'refuse-offset' && page === undefined) return isDeep(request)
  return true
}

/** A page that ends beyond the first thousand records. */
function isDeep(request: SeenRequest): boolean {
  if (request.page === null) return false
  const size = Number(request.query.get('per_page') ?? 50)
  return (request.page + 1) * size > DEEPEST_RECORD
}

/** Page of a list request, null for any other. Absent is page 0. */
export function askedPage(method: string, path: string, query: URLSearchParams): number | null {
  if (method !== 'GET' || path !== APIS) return null
  const page = Number(query.get('page') ?? 0)
  return Number.isInteger(page) ? page : 0
}
