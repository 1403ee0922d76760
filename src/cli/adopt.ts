import path from 'node:path'
import type { JudgedFinding } from '../compare/front.ts'
import { editFiles, type Edits } from '../edit/files.ts'
import { splitSource } from '../declared/source-kind.ts'
import type { DeclarationEdit } from '../edit/change.ts'
import { nodeFiles, rereading } from '../sources/front.ts'
import { configMistake } from '../schema/errors.ts'
import { Adopter } from './adopt-change.ts'
import { choose, whyNotAdopted } from './adopt-choice.ts'
import { askedFor } from './asked-for.ts'
import { unifiedDiff } from './adopt-diff.ts'
import { settingElsewhere } from './adopt-elsewhere.ts'
import { leftLine, leftToDo, takenLines } from './adopt-lines.ts'
import { harmless } from '../words/harmless.ts'
import { hideFinding } from '../words/hide-report.ts'
import type { Io } from './io.ts'
import { lookAtTenant } from './look.ts'
import type { Compared } from '../run/front.ts'
import { judgeCompared } from './make-report.ts'
import { makePlan, sourcesFrom, type Flags, type Plan, type TenantPlan } from './plan.ts'
import { createProgress } from './progress.ts'
import { oneTenant } from './one-tenant.ts'
import { filesOfOthers } from './shared-files.ts'
import { refuseSecretsIn, replaceFiles } from '../edit/write-files.ts'
import type { Left } from '../repair/front.ts'

export interface AdoptFlags extends Flags {
  readonly only?: readonly string[]
  readonly acceptWeakened?: boolean
  readonly dryRun?: boolean
}

/**
 * `tenant-drift adopt`: takes live values into the declared files, in place. 0 where all that counts (or all that was named) was taken, 2 where
 * some of it still differs, 1 where something could not be read or written.
 */
export async function adopt(flags: AdoptFlags, io: Io): Promise<number> {
  const { only = [], acceptWeakened = false, dryRun = false, ...rest } = flags
  const plan = await makePlan(rest, io)
  const tenant = onlyTenant(plan)
  const progress = createProgress(io, plan.settings.quiet.value)
  const look = await lookAtTenant(plan, tenant, io, progress)
  for (const { message } of look.errors) io.err(`error: ${message}\n`)
  if (look.compared === null) return 1
  const { compared } = look
  const judged = judgeCompared(compared, tenant, io)
  const isNamed = only.length > 0
  const choice = choose(askedFor(only, judged), (finding) => whyNotAdopted(finding, isNamed, acceptWeakened))
  const { changes, left } = await changesFor(choice.taken, compared)
  const edits = await edit([...changes.keys()], plan, tenant, rest, io)
  const refused = [...edits.refused].flatMap(([change, { why, isElsewhere }]) => {
    const finding = changes.get(change)
    if (finding === undefined) return []
    return [{ finding, why: isElsewhere ? why + settingElsewhere(compared, finding) : why }]
  })
  if (dryRun) {
    const diff = await unifiedDiff(edits.files, edits.secrets)
    if (harmless(diff) !== diff)
      progress.say(
        'note: the diff shows control characters of terminals and pipelines as \\u{...}, so it cannot be applied as it is',
      )
    io.out(diff)
  } else {
    for (const [change, { file }] of changes)
      if (!edits.refused.has(change)) refuseSecretsIn(change, file ?? 'the declaration', io.secrets)
    await replaceFiles(
      edits.files.map((each) => ({ ...each, file: path.resolve(plan.root, each.file), shown: each.file })),
      io.secrets,
    )
  }
  const hider = io.secrets.hider()
  const told = new Map([...changes].map(([change, finding]) => [change, hideFinding(finding, hider)] as const))
  const lines = [
    ...takenLines(edits, told, dryRun),
    ...[...choice.left, ...left, ...refused].map(({ finding, why }) =>
      leftLine({ finding: hideFinding(finding, hider), why }),
    ),
  ]
  lines.push(...leftToDo(compared, changes, edits))
  const text = lines.length === 0 ? 'nothing to adopt\n' : `${lines.join('\n')}\n`
  // With a dry run, standard output is a diff and nothing else.
  if (dryRun) io.err(text)
  else io.out(text)
  return adoptExitCode([...choice.left, ...left, ...refused], look.errors.length > 0)
}

function onlyTenant(plan: Plan): TenantPlan {
  const tenant = oneTenant(plan)
  const { value } = tenant.settings.declared
  if (value.some((source) => splitSource(source).path === '-')) {
    throw configMistake('adopt reads its sources twice, but standard input can be read only once: write it to a file')
  }
  return tenant
}

async function changesFor(
  taken: readonly JudgedFinding[],
  compared: Compared,
): Promise<{ readonly changes: ReadonlyMap<DeclarationEdit, JudgedFinding>; readonly left: readonly Left[] }> {
  const adopter = new Adopter(compared.input, compared.sides.declared.tenant)
  const changes = new Map<DeclarationEdit, JudgedFinding>()
  const left: Left[] = []
  for (const finding of taken) {
    const adoption = await adopter.adopt(finding)
    if ('change' in adoption) changes.set(adoption.change, finding)
    else left.push({ finding, why: adoption.why })
  }
  return { changes, left }
}

async function edit(
  changes: readonly DeclarationEdit[],
  plan: Plan,
  tenant: TenantPlan,
  flags: Flags,
  io: Io,
): Promise<Edits> {
  if (changes.length === 0) return { files: [], places: new Map(), refused: new Map(), notes: new Map(), secrets: [] }
  const shared = await filesOfOthers(plan, tenant, flags, io)
  const sources = sourcesFrom(tenant.settings.declared, plan.root, tenant)
  const options = { variables: tenant.variables, env: io.env }
  return editFiles(
    changes,
    sources,
    nodeFiles(plan.root, options.env),
    rereading(sources, options),
    (file) => shared.get(file) ?? null,
  )
}

function adoptExitCode(left: readonly Left[], hasErrors: boolean): number {
  if (hasErrors || left.some(({ finding }) => finding.kind === 'unreadable')) return 1
  return left.length > 0 ? 2 : 0
}
