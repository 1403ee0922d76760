/** A signal that comes after some time, and a way to take it back. */
export interface TimeLimit {
  readonly signal: AbortSignal
  /** To be called once it is not needed any more. */
  readonly clear: () => void
}

/** Unlike `AbortSignal.timeout`, what waits for it is let go of at once: in a process that lives, each request would otherwise stay until its limit is over. */
export function timeLimit(ms: number): TimeLimit {
  const controller = new AbortController()
  const timer = setTimeout(
    () => controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
    Math.max(1, Math.ceil(ms)),
  )
  timer.unref()
  return { signal: controller.signal, clear: () => clearTimeout(timer) }
}
