import { MistakesError, placeText } from '../../src/schema/errors.ts'
import type { DeclaredState } from '../../src/schema/declared.ts'
import type { DeclaredFiles } from '../../src/declared/files.ts'
import { matchesFile } from '../../src/git/file-glob.ts'
import { parseDeclaredFiles } from '../../src/sources/front.ts'

/** A file system of texts by path, as a commit of a repository is one. Counts what is read. */
export function memoryFiles(texts: Readonly<Record<string, string>>): DeclaredFiles & { readonly reads: string[] } {
  const names = Object.keys(texts)
  const reads: string[] = []
  return {
    reads,
    async kindOf(path) {
      if (Object.hasOwn(texts, path)) return 'file'
      return names.some((name) => name.startsWith(`${path}/`)) ? 'folder' : null
    },
    async read(path) {
      reads.push(path)
      if (!Object.hasOwn(texts, path)) throw Object.assign(new Error('gone'), { code: 'ENOENT' })
      return texts[path] ?? ''
    },
    async glob(pattern) {
      return names.filter((name) => matchesFile(pattern, name)).reverse()
    },
  }
}

export const VARIABLES = { env: 'prod', tenant: 'acme.eu.auth0.com', secret: 'from-a-vault-0123456789' }

export function parse(
  texts: Readonly<Record<string, string>>,
  sources: readonly string[] = Object.keys(texts),
): Promise<DeclaredState> {
  return parseDeclaredFiles(sources, memoryFiles(texts), { variables: VARIABLES })
}

/** The mistakes as a person reads them, one text each; fails where there is none. */
export async function mistakesOf(reading: Promise<unknown> | (() => unknown)): Promise<readonly string[]> {
  try {
    await (typeof reading === 'function' ? reading() : reading)
  } catch (error) {
    if (!(error instanceof MistakesError)) throw error
    return error.mistakes.map((mistake) => `${placeText(mistake)}${mistake.message}`)
  }
  throw new Error('no mistake was found')
}
