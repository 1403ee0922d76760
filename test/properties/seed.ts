import fc from 'fast-check'

/** Where generated inputs begin; another one for each run unless `TENANT_DRIFT_SEED` says so. */
const SEED = wholeNumber(process.env.TENANT_DRIFT_SEED) ?? Math.floor(Math.random() * 0x7f_ff_ff_ff)

/** How many inputs each property gets in the full form; null: as many as each states. */
const RUNS = wholeNumber(process.env.TENANT_DRIFT_RUNS)

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : null
}

console.log(`generated inputs begin from TENANT_DRIFT_SEED=${SEED}`)

/** `few` inputs in `npm test`. In the full form all that were asked for, or `most`, where one input costs much. */
function parameters(few: number, most = Infinity) {
  return { seed: SEED, numRuns: RUNS === null ? few : Math.min(RUNS, most) }
}

/** Time for a test, in ms: what vitest gives in `npm test`; in the full form a second for each input: the machine may be a busy one. */
export const PATIENCE = RUNS === null ? 60_000 : 60_000 + RUNS * 1000

export function holds<Ts extends [unknown, ...unknown[]]>(
  property: fc.IProperty<Ts>,
  few: number,
  most?: number,
): void {
  fc.assert(property, parameters(few, most))
}

export function holdsInTime<Ts extends [unknown, ...unknown[]]>(
  property: fc.IAsyncProperty<Ts>,
  few: number,
  most?: number,
): Promise<void> {
  return fc.assert(property, parameters(few, most))
}
