/**
 * Characters that move the cursor, turn the reading direction or are not seen at all: controls, format characters (bidi marks and zero-width
 * ones among them), line and paragraph separators, lone surrogates.
 */
export const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/** A text of JSON whose invisible characters are escapes, so that a reviewer sees them; they stand for the same values. Line breaks and tabs stay. */
export function visibleJson(json: string): string {
  return json.replaceAll(UNSEEN, (character) =>
    character === '\n' || character === '\t' ? character : escapeUnits(character),
  )
}

/** A character as JSON escapes it, each of its code units by itself. */
export function escapeUnits(character: string): string {
  const units = Array.from({ length: character.length }, (_unit, index) => character.charCodeAt(index))
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}
