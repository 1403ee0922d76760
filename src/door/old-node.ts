/** As package.json has it (`engines`): major and minor. */
const NEEDED = [22, 19] as const

/**
 * What to say where Node is too old for us; null where it is not. It stands before everything else of ours that loads, so it imports nothing:
 * what an old Node lacks would otherwise be told as a bug of ours, somewhere later.
 */
export function oldNode(version: string): string | null {
  const [major, minor] = version.split('.').map(Number)
  if (Number(major) > NEEDED[0] || (Number(major) === NEEDED[0] && Number(minor) >= NEEDED[1])) return null
  return `tenant-drift needs Node ${NEEDED.join('.')} or newer, and this is Node ${version}: put a newer one first on PATH.`
}
