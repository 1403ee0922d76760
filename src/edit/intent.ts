import { declaredMistakes } from '../schema/declared-schema.ts'
import { fromEntries, own, type JsonObject } from '../schema/json.ts'
import { Refusal, type DeclarationEdit } from './change.ts'
import { putWritten } from './values.ts'

/** Stands for a value that only its owner knows. */
export const PLACEHOLDER = 'a-value-that-is-given-later'

/** Values that no declared file can hold, by the constraints of the API's own. */
export function undeclarable(
  before: ReadonlyMap<string, JsonObject>,
  changes: readonly DeclarationEdit[],
): readonly (readonly [DeclarationEdit, Refusal])[] {
  const groups = [...Map.groupBy(changes, ({ identifier }) => identifier)]
  return groups.flatMap(([identifier, group]) => {
    const mistakesOf = (some: readonly DeclarationEdit[]) => {
      const values = intended(before.get(identifier), some)
      return values === null ? [] : declaredMistakes(values)
    }
    const all = mistakesOf(group)
    if (all.length === 0) return []
    const alone = group.flatMap((change) =>
      mistakesOf([change])
        .slice(0, 1)
        .map((mistake) => [change, mistake] as const),
    )
    const blamed =
      alone.length > 0 && mistakesOf(group.filter((change) => !alone.some(([each]) => each === change))).length === 0
    const found = blamed ? alone : group.map((change) => [change, all[0]] as const)
    return found.map(([change, mistake]) => {
      return [change, new Refusal(`this version cannot declare it: ${mistake?.message ?? ''}`)] as const
    })
  })
}

/** What the declaration of an API should say; null where nothing is declared of it. */
export function intended(before: JsonObject | undefined, changes: readonly DeclarationEdit[]): JsonObject | null {
  let values = before ?? null
  for (const change of changes) {
    if (change.kind === 'remove') values = null
    else if (change.kind === 'add') values = unescaped(change.value)
    else if (values !== null) {
      const [field = ''] = change.path
      const raw = own(values, field)
      const value = change.variable === undefined ? change.value : PLACEHOLDER
      const next = putWritten({ raw, seen: raw }, change.path, value).value
      values = fromEntries([
        ...Object.entries(values).filter(([key]) => key !== field),
        ...(next === undefined ? [] : [[field, next] as const]),
      ])
    }
  }
  return values
}

function unescaped(value: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(value).replaceAll('$${', () => '${')) as JsonObject
}
