import * as z from 'zod'
import { durationKey, flagKey, textKey, textsKey } from './config-parts.ts'
import { expectedText, settingSentence } from './setting-words.ts'
import { fileKeyOf, SETTING_NAMES, settingOf, type SettingName, type SettingRow, type SETTINGS } from './settings.ts'

type Rows = typeof SETTINGS
type Where = 'all' | 'tenant'
type SettingsIn<In extends Where> = {
  [Name in SettingName]: Rows[Name] extends { readonly file: In } ? Name : never
}[SettingName]

/** `maxAge` is `max_age` in a file. */
type Key<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${Key<Rest>}`
  : Name

/** What YAML makes of a value. */
type InFile<Row extends SettingRow> = Row extends { readonly kind: 'choice'; readonly values: readonly (infer Value)[] }
  ? Value | (Row extends { readonly bare: string } ? boolean : never)
  : {
      list: string | string[]
      text: Row extends { readonly none: string } ? string | false : string
      flag: boolean
      choice: string
      duration: string | number
      count: number
    }[Row['kind']]

type Shapes<In extends Where> = {
  [Name in SettingsIn<In> as Key<Name>]: z.ZodOptional<z.ZodType<InFile<Rows[Name]>>>
}

/** Keys of tenant-drift.yaml that are settings: those for all tenants alone, or those that may stand for one of them, too. */
export function settingShapes<In extends Where>(where: In): Shapes<In> {
  const names = SETTING_NAMES.filter((name) => settingOf(name).file === where)
  const shapes = names.map((name) => {
    const row = settingOf(name)
    const key = fileKeyOf(name)
    return [key, shapeOf(row, key).optional().describe(settingSentence(row))] as const
  })
  return Object.fromEntries(shapes) as unknown as Shapes<In>
}

function shapeOf(row: SettingRow, key: string): z.ZodType {
  const error = `${key} must be ${expectedText(row)}`
  switch (row.kind) {
    case 'list':
      return textsKey(key)
    case 'text':
      return row.none === undefined ? textKey(key) : z.union([textKey(key), z.literal(false)], { error })
    case 'flag':
      return flagKey(key)
    case 'choice': {
      const named = z.enum(row.values ?? [], { error })
      return row.bare === undefined ? named : z.union([z.boolean(), named], { error })
    }
    case 'duration':
      return durationKey(key)
    case 'count':
      return z.int({ error }).min(1, { error: `${key} must be at least 1` })
  }
}
