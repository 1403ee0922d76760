/** Names alone, so that asking for one costs nothing of the others. */
export { FORMATS, type Format } from '../schema/output-formats.ts'
