import type { TrustedFiles } from '../git/disk-files.ts'
import type { History, TenantKey } from '../history/front.ts'
import { basesOf, followedAfter, lastJudged, NOT_FOLLOWED, type Followed } from '../memory/followed.ts'
import { keyOfPlace } from '../memory/place.ts'
import { durationText } from '../schema/duration.ts'
import { TenantDriftError } from '../schema/errors.ts'
import type { Report } from '../schema/report.ts'
import type { Follow } from './follow.ts'
import { planAt, withElsewhereNow } from './followed-plan.ts'
import type { Io } from './io.ts'
import { bugError, errorsOf, notComparedLook, readInputs, type Inputs, type ReportError } from './look.ts'
import { makeReports } from './make-report.ts'
import { domainAddress, type Plan, type TenantPlan } from './plan.ts'
import type { Progress } from './progress.ts'
import { keyOfTenant, type RanFollowed } from './remember-runs.ts'
import { runTenants, type RanTenants } from './run-tenants.ts'
import { readSides, refuseOtherTenant, type ReadSides } from './sides.ts'

/** The branch may move while a tenant is read; one that moves at each look is judged as it was at the last. */
const MOST_LOOKS = 3

/** A run, and which commit it judged. */
export interface RanOnBranch extends RanTenants {
  readonly followed: RanFollowed
}

/**
 * One tenant, by the branch that it follows: the tip as it was fetched just now, or the last commit that could be read, with which nothing is called in sync. A
 * difference that nobody knows yet is told of a tip alone that was fetched after the tenant was read: else a merge and its pipeline, meanwhile, would look like one.
 * `plan` is the service's own, of this tenant alone.
 */
export async function lookAtFollowed(
  follow: Follow,
  plan: Plan,
  history: History,
  io: Io,
  progress: Progress,
  onBug: (error: unknown) => void,
): Promise<RanOnBranch> {
  const [tenant] = plan.tenants
  if (tenant === undefined) throw new Error('a run of one tenant has one')
  const key = keyOfTenant(domainAddress(tenant.domain), tenant)
  const known = key === null ? NOT_FOLLOWED : await history.followed(key)
  let fetched = await follow.branch.fetch()
  for (let looks = 1; ; looks += 1) {
    const ran = await lookOnce({ follow, plan, tenant, known, history, io, progress, onBug }, fetched)
    if (key === null || looks >= MOST_LOOKS || !(await hasNews(ran.reports, history, key))) return ran
    if (fetched.fault !== null) return ran
    const again = await follow.branch.fetch(io.now())
    if (again.fault !== null || again.commit === fetched.commit) return ran
    fetched = again
  }
}

/** Whether something counts that is not known to stand open. */
async function hasNews(reports: readonly Report[], history: History, key: TenantKey): Promise<boolean> {
  const counting = reports.flatMap(({ findings }) =>
    findings.filter(({ counts, kind }) => counts && kind !== 'unreadable'),
  )
  if (counting.length === 0) return false
  const { episodes } = await history.memory(key)
  const open = new Set(episodes.filter(({ state }) => state === 'open').map(keyOfPlace))
  return counting.some((finding) => !open.has(keyOfPlace(finding)))
}

interface Looking {
  readonly follow: Follow
  readonly plan: Plan
  readonly tenant: TenantPlan
  readonly known: Followed
  readonly history: History
  readonly io: Io
  readonly progress: Progress
  readonly onBug: (error: unknown) => void
}

type FetchedBranch = Awaited<ReturnType<Follow['branch']['fetch']>>

async function lookOnce(looking: Looking, fetched: FetchedBranch): Promise<RanOnBranch> {
  const { plan, tenant, known, history, io, progress } = looking
  const read = await readBranch(looking, fetched)
  const now = io.now()
  if (read.inputs === null) {
    const look = notComparedLook(tenant, read.errors)
    const followed = { commit: null, after: known }
    return { looks: [look], reports: makeReports(plan, [look], io), followed }
  }
  const { commit, files, inputs } = read
  try {
    const ran = await runTenants(read.plan, { ...io, cwd: files.placeOf('.') }, progress, {
      inputs: [inputs],
      opening: Promise.resolve({ history }),
    })
    const isProven = read.errors.length === 0 && provesAll(ran)
    const after = followedAfter(known, { commit, isProven }, now, tenant.settings.applyWithin.value)
    return { ...ran, followed: { commit, after } }
  } finally {
    files.close()
  }
}

/** Whether the tenant is as the code says, all of it, and nothing waits to be applied. */
function provesAll({ looks, reports }: RanTenants): boolean {
  return (
    looks.every(({ compared }) => compared !== null && compared.targets?.isPartial !== true) &&
    reports.every(
      ({ verdict, errors, findings }) =>
        verdict === 'in-sync' && errors.length === 0 && findings.every(({ origin }) => origin !== 'pending'),
    )
  )
}

type Read =
  | { readonly inputs: null; readonly errors: readonly ReportError[] }
  | {
      readonly inputs: Inputs
      readonly errors: readonly ReportError[]
      readonly commit: string
      readonly plan: Plan
      readonly files: TrustedFiles
    }

