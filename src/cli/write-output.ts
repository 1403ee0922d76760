import { writeOutputFile, type WrittenFile } from '../edit/write-files.ts'
import { hideRendered, type Writing } from '../words/hide-rendered.ts'
import type { Io } from './io.ts'

/**
 * Writes what a run says of a tenant, without the secrets that it has learnt.
 * @throws MistakesError `invalid_config` where it cannot be written
 */
export function writeOutput({ text, ...place }: WrittenFile, writing: Writing, io: Io): Promise<void> {
  return writeOutputFile({ ...place, text: hideRendered(text, writing, io.secrets.hider()) }, io.cwd)
}
