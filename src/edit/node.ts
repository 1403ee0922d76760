/** How a value is written. `none`: it is left empty. */
export type ScalarStyle = 'plain' | 'single' | 'double' | 'block' | 'none'
export type CollectionStyle = 'flow' | 'block'

interface NodePlace {
  /** Where the value begins, without anchor and tag; of a block collection its first key or dash. */
  readonly start: number
  /** Behind its last character; of a block scalar without the line breaks that follow it. */
  readonly end: number
  /** Where its anchor or tag begins; `start` where it has none. */
  readonly outer: number
  /** Name of its anchor; null where it has none. */
  readonly anchor: string | null
}

export type EditNode =
  | (NodePlace & { readonly kind: 'scalar'; readonly style: ScalarStyle })
  | (NodePlace & { readonly kind: 'alias' })
  | (NodePlace & { readonly kind: 'list'; readonly style: CollectionStyle; readonly entries: readonly EditEntry[] })
  | (NodePlace & { readonly kind: 'map'; readonly style: CollectionStyle; readonly entries: readonly EditEntry[] })

export type CollectionNode = Extract<EditNode, { readonly entries: unknown }>

/** A member of a map, or an item of a list, as it is written; nothing is merged or repeated here. */
export interface EditEntry {
  /** Null of an item. `<<` of a merge. */
  readonly key: string | null
  readonly isMerge: boolean
  /** Where the key begins, or the dash; in a flow list the item itself. */
  readonly start: number
  /** Behind the colon or the dash; in a flow list where the item begins. */
  readonly head: number
  readonly node: EditNode
}

/** A text is written in a way that cannot be edited piece by piece. */
export class Unsupported extends Error {}

/** From `offset` on past blanks, line breaks and comments, and commas where there may be some. */
export function skipBlank(text: string, offset: number, withCommas = false): number {
  let position = offset
  for (;;) {
    const character = text[position]
    if (character === '#') {
      const end = text.slice(position).search(/[\r\n]/)
      if (end < 0) return text.length
      position += end
    } else if (character !== undefined && (/\s/.test(character) || (withCommas && character === ','))) position++
    else return position
  }
}
