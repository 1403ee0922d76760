import { otherTenant } from '../schema/other-tenant.ts'
import path from 'node:path'
import type { Sides } from '../compare/front.ts'
import { boundedFiles } from '../declared/bounded-files.ts'
import type { DeclaredFiles } from '../declared/files.ts'
import { splitSource } from '../declared/source-kind.ts'
import type { VariableRules } from '../declared/variable-rules.ts'
import { nodeFiles, openDeclared, type OpenedDeclaration, type ParseOptions } from '../sources/front.ts'
import { CONFIG_NAMES, defaultRecorded, forTenant, parseConfig } from '../declared/config-file.ts'
import type { Config } from '../schema/config.ts'
import type { DeclaredState } from '../schema/declared.ts'
import { MistakesError, configMistake, mistake } from '../schema/errors.ts'
import { own } from '../schema/json.ts'
import type { Snapshot } from '../schema/snapshot.ts'
import { isSameTenant } from '../schema/tenant-address.ts'
import { AGELESS } from '../tenant/front.ts'
import { DEFAULT_DECLARED } from '../schema/settings.ts'
import { toShown } from './files.ts'
import type { GitFiles } from './git-files.ts'
import type { Io } from './io.ts'
import { recordedFile } from './recorded-place.ts'
import { sourcesFrom, variablesFrom, type Plan, type TenantPlan } from './plan.ts'
import { isOverruled } from './flag-layer.ts'

export const DEFAULT_RECORDED = defaultRecorded(null)

/**
 * What is declared, what was before, and what is recorded.
 * @throws MistakesError `invalid_declaration` or `invalid_config`; TenantDriftError of a snapshot file
 */
export async function readSides(plan: Plan, tenant: TenantPlan, io: Io): Promise<ReadSides> {
  const [declarations, recorded] = await Promise.all([
    readDeclarations(plan, tenant, io),
    readRecordedSide(plan, tenant),
  ])
  return { ...declarations, recorded }
}

/** The sides, and what the base turned out to be. */
export interface ReadSides extends Sides {
  /** The commit, in full, where a git ref was named; null where the base is another source, or none. */
  readonly baseCommit: string | null
}

/** Both sides are opened before either is read: a variable that stands for a secret on one of them is a secret on the other. */
async function readDeclarations(plan: Plan, tenant: TenantPlan, io: Io): Promise<Omit<ReadSides, 'recorded'>> {
  const rules = { credentials: io.secrets.all(), onSecret: io.secrets.add }
  const base = await openBase(plan, tenant, io, rules)
  try {
    const isChange = plan.files.commit !== null || tenant.settings.gate.value === 'touched'
    // Of a commit that is followed none of this is taken from the commit itself: with no proven base, no variable of the environment counts as plain.
    const judging = plan.files.bare === null ? await openJudging(plan, tenant, io, base) : null
    const opened = await openDeclared(sourcesFrom(tenant.settings.declared, plan.root, tenant), filesOf(plan, io), {
      ...parseOptionsOf(tenant, io),
      ...rules,
      plainInBase: isChange ? ((judging ?? base?.opened)?.variables.plain ?? new Set()) : null,
    })
    const before = (await base?.read(opened.variables.secret)) ?? null
    const declared = await opened.read(base?.opened.variables.secret)
    return {
      declared,
      base: judging === null ? before : await withElsewhere(before, judging),
      baseCommit: base?.commit ?? null,
    }
  } finally {
    base?.close()
  }
}

/**
 * What is declared, without a base. Where nobody said what is declared, and nothing is, that is no mistake here.
 * @throws MistakesError `invalid_declaration`
 */
export async function readDeclaredAlone(plan: Plan, tenant: TenantPlan, io: Io): Promise<DeclaredState> {
  const { declared } = tenant.settings
  const opened = await openDeclared(sourcesFrom(declared, plan.root, tenant), filesOf(plan, io), {
    ...parseOptionsOf(tenant, io),
    credentials: io.secrets.all(),
    onSecret: io.secrets.add,
    mayBeAbsent: declared.origin === 'default',
  })
  return opened.read()
}

/** A declaration, a base or a recorded file of another tenant than the one that is read. */
export function refuseOtherTenant(sides: Sides, tenant: string): void {
  const { declared, base, recorded } = sides
  const wrong = [
    otherTenant('declared', declared.tenant, tenant),
    otherTenant('base', base?.tenant ?? null, tenant),
    otherTenant('recorded', recorded?.tenant ?? null, tenant),
  ].filter((each) => each !== null)
  if (wrong.length > 0) throw new MistakesError('invalid_declaration', wrong.map(mistake))
}

