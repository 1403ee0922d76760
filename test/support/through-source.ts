import { saidByBase } from '../../src/compare/base-says.ts'
import { parseDeclaredFiles } from '../../src/sources/front.ts'
import type { DeclaredApi } from '../../src/schema/declared.ts'
import { declaredMistakes } from '../../src/schema/declared-schema.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { memoryFiles } from '../declared/memory-files.ts'
import { mutations, noOps, type Mutation } from './corpus.ts'
import { compareOne, said } from './scenes.ts'

/** How one API is written for a kind of source, in files of its own. */
export interface SourceForm {
  readonly source: string
  readonly write: (api: JsonObject) => Readonly<Record<string, string>>
}

interface Case {
  readonly mutation: Mutation
  /** Null where nothing was before. */
  readonly base: JsonObject | null
}

/**
 * The corpus through a kind of source, with and without a base, beside the same corpus as declared files. `unsayable` are the declared values whose changes
 * (or silence) come out otherwise, as `row = value`; `otherwise` are titles of changes that do although both sides of the code can be said.
 */
export async function throughSource(
  form: SourceForm,
): Promise<{ readonly unsayable: readonly string[]; readonly otherwise: readonly string[] }> {
  const corpus = [...mutations(), ...noOps()]
  const unsayable = new Map<string, string>()
  for (const mutation of corpus) {
    if (!(await isSame(form, { mutation, base: null })))
      unsayable.set(keyOf(mutation.declared), mutation.title.replace(/^(\S+) from (.*) to .*$/, '$1 = $2'))
  }
  const otherwise: string[] = []
  for (const mutation of corpus) {
    for (const base of [mutation.declared, mutation.before]) {
      // A live value that no version knows yet cannot be declared before, either.
      const isSayable = [mutation.declared, base].every((api) => !unsayable.has(keyOf(api)))
      if (!isSayable || declaredMistakes(base).length > 0) continue
      if (!(await isSame(form, { mutation, base }))) otherwise.push(mutation.title)
    }
  }
  return { unsayable: [...new Set(unsayable.values())].sort(), otherwise }
}

function keyOf(api: JsonObject): string {
  return JSON.stringify(api)
}

async function isSame(form: SourceForm, { mutation, base }: Case): Promise<boolean> {
  const { declared, live } = mutation
  const secret = live.signing_secret
  const input = { secret: { status: 'read', digest: typeof secret === 'string' ? secret : null } as const }
  const plain = compareOne({ declared, live, input, ...(base && { base }) })
  const through = compareOne({
    declared: (await readBack(form, declared)).values,
    live,
    input,
    ...(base && { base: saidByBase(await readBack(form, base), declared) }),
  })
  return said(plain.findings).join() === said(through.findings).join() && plain.adopted === through.adopted
}

async function readBack(form: SourceForm, api: JsonObject): Promise<DeclaredApi> {
  const state = await parseDeclaredFiles([form.source], memoryFiles(form.write(api)), { variables: {} })
  const [only] = state.apis
  if (state.apis.length !== 1 || only === undefined) throw new Error(`${state.apis.length} APIs were read`)
  return only
}
