import type { ResourceValidationArgs } from '@pulumi/policy'
import { exportStack } from '../../src/sources/front.ts'
import { declarationMistake, MistakesError } from '../../src/schema/errors.ts'
import { emptyObserved } from '../../src/schema/observed.ts'
import { fromVariable } from '../../src/schema/setting-layers.ts'
import type { Environment } from '../../src/schema/environment.ts'
import type { Check } from '../read-check.ts'
import type { Subject } from '../violation.ts'
import { baseFromExport, baseFromSource, noBase, type KnownBase } from './base.ts'
import { groupOfSource, groupsOfExport } from './base-groups.ts'
import { identifierOfServer, groupByTenant, isTenantUnknown, type Group } from './group.ts'
import { checkOf, judgeTenant } from './judge-group.ts'
import { OWN_STACK } from './own-stack.ts'
import { projectFolder } from './project-folder.ts'
import { seenResource, type SeenResource } from './resources.ts'

/** What a run of the pack takes from outside, handed in once. */
export interface Outside {
  readonly env: Environment
  /** Folders from which the project may be found upwards. */
  readonly folders: readonly string[]
  readonly now: () => number
}

/** What the configuration of policies says about the run itself. */
export interface LiveWishes {
  /** The base is the stack's own state. */
  readonly asksForBase: boolean
  readonly managedElsewhere: readonly string[]
}

export interface JudgedGroup {
  readonly check: Check
  readonly subject: Subject
  /** The resource that a violation is shown at; undefined: the stack. */
  readonly urnOf: (identifier: string | undefined) => string | undefined
  readonly remarks: readonly string[]
}

/** One preview, or one update: what its program says is collected, and judged once at its end, against one reading of each tenant. */
export interface LiveRun {
  /** The first resource that the engine shows: of every program it is the stack itself. */
  begin(urn: string, wishes: LiveWishes): void
  /** Notes a resource, and waits until the state was read as it was before anything of this run was applied. */
  add(resource: ResourceValidationArgs): Promise<void>
  judged(): Promise<readonly JudgedGroup[]>
}

export function openRun({ env, folders, now }: Outside): LiveRun {
  const seen = new Map<string, SeenResource>()
  let wishes: LiveWishes = { asksForBase: false, managedElsewhere: [] }
  let names = { stack: '', project: '' }
  let exported: Promise<string> | null = null
  let judgement: Promise<readonly JudgedGroup[]> | null = null

  const sources = fromVariable('base', env)

  function askForExport(): Promise<string> {
    const folder = projectFolder(folders, names.project)
    if (folder !== null) return exportStack(folder, names.stack, env)
    const message = `the folder of the project ${names.project} cannot be found from here: name a base (TENANT_DRIFT_BASE)`
    return Promise.reject(declarationMistake(message))
  }

  async function baseOf(group: Group, groups: readonly Group[], root: string, tenant: string): Promise<KnownBase> {
    if (exported !== null) return baseFromExport(await exported, group, groups, env)
    return sources === null ? noBase : baseFromSource(sources, { root, env, isOnly: groups.length === 1 }, tenant)
  }

  /** Tenants that only the base tells. */
  async function groupsOfBase(
    told: readonly Group[],
    untold: readonly string[],
    root: string,
  ): Promise<readonly Group[]> {
    if (exported === null) {
      return sources === null || told.length > 0 ? [] : groupOfSource(sources, { root, env }, untold)
    }
    try {
      return groupsOfExport(await exported, told, new Set(untold), env)
    } catch (error) {
      if (!(error instanceof MistakesError)) throw error
      // Where nothing else is judged, this is how it is said that the base could not be had.
      return told.length > 0 ? [] : [NO_GROUP]
    }
  }

  async function judge(): Promise<readonly JudgedGroup[]> {
    const inProgram = groupByTenant([...seen.values()], env)
    const root = projectFolder(folders, names.project) ?? folders[0] ?? '.'
    const judged: JudgedGroup[] = [...seen.values()].flatMap((each) => notKnownYet(each))
    const told = inProgram.filter((group) => !isTenantUnknown(group))
    const untold = inProgram.filter(isTenantUnknown).flatMap(({ all }) => all.map(({ urn }) => urn))
    const groups = [...told, ...(await groupsOfBase(told, untold, root))]
    for (const group of groups) {
      const { check, remarks } = await judgeTenant(group, {
        env,
        root,
        now: now(),
        managedElsewhere: wishes.managedElsewhere,
        base: (one, tenant) => baseOf(one, groups, root, tenant),
      })
      judged.push({ check, subject: { name: `${names.project} (${names.stack})` }, urnOf: urnsOf(group), remarks })
    }
    return judged
  }

  return {
    begin(urn, given) {
      // urn:pulumi:STACK::PROJECT::TYPE::NAME
      const [head = '', project = ''] = urn.split('::')
      names = { stack: head.replace(/^urn:pulumi:/, ''), project }
      wishes = given
      const isOwnStack = sources?.join() === OWN_STACK
      if (!isOwnStack && (sources !== null || !wishes.asksForBase)) return
      exported = askForExport()
      // Who needs it is told how it failed.
      exported.catch(() => undefined)
    },
    async add(resource) {
      const each = seenResource(resource)
      if (each === null) return
      seen.set(each.urn, each)
      await exported?.catch(() => undefined)
    },
    judged: () => (judgement ??= judge()),
  }
}

const NO_GROUP: Group = { key: '', provider: null, all: [], known: [], standing: new Set() }

/** What is said of a resource that is not whole in this preview. */
function notKnownYet({ name, urn, unknown, provider }: SeenResource): readonly JudgedGroup[] {
  const isDark = provider !== null && provider.unknown.length > 0
  if (unknown.length === 0 && !isDark) return []
  const about = isDark
    ? { names: [], subject: `${name} (of the provider ${provider.name})` }
    : { names: unknown, subject: name }
  const check = checkOf({ ...emptyObserved('unknown'), unknown: about.names }, {})
  return [{ check, subject: { name: about.subject }, urnOf: () => urn, remarks: [] }]
}

function urnsOf({ all }: Group): JudgedGroup['urnOf'] {
  // The API's own resource wins over those of its scopes.
  const members = all.toSorted((a, b) => Number(a.kind === 'server') - Number(b.kind === 'server'))
  const urns = new Map(members.map((seen) => [identifierOfServer(seen), seen.urn]))
  return (identifier) => (identifier === undefined ? undefined : urns.get(identifier))
}
