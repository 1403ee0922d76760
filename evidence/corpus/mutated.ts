import { FIELDS } from '../../src/schema/fields.ts'
import type { Direction } from '../../src/schema/finding.ts'
import { isJsonObject, sameJson, type Json, type JsonObject } from '../../src/schema/json.ts'
import { parsePath } from '../../src/schema/path.ts'
import { liveForm, type Mutation } from '../../test/support/corpus.ts'
import { directionOf } from './direction.ts'

/** The top-level field that a mutation is about. */
export function topOf({ row }: Pick<Mutation, 'row'>): string {
  return row.path.split('.')[0] ?? ''
}

/** `base` with the field as it stands in `from`; without it where it does not stand there. */
export function withField(base: JsonObject, top: string, from: JsonObject): JsonObject {
  const { [top]: _old, ...rest } = base
  const value = from[top]
  return value === undefined ? rest : { ...rest, [top]: value }
}

/** Whether what is found at a path is less safe than what should stand there. */
export function direction(path: string, wantedApi: JsonObject, foundApi: JsonObject): Direction {
  const steps = parsePath(path) ?? []
  const [wanted, found] = [valueAt(liveForm(wantedApi), steps), valueAt(foundApi, steps)]
  return directionOf({ path: steps, wanted, found, wantedApi: { ...foundApi, ...wantedApi }, foundApi })
}

/** The value at a property path; items of keyed lists by their key. Null and what an absent key equals is absent. */
function valueAt(api: JsonObject, steps: readonly string[]): Json | undefined {
  const [top = '', ...rest] = steps
  let value: Json | undefined = api[top]
  for (const [index, step] of rest.entries()) {
    if (Array.isArray(value)) {
      const at = steps.slice(0, index + 1).join('.')
      const row = FIELDS.find((candidate) => candidate.path === at)
      value = (value as readonly JsonObject[]).find((item) => item[row?.itemKey ?? ''] === step)
    } else value = isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined
  }
  if (value === null || value === undefined) return undefined
  const own = FIELDS.find((candidate) => candidate.path === steps.join('.'))
  const isAbsent =
    own?.absentEquals.some((one) => sameJson(one, value)) === true ||
    (isJsonObject(value) && own?.absentWhen?.(value) === true)
  return isAbsent ? undefined : value
}
