import { join } from 'node:path'
import { ERROR_CODES } from '../../src/schema/errors.ts'
import { askShipped } from '../shipped.ts'
import type { PackAnswer, PackQuestion } from './live-pack-process.ts'
import type { Said } from './said.ts'
import { environmentOf, type Stage } from './stage.ts'

const PROCESS = join(import.meta.dirname, 'live-pack-process.ts')
const NOTICES: ReadonlySet<string> = new Set(['undeclared-setting', 'unmanaged-api', 'unknown-field'])

/** The pack for unmodified programs, in a process of its own. */
export async function livePack(stage: Stage): Promise<readonly Said[]> {
  const question: PackQuestion = { declared: stage.declared }
  const answer = await askShipped(PROCESS, question, { cwd: stage.folder, env: environmentOf(stage) })
  const { found: all, ms } = answer as PackAnswer
  // What nobody declares and nobody recorded is a notice.
  const found = all.filter(({ policy }) => !NOTICES.has(policy))
  const unread = found.filter(({ policy }) => policy === 'unreadable-tenant').map(({ message }) => message)
  return [
    {
      who: 'the live pack',
      isOfOne: false,
      isFresh: false,
      status: unread.length > 0 ? 'unreadable' : found.length > 0 ? 'drift' : 'in sync',
      // A resource is called as its API is identified.
      missing: found.flatMap(({ policy, urn }) =>
        policy === 'missing-api' ? [urn.replace(/^.*?ResourceServer::/, '')] : [],
      ),
      others: found.flatMap(({ policy }) =>
        policy === 'missing-api' || policy === 'unreadable-tenant' ? [] : [policy],
      ),
      codes: unread.map((message) => Object.keys(ERROR_CODES).find((code) => message.includes(code)) ?? 'none'),
      text: unread.join('\n'),
      hasNextStep: unread.length > 0 && unread.every((message) => message.includes('Fix: ')),
      misjudged: null,
      ms,
    },
  ]
}
