import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { requirePulumi } from '../../tools/pulumi-cli.mjs'
import { ROOT } from '../../tools/run.mjs'
import type { Measured } from './measured.ts'
import type { PartName } from './parts.ts'

/** What one part measured, as it is committed. */
export interface PartResults {
  readonly machine: Machine
  readonly measured: readonly (Measured & { readonly load: number })[]
}

interface Machine {
  readonly cores: number
  readonly platform: string
  readonly versions: Readonly<Record<string, string>>
}

const FOLDER = join(ROOT, 'bench', 'results')

/** Null where the part was never measured. */
export function readPart(part: PartName): PartResults | null {
  const file = join(FOLDER, `${part}.json`)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as PartResults) : null
}

/** Puts these in the place of older ones of the same scenario. What another machine or version measured goes: figures of two are not mixed. */
export function addToPart(part: PartName, fresh: PartResults['measured']): void {
  const before = readPart(part)
  const now = machine()
  const kept = before !== null && isDeepStrictEqual(before.machine, now) ? before.measured : []
  const key = ({ subject, apis, latencyMs, rate }: Measured): string => [subject, rate ?? '', latencyMs, apis].join()
  const replaced = new Set(fresh.map(key))
  const measured = [...kept.filter((one) => !replaced.has(key(one))), ...fresh].toSorted(
    (a, b) => (a.rate ?? '').localeCompare(b.rate ?? '') || a.latencyMs - b.latencyMs || a.apis - b.apis,
  )
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(join(FOLDER, `${part}.json`), `${JSON.stringify({ machine: now, measured }, null, 2)}\n`)
}

function machine(): Machine {
  const ofPackage = (folder: string): string =>
    (JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as { version: string }).version
  return {
    cores: availableParallelism(),
    platform: `${process.platform} ${process.arch}`,
    versions: {
      'tenant-drift': ofPackage('.'),
      Node: process.version,
      'Pulumi CLI': execFileSync(requirePulumi().command, ['version'], { encoding: 'utf8' }).trim(),
      '@pulumi/pulumi': ofPackage('node_modules/@pulumi/pulumi'),
      auth0: ofPackage('node_modules/auth0'),
      'auth0-deploy-cli': ofPackage('node_modules/auth0-deploy-cli'),
      curl: execFileSync('curl', ['--version'], { encoding: 'utf8' }).split(' ')[1] ?? '',
    },
  }
}