/**
 * The declaration of the commit that judges, where the base is another one (a state, files of the pipeline): what such a base has no word for, this one says. Null
 * where the base says it itself, or where no commit judges.
 */
async function openJudging(
  plan: Plan,
  tenant: TenantPlan,
  io: Io,
  base: OpenedBase | null,
): Promise<OpenedDeclaration | null> {
  if (plan.files.commit === null || typeof base?.commit === 'string') return null
  try {
    const sources = sourcesFrom(tenant.settings.declared, plan.root, tenant)
    return await openDeclared(sources, plan.files.within(plan.root), {
      ...parseOptionsOf(tenant, io),
      mayBeAbsent: true,
    })
  } catch (error) {
    // A commit without a declaration of its own shows nothing.
    if (error instanceof MistakesError) return null
    throw error
  }
}

/** A base that cannot say what is managed elsewhere leaves that to the commit that judges, and not to the change. */
async function withElsewhere(base: DeclaredState | null, judging: OpenedDeclaration): Promise<DeclaredState | null> {
  if (base?.lacksElsewhere !== true) return base
  const { lacksElsewhere: _lacks, ...rest } = base
  const managedElsewhere = await judging.read().then(
    (state) => state.managedElsewhere,
    (error: unknown) => {
      if (error instanceof MistakesError) return []
      throw error
    },
  )
  return { ...rest, managedElsewhere }
}

function parseOptionsOf(tenant: TenantPlan, io: Io): ParseOptions {
  return { variables: tenant.variables, env: io.env }
}

/** The disk, where a project of Pulumi is that of the commit which judges; the commit itself where it has no work tree around it. */
function filesOf({ files, root }: Plan, io: Io): DeclaredFiles {
  if (files.bare !== null) return boundedFiles(files.within(root))
  return nodeFiles(root, io.env, files.commit === null ? null : files.within(root))
}

/** An earlier commit of a branch that is followed. It was judged before: that it declares something is known. */
function followed(ref: string, { files }: Plan): GitFiles | null {
  if (files.bare === null) return null
  const then = boundedFiles(files.bare(ref))
  return { ...then, commit: ref, isFirst: () => Promise.resolve(false), close: () => {} }
}

interface OpenedBase {
  /** Where it is the declaration of a commit, and not another source: that one, in full. */
  readonly commit: string | null
  readonly opened: OpenedDeclaration
  readonly read: OpenedDeclaration['read']
  readonly close: () => void
}

/** Whether `--base` names a commit. */
export async function isRefBase(plan: Plan, { settings: { base } }: TenantPlan, io: Io): Promise<boolean> {
  const [ref] = base.value
  if (ref === undefined || base.value.length > 1) return false
  const { refsLike } = await import('./git-files.ts')
  return !(await isSource(ref, base.folder, plan, (text) => refsLike(text, plan.root, io)))
}

/** `--base`: files, or else the declared sources as they were at a git ref. */
async function openBase(plan: Plan, tenant: TenantPlan, io: Io, rules: VariableRules): Promise<OpenedBase | null> {
  const { base } = tenant.settings
  if (base.value.length === 0) return null
  const options: ParseOptions = { ...parseOptionsOf(tenant, io), ...rules, role: 'base' }
  const [ref = ''] = base.value
  const { gitFiles, refsLike } = await import('./git-files.ts')
  if (base.value.length > 1 || (await isSource(ref, base.folder, plan, (text) => refsLike(text, plan.root, io)))) {
    const opened = await openDeclared(sourcesFrom(base, plan.root, tenant), baseFiles(plan, io), options)
    return { commit: null, opened, read: (secret) => opened.read(secret), close: () => {} }
  }
  const files =
    followed(ref, plan) ?? (await gitFiles(forTenant(ref, tenant), plan.root, io, plan.files.commit !== null))
  const asThen = (error: unknown) => (error instanceof MistakesError ? asOf(ref, error) : error)
  try {
    const then = await declaredThen(plan, tenant, files, io)
    const opened = await openDeclared(then.sources, files, {
      ...options,
      variables: then.variables,
      mayBeAbsent:
        plan.files.commit !== null &&
        !isOverruled(tenant.settings.declared) &&
        (await isAbsent(then.sources, files)) &&
        (await files.isFirst()),
    })
    const read: OpenedBase['read'] = async (secret) => {
      try {
        return await opened.read(secret)
      } catch (error) {
        throw asThen(error)
      }
    }
    return { commit: files.commit, opened, read, close: () => files.close() }
  } catch (error) {
    files.close()
    throw asThen(error)
  }
}

/**
 * Where the declaration stood in a commit, and with which values: as the configuration of that commit says, because a change may move both. What the
 * command line or the environment says holds for both sides, and so does today's configuration where that commit has none.
 */
