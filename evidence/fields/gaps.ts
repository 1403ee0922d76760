import type { FieldRow } from '../../src/schema/field-row.ts'
import { FIELDS } from '../../src/schema/fields.ts'
import type { SdkTypes } from './sdk-types.ts'

/** What an SDK's types of a resource server have that no row of the catalogue knows: keys without a row, and values that a row refuses. */
export function gapsIn(types: SdkTypes, root: string, rows: readonly FieldRow[] = FIELDS): readonly string[] {
  const gaps: string[] = []

  function look(path: string, text: string, isList: boolean): void {
    const names = new Set(text.match(/[A-Za-z_]\w*/g) ?? [])
    const isListHere = isList || /\[\]|List\[|Sequence\[/.test(text)
    for (const name of names) {
      const type = types.get(name)
      if (type?.kind === 'alias') look(path, type.text, isListHere)
      if (type?.kind === 'values') refused(path, type.values)
      if (type?.kind === 'object') members(isListHere ? `${path}.*` : path, type.members)
    }
  }

  function refused(path: string, values: readonly string[]): void {
    const schema = rows.find((row) => row.path === path)?.schema
    for (const value of values)
      if (schema?.safeParse(value).success !== true)
        gaps.push(`${path}: the value ${JSON.stringify(value)} is in no row`)
  }

  function members(parent: string, of: ReadonlyMap<string, string>): void {
    for (const [key, text] of of) {
      const path = parent === '' ? key : `${parent}.${key}`
      if (rows.some((row) => row.path === path)) look(path, text, false)
      else gaps.push(`${path} is in no row`)
    }
  }

  const type = types.get(root)
  if (type?.kind !== 'object') throw new Error(`the SDK has no type ${root}: its files are laid out otherwise now`)
  members('', type.members)
  return [...new Set(gaps)].toSorted()
}
