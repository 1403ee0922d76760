import { RequestFault } from './faults.ts'

/** How many requests may be sent, by one reader and those begun afresh from it together. */
export interface RequestLimit {
  /** Before a request is sent. @throws RequestFault `request_limit` */
  readonly take: () => void
  /** Before some are begun that only make sense together. @throws RequestFault `request_limit` */
  readonly expect: (count: number) => void
}

export function requestLimit(most: number): RequestLimit {
  let sent = 0
  const expect = (count: number): void => {
    if (sent + count <= most) return
    throw new RequestFault(
      'request_limit',
      `The run needs at least ${sent + count} requests, but may send only ${most}`,
      'Allow more with --max-requests, or check fewer APIs with --target.',
      { retry: 'never' },
    )
  }
  return {
    expect,
    take() {
      expect(1)
      sent += 1
    },
  }
}
