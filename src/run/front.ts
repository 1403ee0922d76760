export { compareSides, WHOLE } from './compare-sides.ts'
export type { Compared, Scope } from './compare-sides.ts'
export { judgePreview } from './judge-preview.ts'