/** The newest commit that can be read, and why that is not what the branch says now. */
async function readBranch(looking: Looking, fetched: FetchedBranch): Promise<Read> {
  const { follow, known } = looking
  const errors: ReportError[] = []
  if (fetched.fault !== null) errors.push(notFetched(follow, fetched.fault))
  const tip = fetched.commit
  const candidates = [...new Set([tip, lastJudged(known)])].filter((commit) => commit !== null)
  for (const commit of candidates) {
    const files = await follow.branch.open(commit, follow.folder)
    if (files === null) {
      if (errors.length === 0) errors.push(notFetched(follow, `the commit ${shortOf(commit)} no longer exists`))
      continue
    }
    const found = await readFollowed(looking, commit, files, errors).catch((error: unknown) => {
      files.close()
      throw error
    })
    if ('inputs' in found) return { ...found, commit, files, errors }
    files.close()
    // Of an older one that cannot be read either nobody needs to hear.
    if (commit === tip) errors.push(...found.errors)
  }
  if (errors.length === 0) errors.push(notFetched(follow, 'nothing has been fetched from it yet'))
  const none = 'Until a fetch succeeds the tenant is not judged.'
  return {
    inputs: null,
    errors: errors.map((each) => (each.code === 'not_fetched' ? { ...each, advice: none } : each)),
  }
}

async function readFollowed(
  looking: Looking,
  commit: string,
  files: TrustedFiles,
  errors: readonly ReportError[],
): Promise<{ readonly plan: Plan; readonly inputs: Inputs } | { readonly errors: readonly ReportError[] }> {
  const { plan, tenant, known, io, progress } = looking
  const cwd = files.placeOf('.')
  const within: Io = { ...io, cwd }
  const applyWithin = tenant.settings.applyWithin.value
  const bases = basesOf(known, commit, io.now(), applyWithin)
  let root = cwd
  const planWith = async (base: string | null): ReturnType<typeof planAt> => {
    const at = await planAt(plan, tenant, files, base, io)
    root = at.plan.root
    return at
  }
  const inputsWith = async (base: string | null) => {
    const at = await planWith(base)
    const inputs = await readInputs(at.plan, at.tenant, within, progress)
    const address = domainAddress(tenant.domain)
    // Before the tenant is asked: a commit that is about another one cannot be judged either.
    if (address !== null) refuseOtherTenant(inputs.sides, address)
    return { plan: at.plan, inputs, isBaseLost: base !== bases.base }
  }
  const sidesWith = async (base: string): Promise<readonly ReadSides[]> => {
    if (!(await hasCommit(looking, base))) return []
    try {
      const at = await planWith(base)
      return [withElsewhereNow(await readSides(at.plan, at.tenant, within))]
    } catch (error) {
      if (error instanceof TenantDriftError) return []
      throw error
    }
  }
  try {
    const isThere = await hasCommit(looking, bases.base)
    const read = await inputsWith(isThere ? bases.base : null).catch(async (error: unknown) => {
      // A base that cannot be read any more is none. What else is wrong is wrong with this commit.
      if (!(error instanceof TenantDriftError) || !isThere || (await isReadable(looking, bases.base))) throw error
      return inputsWith(null)
    })
    const notes = [
      ...(errors.length === 0 ? [] : [`judged by the commit ${shortOf(commit)}, the last commit that could be read`]),
      ...(read.isBaseLost ? [`the commit at which the tenant was last proven in sync can no longer be read`] : []),
    ]
    const between = async () => (await Promise.all(bases.between.map(sidesWith))).flat()
    const overdue = `changes of the code that nobody applied within ${durationText(applyWithin)} count (apply_within)`
    const followed = { errors, notes, isOverdue: bases.isOverdue, overdue, between }
    return { plan: read.plan, inputs: { ...read.inputs, sides: withElsewhereNow(read.inputs.sides), followed } }
  } catch (error) {
    if (error instanceof TenantDriftError) return { errors: errorsOf(error, { root, io: within, files }) }
    // Whoever pushes what we stumble over must not end the watch by it.
    looking.onBug(error)
    return { errors: [bugError(`the commit ${shortOf(commit)}`, error)] }
  }
}

/** Whether a base can be had at all; one that is not here is fetched. True where there is none to have. */
async function hasCommit({ follow }: Looking, base: string | null): Promise<boolean> {
  if (base === null) return true
  const files = await follow.branch.open(base, follow.folder)
  files?.close()
  return files !== null
}

/** Whether what a commit declares can be read by itself. */
async function isReadable({ follow, plan, tenant, io }: Looking, commit: string | null): Promise<boolean> {
  const files = commit === null ? null : await follow.branch.open(commit, follow.folder)
  if (files === null) return false
  try {
    const at = await planAt(plan, tenant, files, null, io)
    await readSides(at.plan, at.tenant, { ...io, cwd: files.placeOf('.') })
    return true
  } catch (error) {
    if (error instanceof TenantDriftError) return false
    throw error
  } finally {
    files.close()
  }
}

function notFetched({ repository, name }: Follow, why: string): ReportError {
  return {
    code: 'not_fetched',
    message: `${repository}, branch ${name}: ${why}`,
    advice: 'Until a fetch succeeds the last fetched commit is used, and nothing is reported as in sync.',
  }
}

function shortOf(commit: string): string {
  return commit.slice(0, 12)
}
