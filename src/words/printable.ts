import { shortened } from '../schema/shortened.ts'
import { UNSEEN } from '../schema/unseen.ts'

/** Pulumi's display takes `<{%red%}>` in any text for a colour of its own. */
export const COLOUR_TAG = /<(?=\{%)/g

/**
 * Somebody else's text on one line of ours: what could act on a terminal or on Pulumi's display is written as `\u{...}`, and at most `most`
 * characters (code points) of it are shown. Escaped, not dropped, so that two texts that differ only there still look different.
 */
export function printable(text: string, most: number): string {
  return shortened(text, most).replaceAll(UNSEEN, escapeCharacter).replaceAll(COLOUR_TAG, '\\u{3c}')
}

export function escapeCharacter(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}
