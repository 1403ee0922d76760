/** Columns of a report on a terminal. */
export const WIDTH = 80

/** Characters that take two columns of a terminal: East Asian wide ones and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u
/** Characters that stand on the one before them. */
const MARK = /\p{M}/u

/** Columns that a printable text takes on a terminal. */
export function columnsOf(text: string): number {
  let columns = 0
  for (const character of text) columns += columnsOfCharacter(character)
  return columns
}

function columnsOfCharacter(character: string): number {
  if (MARK.test(character)) return 0
  return WIDE.test(character) ? 2 : 1
}

/**
 * A text as lines of at most `width` columns: broken at blanks, and inside a word that is too long for a line of its own. The first line
 * starts with `first`, the others with as many blanks as `rest` says.
 */
export function wrap(text: string, width: number, first = '', rest = columnsOf(first)): readonly string[] {
  const lines: string[] = []
  let line = first
  let room = width - columnsOf(first)
  let isFresh = true
  const next = () => {
    lines.push(line.trimEnd())
    line = ' '.repeat(rest)
    room = width - rest
    isFresh = true
  }
  for (const word of text.split(' ')) {
    const columns = columnsOf(word)
    if (!isFresh && columns + 1 > room) next()
    if (!isFresh) {
      line += ' '
      room -= 1
    }
    for (const piece of columns > room ? pieces(word, room, width - rest) : [word]) {
      if (columnsOf(piece) > room) next()
      line += piece
      room -= columnsOf(piece)
      isFresh = false
    }
  }
  lines.push(line.trimEnd())
  return lines
}

/** A long word in pieces: the first fits what is left of the line, the others a whole line. */
function pieces(word: string, room: number, width: number): readonly string[] {
  const parts: string[] = []
  let part = ''
  for (const character of word) {
    const limit = parts.length === 0 ? room : width
    if (columnsOf(part + character) > limit && part !== '') {
      parts.push(part)
      part = ''
    }
    part += character
  }
  return [...parts, part]
}
