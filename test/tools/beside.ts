import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { cleanEnvironment } from '../../tools/environment.mjs'
import { ROOT } from '../../tools/run.mjs'

/** A machine without a Pulumi CLI, whose Go is a stand-in: what it does in place of a build is the test's. */
export class Bare {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'tenant-drift-bare-')))
  readonly env: Record<string, string>

  /** `build`: shell, with `$TARGET` as what is to be made; it begins when `goOn` was called. */
  constructor(build: string, before = '') {
    const bin = join(this.folder, 'bin')
    mkdirSync(bin)
    const go = `#!/bin/sh
if [ "$1" = env ]; then echo go1.99.0; exit; fi
TARGET="$5"
cd '${this.folder}'
${before}
while [ ! -e go-on ]; do echo >> beats; sleep 0.05; done
${build}
`
    writeFileSync(join(bin, 'go'), go)
    chmodSync(join(bin, 'go'), 0o755)
    // The official installer is beyond a proxy that refuses: nothing leaves this machine.
    const nowhere = 'http://127.0.0.1:9'
    this.env = {
      ...cleanEnvironment(),
      PATH: [bin, '/usr/bin', '/bin'].join(delimiter),
      TENANT_DRIFT_CACHE: join(this.folder, 'cache'),
      HTTPS_PROXY: nowhere,
      HTTP_PROXY: nowhere,
    }
    for (const name of Object.keys(this.env)) if (name.startsWith('VITEST')) delete this.env[name]
  }

  file(name: string): string {
    return join(this.folder, name)
  }

  goOn(): void {
    writeFileSync(this.file('go-on'), '')
  }

  /** Starts a tool of ours, as npm would. */
  start(tool: string, args: readonly string[] = []): Running {
    return new Running(spawn(process.execPath, [join(ROOT, 'tools', tool), ...args], { cwd: ROOT, env: this.env }))
  }

  async begins(): Promise<void> {
    while (this.#beats() === 0) await sleep(20)
  }

  /** Does it go on? Its process may be gone and still have an id, until somebody asks for what it ended with. */
  async isBuilding(): Promise<boolean> {
    const before = this.#beats()
    await sleep(500)
    return this.#beats() > before
  }

  #beats(): number {
    return statSync(this.file('beats'), { throwIfNoEntry: false })?.size ?? 0
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

export class Running {
  readonly child: ChildProcess
  readonly code: Promise<number | null>
  text = ''

  constructor(child: ChildProcess) {
    this.child = child
    const keep = (chunk: Buffer): void => {
      this.text += chunk.toString('utf8')
    }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    this.code = new Promise((resolve) => child.on('close', resolve))
  }

  /** Waits until it has said this. */
  async says(words: string): Promise<void> {
    while (!this.text.includes(words)) {
      if (this.child.exitCode !== null) throw new Error(`it ended without saying "${words}":\n${this.text}`)
      await sleep(20)
    }
  }
}
