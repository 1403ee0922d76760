export type { Asked, PastReading } from './timeline.ts'
export { whoChanged } from './who-changed.ts'
