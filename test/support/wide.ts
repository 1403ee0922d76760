/** Whether `npm run evidence` asked for width (it names a number of runs): `npm test` takes a sample of what is slow. */
export const IS_WIDE = process.env.TENANT_DRIFT_RUNS !== undefined
