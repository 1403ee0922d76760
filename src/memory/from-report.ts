import type { Report } from '../schema/report.ts'
import { remember } from './remember.ts'
import { EMPTY, type Memory } from './types.ts'

/** What an earlier report alone lets one remember (`--previous`): how things stood then, and no age of them. */
export function memoryOf(report: Report, at: number): Memory {
  const covers = report.targeted ? 'some' : 'all'
  return remember(EMPTY, { report, standing: null, covers, commit: null, took: null }, at).memory
}
