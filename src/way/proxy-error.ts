/** What went wrong on this side of a proxy, before the other side was asked anything. */
export class ProxyError extends Error {
  /** HTTP status of its answer to CONNECT; null where it was not reached at all. */
  readonly status: number | null

  constructor(status: number | null, cause?: unknown) {
    super('The proxy did not let a request through', { cause })
    this.status = status
  }
}
