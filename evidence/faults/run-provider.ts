import { join } from 'node:path'
import { isJsonObject, type JsonObject } from '../../src/schema/json.ts'
import { askShipped } from '../shipped.ts'
import type { ProviderAnswer, ProviderQuestion } from './provider-process.ts'
import { textOf, type Said } from './said.ts'
import { environmentOf, type Stage } from './stage.ts'

const PROCESS = join(import.meta.dirname, 'provider-process.ts')

/** The provider's methods of a whole tenant, then of the one API that matters most, in a process of their own. */
export async function provider(stage: Stage): Promise<readonly Said[]> {
  const question: ProviderQuestion = { api: stage.declared.at(-1) ?? {} }
  const answers = await askShipped(PROCESS, question, { cwd: stage.folder, env: environmentOf(stage) })
  return (answers as readonly ProviderAnswer[]).map(saidOf)
}

function saidOf({ who, isOfOne, props, ms }: ProviderAnswer): Said {
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
