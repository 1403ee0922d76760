import { WHO_LIKELY, WHO_NOT_KNOWN, type Actor, type ChangedBy, type Through } from '../schema/changed-by.ts'
import { plural } from './plural.ts'
import { showName } from './show.ts'

/** The Auth0 CLI's own client: whoever uses it is a person. */
const CLI_CLIENT = '2iZo3Uczt5LFHacKdM0zzgUO2eG2uDjT'
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Whether a place may name persons: only where `--who=full` asked for them, and never where others read. */
export interface WhoOptions {
  readonly persons: boolean
}

/** Who it was, in a few words, with names of the tenant in them: `application deploy-prod (calls itself deploy-cli 8.44.0)`. */
export function actorText(
  { through, actor, tool }: { readonly through: Through; readonly actor: Actor | null; readonly tool: string | null },
  { persons }: WhoOptions,
): string {
  const application = actor?.application ?? null
  const called = application === null ? null : showName(application.name ?? application.client_id)
  const person = persons ? personText(actor) : null
  const says = tool === null || through === 'dashboard' ? '' : ` (calls itself ${showName(tool)})`
  switch (through) {
    case 'dashboard':
      return `${person ?? 'a person'} in the dashboard`
    case 'person':
      if (application?.client_id === CLI_CLIENT) return `${person ?? 'a person'} with the Auth0 CLI`
      return `${person ?? 'a person'}${called === null ? '' : ` with application ${called}`}${says}`
    case 'application':
      return `${called === null ? 'an application' : `application ${called}`}${says}`
  }
}

function personText(actor: Actor | null): string | null {
  const { name = null, email = null } = actor?.person ?? {}
  if (name === null && email === null) return null
  if (name === null || email === null || name === email) return showName(name ?? email ?? '')
  return `${showName(name)} <${showName(email)}>`
}

/** One sentence without its full stop: who, when, by which event; or why nobody knows. */
export function whoText(changedBy: ChangedBy, options: WhoOptions): string {
  const { certainty, reason, at, through, log, keptBy, sentBy } = changedBy
  if (certainty === 'not-known' || through === null || at === null || log === null) {
    const why =
      reason !== null && reason in WHO_NOT_KNOWN ? WHO_NOT_KNOWN[reason as keyof typeof WHO_NOT_KNOWN] : reason
    const sent =
      sentBy === undefined
        ? ''
        : `; it was sent by ${actorText(sentBy, options)}, ${whenText(sentBy.at)}, and what stood there before is not known`
    return `not known: ${why ?? 'nobody asked'}${sent}`
  }
  const deed = `${actorText({ ...changedBy, through }, options)}, ${whenText(at)}, log ${shortLog(log)}`
  const again = keptBy === null ? '' : `; ${keptText(keptBy, changedBy, options)}`
  if (certainty === 'certain') return deed + again
  const why = reason !== null && reason in WHO_LIKELY ? WHO_LIKELY[reason as keyof typeof WHO_LIKELY] : reason
  return `probably ${deed} (${why ?? 'not proven'})${again}`
}

function keptText(keptBy: NonNullable<ChangedBy['keptBy']>, changedBy: ChangedBy, options: WhoOptions): string {
  const [first, last] = [
    changedBy.through === null ? '' : actorText({ ...changedBy, through: changedBy.through }, options),
    actorText(keptBy, options),
  ]
  return `sent again ${plural(keptBy.count, 'time')} since${first === last ? '' : `, last by ${last}`}`
}

/** `29 Nov 2026, 01:52 UTC`. */
export function whenText(time: string): string {
  const [year = '', month = '', day = ''] = time.slice(0, 10).split('-')
  return `${Number(day)} ${MONTHS[Number(month) - 1] ?? month} ${year}, ${time.slice(11, 16)} UTC`
}

/** Both ends of an id that nobody reads out. */
export function shortLog(log: string): string {
  return log.length <= 12 ? showName(log) : showName(`${log.slice(0, 4)}…${log.slice(-4)}`)
}

const MOST_DEEDS = 3

/** Of one difference on several APIs: each of whom, and how often. Empty where nobody asked. */
export function whoTexts(of: readonly { readonly changedBy?: ChangedBy }[], options: WhoOptions): readonly string[] {
  const known = of.flatMap(({ changedBy }) => (changedBy === undefined ? [] : [changedBy]))
  const [first] = known
  if (first === undefined) return []
  if (known.length === 1) return [whoText(first, options)]
  const texts = Map.groupBy(known, (each) => subjectText(each, options))
  const lines = [...texts].map(([text, each]) => (texts.size === 1 ? text : `${text} (${each.length})`))
  return lines.length <= MOST_DEEDS ? lines : [...lines.slice(0, MOST_DEEDS), `${lines.length - MOST_DEEDS} more`]
}

/** Without time and event, which differ from API to API. */
function subjectText(changedBy: ChangedBy, options: WhoOptions): string {
  const { certainty, through, at } = changedBy
  if (certainty === 'not-known' || through === null || at === null) return whoText(changedBy, options)
  const day = whenText(at).split(',')[0] ?? ''
  return `${certainty === 'likely' ? 'probably ' : ''}${actorText({ ...changedBy, through }, options)}, ${day}`
}

/** Behind a message, for formats that have one text; empty where nobody asked. */
export function whoSentence(finding: { readonly changedBy?: ChangedBy }, options: WhoOptions): string {
  const [text] = whoTexts([finding], options)
  return text === undefined ? '' : ` Changed by: ${text}.`
}
