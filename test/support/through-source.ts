import { parseDeclaredFiles } from '../../src/declared/front.ts'
import { declaredMistakes } from '../../src/schema/declared-schema.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { memoryFiles } from '../declared/memory-files.ts'
import { mutations, noOps, type Mutation } from './corpus.ts'
import { compareOne, said } from './scenes.ts'

/** What a kind of source makes of one API, in files of its own. */
export interface SourceForm {
  readonly source: string
  readonly write: (api: JsonObject) => Readonly<Record<string, string>>
}

/** What the source says of the one API that it was given. */
export async function readBack(form: SourceForm, api: JsonObject): Promise<JsonObject> {
  const state = await parseDeclaredFiles([form.source], memoryFiles(form.write(api)), { variables: {} })
  const [only] = state.apis
  if (state.apis.length !== 1 || only === undefined) throw new Error(`${state.apis.length} APIs were read`)
  return only.values
}

/** Rows of which some change (or some silence) of the corpus comes out otherwise through the source than through declared files. */
export async function rowsLost(form: SourceForm): Promise<readonly string[]> {
  const lost = new Set<string>()
  for (const mutation of [...mutations(), ...noOps()]) {
    if (!(await saysTheSame(form, mutation))) lost.add(mutation.row.path)
  }
  return [...lost].sort()
}

async function saysTheSame(form: SourceForm, mutation: Mutation): Promise<boolean> {
  const secret = mutation.live.signing_secret
  const input = { secret: { status: 'read', digest: typeof secret === 'string' ? secret : null } as const }
  const bases = [undefined, mutation.declared, mutation.before]
  // A live value that no version knows yet cannot be declared before, either.
  for (const base of bases.filter((values) => values === undefined || declaredMistakes(values).length === 0)) {
    const plain = compareOne({ declared: mutation.declared, live: mutation.live, input, ...(base && { base }) })
    const through = compareOne({
      declared: await readBack(form, mutation.declared),
      live: mutation.live,
      input,
      ...(base && { base: await readBack(form, base) }),
    })
    const [expected, found] = [said(plain.findings), said(through.findings)]
    if (expected.join('\n') !== found.join('\n') || plain.adopted !== through.adopted) return false
  }
  return true
}
