import path from 'node:path'
import { expect, it } from 'vitest'
import { readDeclared } from '../../src/sources/front.ts'
import { MistakesError } from '../../src/schema/errors.ts'
import { folderWith } from '../cli/run.ts'

const FILLING = ' '.repeat(17 * 1024 * 1024)

/** What kinds of sources take that another tool writes, into a folder of its own. */
it.each(['tfplan', 'tfstate', 'pulumi-stack', 'pulumi-preview'])(
  '%s reads a file outside of the repository, of more than declared files may have',
  async (kind) => {
    const cwd = folderWith({ 'README.md': 'x' })
    const file = path.join(folderWith({ 'other.json': `${FILLING}{}` }), 'other.json')
    const error = await readDeclared([`${kind}:${file}`], { cwd, variables: {} }).catch((reason: unknown) => reason)
    // It is none of that tool's, and it was read to say so.
    expect(error).toBeInstanceOf(MistakesError)
    expect((error as MistakesError).message).not.toMatch(/outside of the repository|larger|MiB/)
  },
)
