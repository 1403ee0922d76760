import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fieldsTable } from '../../tools/docs/docs-table.ts'
import { resourceServerTypes } from '../../tools/docs/type-text.ts'

const committed = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')

/** Layout is the formatter's: white space, and the bar before the first of several types. */
const bare = (source: string) => source.replaceAll(/\s+/g, '').replaceAll(':|', ':')

describe('files made from the catalogue', () => {
  it('the types of a declared resource server are the committed ones', () => {
    expect(bare(committed('src/schema/resource-server.ts'))).toBe(bare(resourceServerTypes()))
  })

  it('the table of fields is the committed one', () => {
    expect(committed('docs/fields.md').trimEnd()).toBe(fieldsTable().trimEnd())
  })
})