async function declaredThen(
  plan: Plan,
  tenant: TenantPlan,
  files: GitFiles,
  io: Io,
): Promise<{ readonly sources: readonly string[]; readonly variables: TenantPlan['variables'] }> {
  const { config, root } = plan
  const { declared } = tenant.settings
  const now = { sources: sourcesFrom(declared, root, tenant), variables: tenant.variables }
  const isFollowed = plan.files.bare !== null
  // A commit that is followed is read by itself: its configuration may have come, gone or been renamed since.
  const names = isFollowed ? CONFIG_NAMES : config === null ? [] : [path.basename(config.shown)]
  const kinds = await Promise.all(names.map((name) => files.kindOf(name)))
  const name = names.find((_, index) => kinds[index] === 'file')
  if (name === undefined && !isFollowed) return now
  const [shown, folder] = isFollowed || config === null ? [name ?? '', root] : [config.shown, config.folder]
  const then: Config = name === undefined ? {} : (await parseConfig(await files.read(name), shown, folder)).config
  const section = own(then.tenants, sectionOf(then, tenant) ?? '')
  const written = [section?.declared ?? then.declared ?? DEFAULT_DECLARED].flat()
  return {
    // Nobody knows what the command line or the environment said then.
    sources: isOverruled(declared) ? now.sources : written.map((source) => forTenant(source, tenant)),
    // Of a commit that is followed it is the service that says what variables hold.
    variables: isFollowed
      ? tenant.variables
      : variablesFrom({ ...then.variables, ...section?.variables }, io.env, tenant.given),
  }
}

/** Under which name a configuration has a tenant; null where it does not. */
export function sectionOf({ tenants = {} }: Config, tenant: Pick<TenantPlan, 'name' | 'domain'>): string | null {
  if (tenant.name !== null && Object.hasOwn(tenants, tenant.name)) return tenant.name
  const found = Object.entries(tenants).find(([, { domain }]) => isSameTenant(domain, tenant.domain ?? ''))
  return found?.[0] ?? null
}

async function isAbsent(sources: readonly string[], files: GitFiles): Promise<boolean> {
  const found = await Promise.all(sources.map((source) => files.glob(source)))
  return found.every((names) => names.length === 0)
}

/** Mistakes in a commit are not in the files at hand: who looks there would find nothing. */
function asOf(ref: string, error: MistakesError): MistakesError {
  const mistakes = error.mistakes.map((each) => ({ ...each, file: each.file === null ? null : `${ref}:${each.file}` }))
  return new MistakesError(error.code === 'invalid_config' ? error.code : 'invalid_declaration', mistakes)
}

/** What a base's SOURCEs are read from: with a trusted commit that one, for a change could write a base of its own. */
function baseFiles({ files, root }: Plan, io: Io): DeclaredFiles {
  const trusted = files.commit === null ? null : files.within(root)
  const disk = nodeFiles(root, io.env, trusted)
  if (trusted === null) return disk
  return { ...disk, ...trusted, read: (file) => (file === '-' ? disk.read(file) : trusted.read(file)) }
}

const FULL_NAME = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/

/**
 * An existing file, a glob or `KIND:PATH` is a SOURCE; anything else is a git ref, in which none of these letters can be.
 * @throws MistakesError `invalid_config` where it is a file and a ref
 */
async function isSource(
  text: string,
  folder: string,
  { files }: Plan,
  refsLike: (text: string) => Promise<readonly string[]>,
): Promise<boolean> {
  if (FULL_NAME.test(text)) return false
  if (splitSource(text).kind !== null) return true
  if (/[*?[\]{}]/.test(text) && !/@\{|\^\{/.test(text)) return true
  const file = path.resolve(folder, text)
  // In the work tree, too: a change could add a file that is called like a branch.
  const kinds = await Promise.all([files.kindOf(file), nodeFiles(folder).kindOf(file)])
  if (!kinds.includes('file')) return false
  const refs = await refsLike(text)
  if (refs.length === 0) return true
  throw configMistake(
    `--base ${text}: it is a file and also ${refs.join(' and ')}: write ./${text}, or the full name of the ref`,
  )
}

/** Named and missing is a mistake; the default one is read where it is. */
export async function readRecordedSide(plan: Plan, tenant: TenantPlan): Promise<Snapshot | null> {
  const file = recordedFile(plan, tenant)
  const isNamed = tenant.settings.recorded.value !== null
  if (!isNamed && (await plan.files.kindOf(file)) === null) return null
  const { readSnapshot } = await import('./open-snapshot.ts')
  return readSnapshot(file, 'recorded', toShown(plan.root, file), AGELESS, plan.files)
}
