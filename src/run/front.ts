export { compareSides, WHOLE } from './compare-sides.ts'
export type { Compared } from './compare-sides.ts'
export { judgePreview } from './judge-preview.ts'
export { idsOf } from './scope-owners.ts'
