import { WHO_LIKELY, WHO_NOT_KNOWN } from '../schema/changed-by-words.ts'
import type { Actor, ChangedBy, Deed, KeptBy, Through } from '../schema/changed-by.ts'
import { shortDate, whenText } from './dates.ts'
import { plural } from './plural.ts'
import { showName } from './show.ts'

/** The Auth0 CLI's own client: whoever uses it is a person. */
const CLI_CLIENT = '2iZo3Uczt5LFHacKdM0zzgUO2eG2uDjT'

/** Whether a place may name persons: only where `--who=full` asked for them, and never where others read. */
export interface WhoOptions {
  readonly persons: boolean
}

/** A piece of a sentence: words of ours, or a name that somebody else gave, for each medium to put into its own quotes. */
export type Part = string | { readonly name: string }

/** All of it as one text, on one line, without anything that acts. */
export function partsText(parts: readonly Part[]): string {
  return parts.map((part) => (typeof part === 'string' ? part : showName(part.name))).join('')
}

interface Doer {
  readonly through: Through
  readonly actor: Actor | null
  readonly tool: string | null
}

/** Who did something, in a few words: `application deploy-prod (calls itself deploy-cli 8.44.0)`. */
export function doerText(doer: Doer, options: WhoOptions): string {
  return partsText(doerParts(doer, options))
}

function doerParts({ through, actor, tool }: Doer, { persons }: WhoOptions): readonly Part[] {
  const application = actor?.application ?? null
  const called: readonly Part[] = application === null ? [] : [{ name: application.name ?? application.client_id }]
  const person = persons ? personParts(actor) : []
  const who = person.length === 0 ? ['a person'] : person
  const says: readonly Part[] = tool === null ? [] : [' (calls itself ', { name: tool }, ')']
  switch (through) {
    case 'dashboard':
      return [...who, ' in the dashboard']
    case 'person':
      if (application?.client_id === CLI_CLIENT) return [...who, ' with the Auth0 CLI']
      return [...who, ...(called.length === 0 ? [] : [' with application ', ...called]), ...says]
    case 'application':
      return [...(called.length === 0 ? ['an application'] : ['application ', ...called]), ...says]
  }
}

function personParts(actor: Actor | null): readonly Part[] {
  const { name = null, email = null } = actor?.person ?? {}
  if (name === null || email === null || name === email) {
    const one = name ?? email
    return one === null ? [] : [{ name: one }]
  }
  return [{ name }, ' <', { name: email }, '>']
}

/** One sentence without its full stop: who, when, by which event; or why nobody knows. */
function whoParts(changedBy: ChangedBy, options: WhoOptions): readonly Part[] {
  const { certainty, reason, sentBy } = changedBy
  const deed = deedOf(changedBy)
  if (deed === null) {
    const sent: readonly Part[] =
      sentBy === undefined
        ? []
        : [
            '; this value was first sent by ',
            ...doerParts(sentBy, options),
            `, ${whenText(sentBy.at)}, as far as the logs go`,
          ]
    return [`not known: ${reasonText(reason)}`, ...sent]
  }
  const said: readonly Part[] = [
    ...doerParts(deed, options),
    `, ${whenText(deed.at)}, log `,
    { name: shortLog(deed.log) },
  ]
  const again = changedBy.keptBy === null ? [] : keptParts(changedBy.keptBy, deed, options)
  return certainty === 'certain' ? [...said, ...again] : ['probably ', ...said, ` (${reasonText(reason)})`, ...again]
}

const REASONS: Readonly<Record<string, string>> = { ...WHO_LIKELY, ...WHO_NOT_KNOWN }

function reasonText(reason: ChangedBy['reason']): string {
  return REASONS[reason ?? ''] ?? 'not proven'
}

function deedOf({ certainty, at, through, actor, tool, log }: ChangedBy): (Deed & Doer) | null {
  if (certainty === 'not-known' || at === null || through === null || log === null) return null
  return { at, through, actor: actor ?? { application: null }, tool, log }
}

function keptParts(keptBy: KeptBy, deed: Doer, options: WhoOptions): readonly Part[] {
  const last = doerParts(keptBy, options)
  const isOther = partsText(last) !== partsText(doerParts(deed, options))
  return [`; sent again ${plural(keptBy.count, 'time')} since`, ...(isOther ? [', last by ', ...last] : [])]
}

/** Both ends of an id that nobody reads out. */
function shortLog(log: string): string {
  return log.length <= 12 ? log : `${log.slice(0, 4)}…${log.slice(-4)}`
}

const MOST_DOERS = 3

/** Of one difference, on one or several APIs: whom it was changed by, each once, with how often. Empty where nobody asked. */
export function whoOf(
  findings: readonly { readonly changedBy?: ChangedBy }[],
  options: WhoOptions,
): readonly (readonly Part[])[] {
  const known = findings.flatMap(({ changedBy }) => (changedBy === undefined ? [] : [changedBy]))
  const [first] = known
  if (first === undefined) return []
  if (known.length === 1) return [whoParts(first, options)]
  const groups = Map.groupBy(known, (each) => partsText(briefParts(each, options)))
  const lines = [...groups.values()].map(([one, ...more]): readonly Part[] => {
    const parts = one === undefined ? [] : briefParts(one, options)
    return groups.size === 1 ? parts : [...parts, ` (${more.length + 1})`]
  })
  return lines.length <= MOST_DOERS ? lines : [...lines.slice(0, MOST_DOERS), [`${lines.length - MOST_DOERS} more`]]
}

/** Without time and event, which differ from API to API. */
function briefParts(changedBy: ChangedBy, options: WhoOptions): readonly Part[] {
  const deed = deedOf(changedBy)
  if (deed === null) return whoParts(changedBy, options)
  return [
    ...(changedBy.certainty === 'likely' ? ['probably '] : []),
    ...doerParts(deed, options),
    `, ${shortDate(deed.at)}`,
  ]
}

/** The same as texts. */
export function whoTexts(
  findings: readonly { readonly changedBy?: ChangedBy }[],
  options: WhoOptions,
): readonly string[] {
  return whoOf(findings, options).map(partsText)
}

/** Behind a message, for formats that have one text; empty where nobody asked. */
export function whoSentence(finding: { readonly changedBy?: ChangedBy }, options: WhoOptions): string {
  const [text] = whoTexts([finding], options)
  return text === undefined ? '' : ` Changed by: ${text}.`
}

/** The same without the person. */
export function withoutPerson(changedBy: ChangedBy): ChangedBy {
  const { actor, keptBy, sentBy } = changedBy
  return {
    ...changedBy,
    actor: applicationAlone(actor),
    keptBy: keptBy === null ? null : { ...keptBy, actor: applicationAlone(keptBy.actor) ?? keptBy.actor },
    ...(sentBy === undefined ? {} : { sentBy: { ...sentBy, actor: applicationAlone(sentBy.actor) ?? sentBy.actor } }),
  }
}

function applicationAlone(actor: Actor | null): Actor | null {
  return actor === null ? null : { application: actor.application }
}
