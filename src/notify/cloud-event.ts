import type { Affected } from '../schema/affected.ts'
import { printable } from '../words/printable.ts'
import type { ChangedBy } from '../schema/changed-by.ts'
import { timeOf } from '../schema/clock.ts'
import { eventTypeOf } from '../schema/telling.ts'
import { sentenceOf, type Item } from './item.ts'
import type { Parcel } from './parcel.ts'

export const CONTENT_TYPE = 'application/cloudevents+json; charset=utf-8'
const MOST_OF_A_VALUE = 2048
const MOST_BYTES = 20_000

/** CloudEvents 1.0, structured. A plain one holds no text of the tenant: it is for a receiver that refused the other. */
export function cloudEvent(item: Item, about: Pick<Parcel, 'link' | 'isPlain' | 'begins'>): string {
  const full = eventOf(item, about, MOST_OF_A_VALUE)
  const isLong = Buffer.byteLength(JSON.stringify(full)) > MOST_BYTES
  return JSON.stringify(isLong ? eventOf(item, about, 200) : full)
}

function eventOf(
  item: Item,
  { link, isPlain, begins }: Pick<Parcel, 'link' | 'isPlain' | 'begins'>,
  most: number,
): object {
  const subject = isPlain ? null : subjectOf(item)
  return {
    specversion: '1.0',
    id: item.id,
    source: sourceOf(item.address),
    type: eventTypeOf(item.type),
    ...(subject === null ? {} : { subject }),
    time: timeOf(item.at),
    datacontenttype: 'application/json',
    data: {
      tenant: isPlain ? null : item.tenant,
      ...(item.fingerprint === null ? {} : { fingerprint: item.fingerprint }),
      ...(item.kind === null ? {} : { kind: item.kind }),
      ...(item.severity === null ? {} : { severity: item.severity }),
      ...(item.code === undefined ? {} : { code: item.code }),
      since: timeOf(item.since),
      returns: item.returns,
      ...(item.how === undefined ? {} : { how: item.how }),
      ...(item.why === undefined ? {} : { why: item.why }),
      ...(item.took === undefined ? {} : { took: item.took }),
      ...(isPlain || item.changedBy === undefined ? {} : { changedBy: printed(item.changedBy) }),
      ...(isPlain ? { reduced: true } : eventTexts(item, most)),
      ...(begins === true ? { memory_begins: true } : {}),
      ...(link === null ? {} : { run: link }),
    },
  }
}

/** Its names without anything that acts. */
function printed(changedBy: ChangedBy): unknown {
  return JSON.parse(JSON.stringify(changedBy), (_key, value: unknown) =>
    typeof value === 'string' ? printable(value, 300) : value,
  )
}

function eventTexts(item: Item, most: number): object {
  const shorten = (value: unknown): { readonly value: unknown; readonly isCut: boolean } => {
    const text = JSON.stringify(value)
    return text.length <= most ? { value, isCut: false } : { value: text.slice(0, most).toWellFormed(), isCut: true }
  }
  const declared = item.declared === undefined ? null : shorten(item.declared)
  const live = item.live === undefined ? null : shorten(item.live)
  return {
    identifier: item.identifier === null ? null : printable(item.identifier, most),
    path: printable(item.path, most),
    ...(declared === null ? {} : { declared: declared.value }),
    ...(live === null ? {} : { live: live.value }),
    ...(declared?.isCut === true || live?.isCut === true ? { truncated: true } : {}),
    message: printable(sentenceOf(item), most),
    ...(item.affected === undefined ? {} : { affected: affectedOf(item.affected, most) }),
  }
}

/** Whom it hits, with names that can be printed. */
function affectedOf(affected: Affected, most: number): object {
  const applications = affected.applications.map(({ client_id, name, why }) => ({
    client_id: printable(client_id, 100),
    name: name === null ? null : printable(name, Math.min(most, 200)),
    why,
  }))
  return { ...affected, applications }
}

/** An address as a URI; a tenant without a domain is a name. */
function sourceOf(address: string): string {
  if (address.startsWith('name:')) return `urn:tenant-drift:${encodeURIComponent(address.slice(5))}`
  return address.includes('://') ? `${address}/` : `https://${address}/`
}

/** Identifier and path; left out for a tenant as a whole. Without control characters, as the specification wants it. */
function subjectOf({ identifier, path }: Item): string | null {
  if (identifier === null && path === '') return null
  return printable([identifier ?? 'tenant', ...(path === '' ? [] : [path])].join('#'), 500)
}
