import { existsSync } from 'node:fs'
import path from 'node:path'
import { compareSides, WHOLE } from '../run/front.ts'
import { CONFIG_NAMES } from '../declared/config-file.ts'
import { inMemory } from '../declared/files.ts'
import { parseDeclaredFiles } from '../sources/front.ts'
import { plural } from '../words/plural.ts'
import type { Snapshot } from '../schema/snapshot.ts'
import { snapshotReader } from '../tenant/front.ts'
import { configMistake } from '../schema/errors.ts'
import { DEFAULT_DECLARED } from '../schema/settings.ts'
import { toShown } from './files.ts'
import { declarationFiles } from './declaration-files.ts'
import type { Io } from './io.ts'
import { oneTenant } from './one-tenant.ts'
import { makePlan, type Flags } from './plan.ts'
import { createProgress } from './progress.ts'
import { DEFAULT_RECORDED } from './sides.ts'
import { readWhole, snapshotText } from './snapshot.ts'
import { refuseSecretsIn, replaceFiles } from '../edit/write-files.ts'

const CONFIG = `# The configuration of tenant-drift. Flags and variables win over it. All settings: tenant-drift schema config
declared: ${DEFAULT_DECLARED}
recorded: ${DEFAULT_RECORDED}
# Differences that are accepted for a while, each with a reason, an owner and a last day:
accept: []
`

/**
 * `tenant-drift init [DIR]`: the first run on one's own tenant. Writes a declaration of every API with every value that can be declared, the
 * recorded snapshot for the rest, and a configuration that names both. A check right after it is in sync; any change after it is drift.
 */
export async function init(folder: string, flags: Flags, io: Io): Promise<number> {
  const root = path.resolve(io.cwd, folder)
  refuseExisting(root, io)
  const plan = await makePlan(flags, io)
  const tenant = oneTenant(plan)
  const progress = createProgress(io, plan.settings.quiet.value)
  const live = await readWhole(plan, tenant, io, progress)
  refuseSecretsIn(live, DEFAULT_RECORDED, io.secrets)
  const { files, leftOut } = await declare(live)
  // The configuration last: where it is there, the rest is there too.
  const texts = [...files, [DEFAULT_RECORDED, snapshotText(live, io)], [CONFIG_NAMES[0], CONFIG]] as const
  await replaceFiles(
    texts.map(([name, after]) => {
      const file = path.join(root, name)
      return { file, shown: toShown(io.cwd, file), before: null, after }
    }),
    io.secrets,
  )
  const shown = toShown(io.cwd, root)
  const declared = `${plural(files.size, 'file')} in ${toShown(io.cwd, path.join(root, 'declared'))}`
  const besides = [CONFIG_NAMES[0], DEFAULT_RECORDED].map((name) => toShown(io.cwd, path.join(root, name)))
  progress.say(`wrote ${declared}, ${besides.join(' and ')}`)
  if (leftOut.length > 0) progress.say(`recorded and watched, not declared: ${leftOut.join(', ')}`)
  const enter = shown === '.' ? '' : `cd ${shown}, `
  progress.say(`next: ${enter}commit these files, and run tenant-drift check; any change from now on is drift`)
  return 0
}

/** Nothing that somebody wrote is overwritten: it would be the end of what they declared. */
function refuseExisting(root: string, io: Io): void {
  const taken = [...CONFIG_NAMES, DEFAULT_RECORDED, 'declared'].filter((name) => existsSync(path.join(root, name)))
  if (taken.length === 0) return
  const names = taken.map((name) => toShown(io.cwd, path.join(root, name))).join(', ')
  throw configMistake(`init overwrites nothing, and there is already ${names}: name another folder`)
}

interface InitFiles {
  readonly files: ReadonlyMap<string, string>
  /** `FIELD of N APIs`, for what no declaration can say. */
  readonly leftOut: readonly string[]
}

/**
 * The files, proven: they are read back and compared with the tenant they were made of. A field that this finds fault with is not declared;
 * the record watches it all the same.
 */
async function declare(live: Snapshot): Promise<InitFiles> {
  const skipped = new Map<string, Set<string>>()
  for (;;) {
    const { files, leftOut } = await declarationFiles(live, skipped)
    const sides = {
      declared: await parseDeclaredFiles([...files.keys()], inMemory(files), { variables: {} }),
      base: null,
      recorded: live,
    }
    const { comparison } = await compareSides(snapshotReader(live), sides, WHOLE)
    const found = comparison.findings.filter((finding) => finding.counts && finding.path !== '')
    let isBetter = false
    for (const { identifier, path: place } of found) {
      const field = /^[^.[]+/.exec(place)?.[0]
      if (identifier === null || field === undefined) continue
      const fields = skipped.get(identifier) ?? new Set()
      isBetter ||= !fields.has(field)
      skipped.set(identifier, fields.add(field))
    }
    if (!isBetter) return { files, leftOut: summaryOf(leftOut, skipped) }
  }
}

function summaryOf(
  leftOut: readonly (readonly [identifier: string, field: string])[],
  skipped: ReadonlyMap<string, ReadonlySet<string>>,
): readonly string[] {
  const all = [
    ...leftOut,
    ...[...skipped].flatMap(([identifier, fields]) => [...fields].map((field) => [identifier, field] as const)),
  ]
  const apis = new Map<string, Set<string>>()
  for (const [identifier, field] of all) apis.set(field, (apis.get(field) ?? new Set()).add(identifier))
  return [...apis].map(([field, members]) => `${field} of ${plural(members.size, 'API')}`)
}
