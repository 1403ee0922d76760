import type { Output } from '@pulumi/pulumi'
import outputs from '@pulumi/pulumi/output.js'
import type { Observed, Drift, TenantDrift } from '../schema/observed.ts'
import { addAnswer, emptySum, warningOf } from './warning.ts'

/** An output as it really is; the SDK's published types leave these two out. */
interface Settling {
  readonly isKnown: Promise<boolean>
  promise(): Promise<readonly [identifier: string, observed: Observed, drift: Drift | TenantDrift]>
}

const sum = emptySum()
let open = 0
let said: string | null = null

/**
 * A preview without the policy pack shows drift as a changed input, and a tenant that it could not read not even as that. So the program says once, when
 * all its checks have answered, what they saw, as a warning in Pulumi's diagnostics. A check that is made later than that may make it say the
 * new sum. Whether a pack runs beside it nobody can tell from here. Never fails, and changes neither state nor exit code.
 */
export function tellAtTheEnd(check: {
  readonly observed: Output<Observed>
  readonly drift: Output<Drift | TenantDrift>
  readonly identifier?: Output<string>
}): void {
  open++
  const identifier = check.identifier ?? outputs.output('')
  const answer = outputs.all([identifier, check.observed, check.drift]) as unknown as Settling
  void settle(answer, check.identifier === undefined)
}

async function settle(answer: Settling, isTenant: boolean): Promise<void> {
  try {
    // Of an unknown output `apply` is never called: one that the run leaves out (--target) would keep the others waiting for ever.
    if (await answer.isKnown) addAnswer(sum, isTenant, ...(await answer.promise()))
    else addAnswer(sum, isTenant, '', { status: 'unknown' }, {})
  } catch {
    // The engine says itself what went wrong with the resource.
  }
  if (--open > 0) return
  const line = warningOf(sum)
  if (line === null || line === said) return
  said = line
  try {
    const { default: log } = await import('@pulumi/pulumi/log/index.js')
    await log.warn(line)
  } catch {
    // A line that cannot be said stops nobody.
  }
}
