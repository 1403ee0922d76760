import { fromEntries, listOf, textAt, type Json, type JsonObject } from '../schema/json.ts'
import { rowKey } from '../schema/fields.ts'
import type { NotKnown } from '../schema/not-known.ts'
import { parsePath, pathText } from '../schema/path.ts'
import { rowOfAttribute, wireSpelling, type ProviderKind } from './provider-names.ts'

export interface WithoutIgnored {
  readonly values: JsonObject
  /** Parts of inputs that are ignored. */
  readonly notKnown: readonly NotKnown[]
  /** Nothing is left that the resource declares. */
  readonly isEmpty: boolean
}

/** Inputs that say whose the others are: without them nothing can be found, whatever a program ignores. */
export const OWNERS: ReadonlySet<string> = new Set(['identifier', 'resourceServerIdentifier', 'scope'])

/**
 * What a program declares with `ignoreChanges`: an input that it names is not declared by it, for the program lets the tenant have what it has. Of an input
 * that is ignored in part, that part is not compared.
 */
export function withoutIgnored(kind: ProviderKind, inputs: JsonObject, ignored: Json | undefined): WithoutIgnored {
  const listed = listOf(ignored).filter((text) => typeof text === 'string')
  const paths = listed.map((text) => parsePath(text) ?? [text])
  if (paths.length === 0) return { values: inputs, notKnown: [], isEmpty: false }
  const whole = new Set(listed.flatMap((text) => wholeInput(kind, text) ?? []))
  const isKept = (name: string): boolean => OWNERS.has(name) || !(whole.has(name) || whole.has('*'))
  if (kind !== 'server') {
    const list = kind === 'scopes' ? 'scopes' : 'description'
    // An item of a list is ignored by its place, which says nothing of whose item it is.
    const isListIgnored = paths.some(([input]) => input === list || input === '*')
    if (kind === 'scopes') return { values: inputs, notKnown: [], isEmpty: isListIgnored }
    const path = pathText(['scopes', textAt(inputs, 'scope') ?? '', 'description'])
    return { values: inputs, notKnown: isListIgnored ? [{ path, why: 'ignored' }] : [], isEmpty: false }
  }
  const parts = paths.flatMap(([input = '', ...rest]): readonly NotKnown[] => {
    const row = rowOfAttribute(null, 'pulumi', input)
    if (whole.has(input) || row === undefined || !Object.hasOwn(inputs, input)) return []
    const steps = rest.filter((step) => !isEvery(step)).map(wireSpelling)
    return [{ path: pathText([rowKey(row), ...steps]), why: 'ignored' }]
  })
  const values = fromEntries(Object.entries(inputs).filter(([name]) => isKept(name)))
  return { values, notKnown: parts.filter(({ path }) => path !== ''), isEmpty: false }
}

/** The input of which a path of `ignoreChanges` leaves nothing declared (`*`: every one); null where the path is of a part that can be taken out. */
export function wholeInput(kind: ProviderKind, text: string): string | null {
  const [input = '', ...rest] = parsePath(text) ?? [text]
  return rest.every(isEvery) || isListInput(kind, input) ? input : null
}

/** A step that names no member: every one, or a block by its place. */
function isEvery(step: string): boolean {
  return step === '*' || /^\d+$/.test(step)
}

/** An item of a list is ignored by its place, which says nothing of which item it is: of such a list nothing is declared. */
function isListInput(kind: ProviderKind, input: string): boolean {
  if (kind !== 'server') return input === 'scopes'
  return input === 'scopes' || rowOfAttribute(null, 'pulumi', input)?.compare === 'map'
}
