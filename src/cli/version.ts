import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** Of package.json, which lies two or three folders above, bundled or not. */
export function ownVersion(): string {
  for (let folder = import.meta.dirname; path.dirname(folder) !== folder; folder = path.dirname(folder)) {
    const file = path.join(folder, 'package.json')
    if (!existsSync(file)) continue
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as { readonly name?: string; readonly version?: string }
    if (manifest.name === 'tenant-drift') return manifest.version ?? 'unknown'
  }
  return 'unknown'
}
