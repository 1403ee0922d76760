/** A message that a webhook was sent. */
export interface Told {
  readonly id: string
  /** `opened`, `changed`, `reopened`, `resolved`, `unreadable`, `readable`. */
  readonly type: string
  readonly tenant: string
  /** Identifier and path; empty for the tenant as a whole. */
  readonly subject: string
  readonly time: string
  readonly live: unknown
}

/** What the body of a request to the webhook tells. */
export function toldIn(body: Buffer): Told {
  const { id, type, subject, time, data } = JSON.parse(body.toString('utf8')) as {
    readonly id: string
    readonly type: string
    readonly subject?: string
    readonly time: string
    readonly data: { readonly tenant: string; readonly live?: unknown }
  }
  const isTenant = type.startsWith('tenant_drift.tenant.')
  return {
    id,
    type: type.split('.').at(-1) ?? '',
    tenant: data.tenant,
    subject: isTenant ? '' : (subject ?? ''),
    time,
    live: data.live ?? null,
  }
}

const BEGINS: ReadonlySet<string> = new Set(['opened', 'reopened', 'unreadable'])
const ENDS: ReadonlySet<string> = new Set(['resolved', 'readable'])

/** Each message once, where it was heard first: a receiver drops what comes again under its id. */
export function onceById(told: readonly Told[]): readonly Told[] {
  const seen = new Set<string>()
  return told.filter(({ id }) => !seen.has(id) && seen.add(id))
}

/** What was told out of turn: a beginning of what stands already, or an end of what does not. */
export function outOfTurn(told: readonly Told[]): readonly string[] {
  const standing = new Set<string>()
  return onceById(told).flatMap(({ type, ...each }) => {
    const what = whatOf(each)
    const stands = standing.has(what)
    if (BEGINS.has(type)) standing.add(what)
    if (ENDS.has(type)) standing.delete(what)
    if (BEGINS.has(type) && stands) return [`${what}: ${type} is told, and it stood already`]
    if (!BEGINS.has(type) && !stands) return [`${what}: ${type} is told, and it did not stand`]
    return []
  })
}

/** One thing that happened, under two ids; one id for two things. */
export function mixedIds(told: readonly Told[]): readonly string[] {
  const [byThing, byId] = [new Map<string, string>(), new Map<string, string>()]
  return told.flatMap(({ id, type, time, ...each }) => {
    const thing = `${type} of ${whatOf(each)} at ${time}`
    const [firstId, firstThing] = [byThing.get(thing) ?? id, byId.get(id) ?? thing]
    byThing.set(thing, id)
    byId.set(id, thing)
    return [
      ...(firstId === id ? [] : [`${thing}: told under two ids`]),
      ...(firstThing === thing ? [] : [`${id}: told as two things`]),
    ]
  })
}

/** What a receiver believes at the end: the live value of what stands, by tenant and subject. */
export function beliefs(told: readonly Told[]): ReadonlyMap<string, unknown> {
  const standing = new Map<string, unknown>()
  for (const { type, live, ...each } of onceById(told)) {
    if (ENDS.has(type)) standing.delete(whatOf(each))
    else standing.set(whatOf(each), live)
  }
  return standing
}

/** What a receiver believes otherwise than it is. `stands`: the live value of all that differs, by tenant and subject. */
export function astray(told: readonly Told[], stands: ReadonlyMap<string, unknown>): readonly string[] {
  const believed = beliefs(told)
  return [...new Set([...believed.keys(), ...stands.keys()])].flatMap((what) => {
    const [was, is] = [believed, stands].map((each) => (each.has(what) ? JSON.stringify(each.get(what)) : 'in sync'))
    return was === is ? [] : [`${what} is ${is}, and ${was} was told last`]
  })
}

function whatOf({ tenant, subject }: Pick<Told, 'tenant' | 'subject'>): string {
  return `${tenant} ${subject}`.trim()
}
