import type { ReadContext } from '../declared/files.ts'

/**
 * `PATH#CHOICE`: what a source names, and which of several things beside it is meant: a configuration of Terraform's provider (`FILE#auth0.us`), one of the
 * deploy CLI (`FOLDER#../config/dev.json`). A path that has a `#` in it and is there is itself.
 */
export async function splitChoice(
  path: string,
  { files }: ReadContext,
): Promise<{ readonly file: string; readonly chosen: string | null }> {
  const mark = path.lastIndexOf('#')
  if (mark < 1 || (await files.kindOf(path)) !== null) return { file: path, chosen: null }
  return { file: path.slice(0, mark), chosen: path.slice(mark + 1) }
}
