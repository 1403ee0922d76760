// Loaded before a program that is measured (`node --require`): writes what it used to file descriptor 3 when it ends.
const { readFileSync, writeSync } = process.getBuiltinModule('node:fs')

process.on('exit', () => {
  const { user, system } = process.cpuUsage()
  writeSync(3, JSON.stringify({ cpuMs: (user + system) / 1000, peakMb: peakMb() }))
})

// What the kernel counts for a process begins with what its parent had when it started it; the status file does not.
function peakMb() {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
    if (kilobytes !== undefined) return Number(kilobytes) / 1024
  } catch {
    // No Linux.
  }
  return process.resourceUsage().maxRSS / 1024
}
