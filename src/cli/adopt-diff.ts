import type { FileEdit } from '../edit/files.ts'

/** Unified diffs, as `git apply` and `patch -p1` take them, without what a signing secret is. */
export async function unifiedDiff(edits: readonly FileEdit[], secrets: readonly string[]): Promise<string> {
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = await import('diff')
  const patches = edits.map(({ file, before, after }) => {
    const from = before === null ? '/dev/null' : `a/${file}`
    const headerOptions = FILE_HEADERS_ONLY
    return createTwoFilesPatch(from, `b/${file}`, before ?? '', after, undefined, undefined, {
      context: 3,
      headerOptions,
    })
  })
  return patches.map((patch) => withoutSecret(patch, secrets)).join('')
}

function withoutSecret(patch: string, secrets: readonly string[]): string {
  return secrets.reduce((safe, secret) => safe.replaceAll(secret, '(hidden)'), patch)
}
