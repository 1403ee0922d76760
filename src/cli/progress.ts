import { plural } from '../words/plural.ts'
import { requestsOf } from '../schema/proof.ts'
import type { TenantReader } from '../schema/snapshot.ts'
import { harmlessLine } from '../words/harmless.ts'
import type { Io } from './io.ts'
import { isPipeline } from './pipeline-repository.ts'

/** What a person sees while a tenant is read: on stderr alone, so that a report can be piped on. */
export interface Progress {
  /** One line that stays. */
  readonly say: (text: string) => void
  /** Watches a reading: a spinner with pages and waits on a terminal, two plain lines elsewhere. */
  readonly watch: <T>(reader: TenantReader, work: () => Promise<T>) => Promise<T>
}

const TICK_MS = 150

/** A progress that says lines and shows nothing of a reading. */
export function linesOnly(say: Progress['say']): Progress {
  return { say, watch: (_reader, work) => work() }
}

export function createProgress(io: Io, isQuiet: boolean): Progress {
  const say = (text: string): void => {
    if (!isQuiet) io.err(`${text}\n`)
  }
  if (isQuiet) return linesOnly(say)
  if (io.isErrTerminal && !isPipeline(io.env)) return { say, watch: (reader, work) => spinner(reader, work, io) }
  return {
    say,
    async watch(reader, work) {
      say(`reading ${reader.tenant}`)
      const result = await work()
      say(progressText(reader, 'read'))
      return result
    },
  }
}

async function spinner<T>(reader: TenantReader, work: () => Promise<T>, { secrets }: Io): Promise<T> {
  const shownNow = (text: string): string => harmlessLine(secrets.hider().hide(text))
  const { default: makeSpinner } = await import('yocto-spinner')
  const shown = makeSpinner({ text: shownNow(`reading ${reader.tenant}`), stream: process.stderr }).start()
  const timer = setInterval(() => {
    shown.text = shownNow(progressText(reader))
  }, TICK_MS)
  try {
    return await work()
  } finally {
    clearInterval(timer)
    shown.stop()
  }
}

function progressText(reader: TenantReader, verb = 'reading'): string {
  const proof = reader.proof()
  const { items, retries, waits } = proof
  const parts = [
    ...(items > 0 ? [plural(items, 'API')] : []),
    plural(requestsOf(proof), 'request'),
    ...(retries > 0 ? [plural(retries, 'retry', 'retries')] : []),
    ...(waits > 0 ? [`${plural(waits, 'wait')} for the rate limit`] : []),
  ]
  return `${verb} ${reader.tenant}: ${parts.join(', ')}`
}
