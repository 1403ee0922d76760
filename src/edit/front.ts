export { editFiles } from './files.ts'
export type { Change, Edits, FileEdit } from './files.ts'
