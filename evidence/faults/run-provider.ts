import { dynamicMethods, type DynamicMethods } from '../../src/provider/methods.ts'
import { resourceServerKind } from '../../src/provider/resource-server.ts'
import { openSession } from '../../src/provider/session.ts'
import { tenantKind } from '../../src/provider/tenant.ts'
import { isJsonObject, type JsonObject } from '../../src/schema/json.ts'
import { textOf, type Said } from './said.ts'
import type { Stage } from './stage.ts'

/** The provider's methods as the engine calls them: of a whole tenant, then of the one API that matters most, in one process. */
export async function provider({ folder, env, declared }: Stage): Promise<readonly Said[]> {
  const session = openSession({ config: () => undefined, env, cwd: folder, now: Date.now })
  const said: Said[] = []
  const look = async (who: string, isOfOne: boolean, work: () => Promise<JsonObject>): Promise<JsonObject> => {
    const begun = performance.now()
    const props = await work()
    said.push(saidOf(who, isOfOne, props, performance.now() - begun))
    return props
  }
  const all = async (kind: string, isOfOne: boolean, methods: DynamicMethods, program: JsonObject) => {
    const inputs = await look(`${kind}, check`, isOfOne, async () => (await methods.check({}, program)).inputs)
    const outs = await look(`${kind}, create`, isOfOne, async () => (await methods.create(inputs)).outs)
    await look(`${kind}, read`, isOfOne, async () => (await methods.read('id', outs)).props)
  }
  try {
    await all(
      'TenantCheck',
      false,
      dynamicMethods(tenantKind, () => session),
      { files: 'declared.json' },
    )
    await all(
      'ResourceServerCheck',
      true,
      dynamicMethods(resourceServerKind, () => session),
      declared.at(-1) ?? {},
    )
  } finally {
    await session.reader().then(
      (reader) => reader.close(),
      () => undefined,
    )
  }
  return said
}

function saidOf(who: string, isOfOne: boolean, props: JsonObject, ms: number): Said {
  const observed = props.observed as JsonObject
  const drift = props.drift as JsonObject
  const entries = Object.entries(drift).flatMap(([name, entry]): (readonly [string, JsonObject])[] => {
    if (!isJsonObject(entry)) return []
    if ('kind' in entry) return [[textOf(props.identifier), entry]]
    return Object.values(entry).flatMap((one) => (isJsonObject(one) ? [[name, one] as const] : []))
  })
  const unread = entries.flatMap(([, { kind, code }]) => (kind === 'unreadable' ? [textOf(code)] : []))
  const isUnread = observed.status === 'unreadable' || unread.length > 0
  const missing = entries.flatMap(([name, { kind }]) => (kind === 'missing' ? [name] : []))
  const known = ['read', 'missing', 'unreadable'].includes(textOf(observed.status))
  return {
    who,
    isOfOne,
    isFresh: who.endsWith('create'),
    status: isUnread ? 'unreadable' : entries.length > 0 ? 'drift' : 'in sync',
    missing: observed.status === 'missing' ? [textOf(props.identifier)] : missing,
    others: entries.flatMap(([name, { kind }]) =>
      kind === 'missing' || kind === 'unreadable' ? [] : [`${textOf(kind)} ${name}`],
    ),
    codes: observed.status === 'unreadable' ? [textOf(observed.code)] : unread,
    text: `${textOf(observed.message)} ${textOf(observed.advice)}`,
    // An API of a tenant that was read carries its code; the pack has the words.
    hasNextStep: unread.length > 0 || (typeof observed.message === 'string' && typeof observed.advice === 'string'),
    misjudged: known ? null : `status ${textOf(observed.status)}`,
    ms,
  }
}
