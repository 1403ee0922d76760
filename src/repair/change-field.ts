import { isJsonObject, memberOf, own, type Json, type JsonObject } from '../schema/json.ts'
import type { Path } from '../schema/path.ts'
import type { FieldStanding } from '../schema/repair.ts'
import type { Mutable } from '../schema/system-apis.ts'
import { nodesAlong, type RowNode } from '../schema/tree.ts'
import { normalForm } from '../compare/front.ts'
import { putAt } from './put-at.ts'
import { asReturned, sendable } from './sendable.ts'

/** One place of a field and what is to stand there; undefined for nothing. */
export interface Target {
  readonly path: Path
  readonly wanted: Json | undefined
}

/** What a PATCH sends for one field, what stands there then, and what a PATCH sends to bring back what stood before. */
export interface SentChange {
  readonly sent: Json
  readonly before: FieldStanding
  readonly after: FieldStanding
  readonly back: { readonly sent: Json; readonly after: FieldStanding } | { readonly lost: string }
}

export interface ChangeScene {
  readonly node: RowNode
  readonly live: JsonObject
  readonly mutable: Mutable
  /** Where a PEM may be found: this field as the code, and as the base, have it. */
  readonly keys: readonly (Json | undefined)[]
}

const STAYS = 'a PATCH cannot take it away'

/**
 * The smallest right value of one field: a list or an object is replaced whole by a PATCH, so it is what stands in the tenant with these places put right, in the
 * tenant's own order. Or why nothing can be sent.
 */
export function changeField(scene: ChangeScene, targets: readonly Target[]): SentChange | { readonly why: string } {
  const { node, live } = scene
  const { key } = node
  const refused = whyImmutable(node, scene.mutable, targets)
  if (refused !== null) return { why: refused }
  const seen = own(live, key) ?? undefined
  const sent = send(
    scene,
    targets.reduce<Json | undefined>((value, target) => putField(node, value, target), seen),
  )
  if ('why' in sent) return sent
  const before: FieldStanding = { field: key, ...(Object.hasOwn(live, key) ? { value: live[key] as Json } : {}) }
  const after = standingAfter(scene, sent.value)
  const back = send(scene, original(scene, targets))
  return {
    sent: sent.value,
    before,
    after,
    back: 'why' in back ? { lost: back.why } : { sent: back.value, after: standingAfter(scene, back.value) },
  }
}

const REFUSED = 'the tenant lets nobody change it on this API of its own'

/** Why the tenant lets nobody change these places of a field; null where it does. */
export function whyImmutable(
  { key }: RowNode,
  mutable: Mutable,
  targets: readonly Pick<Target, 'path'>[],
): string | null {
  if (mutable.fields !== null && !mutable.fields.includes(key)) return REFUSED
  const members = mutable.members[key]
  return members !== undefined && targets.some(({ path }) => !members.includes(path[1] ?? '')) ? REFUSED : null
}

function putField(node: RowNode, value: Json | undefined, { path, wanted }: Target): Json | undefined {
  const [, ...steps] = path
  const target = wanted ?? inFull(node, path)
  return steps.length === 0 ? target : putAt(node, value, steps, target)
}

/** What stands for absence where a PATCH has to say it. */
function inFull(node: RowNode, path: Path): Json | undefined {
  const last = nodesAlong(path.slice(1), node).at(-1)
  return last === null || last === undefined || last === 'item' || last.row.back?.inFull !== true
    ? undefined
    : last.row.absentEquals[0]
}

/** What stood in the tenant, with what was absent there said where a PATCH has to say it. */
function original({ node, live }: ChangeScene, targets: readonly Target[]): Json | undefined {
  const seen = own(live, node.key) ?? undefined
  return targets.reduce<Json | undefined>((value, { path }) => {
    const said = inFull(node, path)
    return said === undefined || stands(seen, path.slice(1)) ? value : putAt(node, value, path.slice(1), said)
  }, seen)
}

function stands(value: Json | undefined, steps: Path): boolean {
  let at = value
  for (const step of steps) at = memberOf(at, step)
  return at !== undefined
}

/** Of what should stand there: what a PATCH sends for it. Null and defaults take away where they can. */
function send(scene: ChangeScene, value: Json | undefined): { readonly value: Json } | { readonly why: string } {
  const { node, keys, mutable } = scene
  const { row } = node
  if (value === undefined || (row.compare !== 'map' && normalForm(node.key, value) === undefined)) {
    if (row.wireNull === true) return { value: null }
    const [absent] = row.absentEquals
    return absent === undefined || isJsonObject(absent) ? { why: STAYS } : { value: absent }
  }
  const sent = sendable(node, value, keys)
  const members = mutable.members[node.key]
  if ('why' in sent || members === undefined || !isJsonObject(sent.value)) return sent
  return { value: Object.fromEntries(Object.entries(sent.value).filter(([name]) => members.includes(name))) }
}

/** How it reads then: null is no key, and of an API that takes some members alone the others stay. */
function standingAfter({ node, live, mutable }: ChangeScene, sent: Json): FieldStanding {
  const { key } = node
  if (sent === null) return { field: key }
  const value = asReturned(node, sent)
  const before = own(live, key)
  const isMerged = mutable.members[key] !== undefined && isJsonObject(before) && isJsonObject(value)
  return { field: key, value: isMerged ? { ...before, ...value } : value }
}
