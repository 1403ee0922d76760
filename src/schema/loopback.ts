/** Whether a host of a URL is this machine: plain http is allowed there alone, and no proxy stands before it. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}
