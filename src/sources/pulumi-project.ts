import { MistakesError } from '../schema/errors.ts'
import type { ReadContext, StackExport } from '../declared/files.ts'
import { parseJsonSource } from './json-source.ts'
import { readExport } from './pulumi-stack.ts'
import type { SourceState } from '../declared/state.ts'

/**
 * What a stack declared when it was last applied, asked of the CLI in the project's folder: `DIR` for the stack that is selected there, `DIR#STACK` for
 * another one. A name of a stack has no `#`, so the last one divides.
 */
export async function readPulumiProject(path: string, context: ReadContext): Promise<SourceState | null> {
  const { book, files } = context
  const name = `pulumi:${path}`
  const [, folder = path, stack = ''] = /^(.*)#([^#]*)$/s.exec(path) ?? []
  if (files.exportStack === undefined) {
    book.addOf(name, 'the state of a stack at a commit cannot be asked for: name a file with an export of it')
    return null
  }
  let exported: StackExport
  try {
    exported = await files.exportStack(folder === '' ? '.' : folder, stack === '' ? null : stack)
  } catch (error) {
    if (!(error instanceof MistakesError)) throw error
    for (const { message } of error.mistakes) book.addOf(name, message)
    return null
  }
  const source = parseJsonSource(name, exported.text, book)
  const state = source === null ? null : readExport(source, book)
  return state === null ? null : { ...state, warnings: [...exported.warnings, ...state.warnings] }
}
