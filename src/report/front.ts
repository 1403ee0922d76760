/** The front of the room that renders reports. */
export { WIDTH, wrap } from './lines.ts'
export { COMMENT_LIMIT } from './limits.ts'
export { parseReport } from './parse-report.ts'
export { DETAILS, reduceReport, type Details } from './reduce.ts'
export { reasonForNone, render } from './render.ts'
