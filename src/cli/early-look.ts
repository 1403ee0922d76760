import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { splitSource } from '../declared/source-kind.ts'
import { isSameTenant } from '../schema/tenant-address.ts'
import { filesOnDisk } from '../git/disk-files.ts'
import { sourcesFrom, type Plan, type TenantPlan } from './plan.ts'
import { recordedFile } from './recorded-place.ts'

/** More than this is read once, and then the tenant waits for it. */
const MOST_FILES = 5000
const MOST_BYTES = 64 * 1024 * 1024

/** A key `tenant` and what stands behind it, as YAML and JSON write it. Where it is none (in a description), the tenant waits, and nothing else. */
const NAMED = /(?<![\w-])["']?tenant["']?\s*:\s*(?:"([^"\n]*)"|'([^'\n]*)'|([^\s#,}\]]+))/g

/**
 * Whether nothing that stands in files can disagree with the tenant that is about to be asked: a mistyped domain must not be sent a credential before the
 * declared files and the record, which name the right one, were looked at. A quick look at their texts; where it cannot tell, they are read first.
 */
export async function mayAskAtOnce(plan: Plan, tenant: TenantPlan): Promise<boolean> {
  const { domain, settings } = tenant
  if (domain === null || settings.base.value.length > 0 || plan.files.commit !== null) return false
  const sources = sourcesFrom(settings.declared, plan.root, tenant)
  if (sources.some((source) => splitSource(source).kind !== null)) return false
  try {
    const disk = filesOnDisk(plan.root)
    const declared = (await Promise.all(sources.map((source) => disk.glob(source)))).flat()
    if (declared.length > MOST_FILES) return false
    const files = [...declared.map((file) => path.resolve(plan.root, file)), recordedFile(plan, tenant)]
    let bytes = 0
    return files.every((file) => {
      const found = statSync(file, { throwIfNoEntry: false })
      if (found === undefined) return true
      bytes += found.size
      return found.isFile() && bytes <= MOST_BYTES && agrees(readFileSync(file, 'utf8'), domain)
    })
  } catch {
    return false
  }
}

function agrees(text: string, domain: string): boolean {
  if (text.includes('extends')) return false
  return [...text.matchAll(NAMED)].every(([, double, single, plain]) =>
    isSameTenant(double ?? single ?? plain ?? '', domain),
  )
}
