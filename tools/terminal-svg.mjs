// What a terminal showed, as a picture: text that can be selected and searched, in any monospace font, and nothing fetched from anywhere.
import { columnsOf } from '../src/report/lines.ts'

const COLUMNS = 122
const FONT = 13
/** Every text is stretched or pressed to this, so that it fits whatever font the reader has. */
const COLUMN = 7.8
const LINE = 19
const MARGIN = 18
const BAR = 34

/** The sixteen colours of a terminal on a dark ground, each with a contrast of 4.5 and more; the first has none of its own. */
const COLOURS = ['', '#ff8389', '#6fcf8d', '#e9bd56', '#8cbcf0', '#d9a8ff', '#6fd3d8', '#e6e9ed']
const GROUND = '#14171b'
const TEXT = '#e6e9ed'
const QUIET = '#a3acb8'

/** @typedef {{ text: string, colour: string, isBold: boolean }} Piece */

/**
 * @param {readonly string[]} lines with their ANSI colours
 * @param {{ title: string, description: string }} about for who cannot see it
 */
export function terminalSvg(lines, { title, description }) {
  const rows = coloured(lines).flatMap(wrapPieces)
  const width = Math.round(2 * MARGIN + COLUMNS * COLUMN)
  const height = BAR + MARGIN + rows.length * LINE
  const texts = rows.flatMap((row, index) => textOf(row, BAR + (index + 1) * LINE))
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title description">
<title id="title">${escaped(title)}</title>
<desc id="description">${escaped(description)}</desc>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="${GROUND}" stroke="#59626d"/>
<circle cx="${MARGIN + 2}" cy="17" r="5" fill="#59626d"/><circle cx="${MARGIN + 20}" cy="17" r="5" fill="#59626d"/><circle cx="${MARGIN + 38}" cy="17" r="5" fill="#59626d"/>
<g font-family="ui-monospace, 'Cascadia Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="${FONT}" fill="${TEXT}">
${texts.join('\n')}
</g>
</svg>
`
}

/**
 * Lines as pieces of one look each. A colour lasts until the next, over line ends too.
 * @param {readonly string[]} lines
 * @returns {readonly (readonly Piece[])[]}
 */
function coloured(lines) {
  let colour = TEXT
  let isBold = false
  return lines.map((line) => {
    /** @type {Piece[]} */
    const pieces = []
    for (const [index, part] of line.split(/\u001b\[([\d;]*)m/).entries()) {
      if (index % 2 === 0) {
        if (part !== '') pieces.push({ text: part, colour, isBold })
        continue
      }
      ;({ colour, isBold } = lookAfter(part, { colour, isBold }))
    }
    return pieces
  })
}

/**
 * @param {string} codes the numbers of one escape
 * @param {{ colour: string, isBold: boolean }} look
 */
function lookAfter(codes, look) {
  const [, palette] = /^38;5;(\d+)$/.exec(codes) ?? []
  if (palette !== undefined) return { ...look, colour: COLOURS[Number(palette) % 8] || QUIET }
  const number = Number(codes === '' ? 0 : codes)
  if (number === 1) return { ...look, isBold: true }
  if (number === 2) return { ...look, colour: QUIET }
  if (number >= 30 && number <= 37) return { ...look, colour: COLOURS[number - 30] || QUIET }
  if (number === 0) return { colour: TEXT, isBold: false }
  if (number === 39) return { ...look, colour: TEXT }
  throw new Error(`the terminal picture does not know the colour ${codes}`)
}

/**
 * A line that is too long goes on below, as deep as it began.
 * @param {readonly Piece[]} pieces
 * @returns {readonly (readonly Piece[])[]}
 */
function wrapPieces(pieces) {
  const whole = pieces.map(({ text }) => text).join('')
  const indent = ' '.repeat(whole.length - whole.trimStart().length)
  /** @type {Piece[][]} */
  const rows = [[]]
  let used = 0
  for (const { text, ...look } of pieces) {
    // Blanks stay with the word before them.
    for (const word of text.match(/^ +|[^ ]+ */g) ?? []) {
      if (used + columnsOf(word.trimEnd()) > COLUMNS && used > indent.length) {
        rows.push([{ text: indent, ...look }])
        used = indent.length
      }
      rows.at(-1)?.push({ text: word, ...look })
      used += columnsOf(word)
    }
  }
  return rows
}

/**
 * @param {readonly Piece[]} row
 * @param {number} y
 */
function textOf(row, y) {
  const whole = row.map(({ text }) => text).join('')
  const shown = whole.trim()
  if (shown === '') return []
  const indent = whole.length - whole.trimStart().length
  const x = (MARGIN + indent * COLUMN).toFixed(1)
  const spans = merged(row).map(({ text, colour, isBold }) => {
    const look = `${colour === TEXT ? '' : ` fill="${colour}"`}${isBold ? ' font-weight="bold"' : ''}`
    return look === '' ? escaped(text) : `<tspan${look}>${escaped(text)}</tspan>`
  })
  const length = (columnsOf(shown) * COLUMN).toFixed(1)
  return [
    `<text xml:space="preserve" x="${x}" y="${y}" textLength="${length}" lengthAdjust="spacingAndGlyphs">${spans.join('')}</text>`,
  ]
}

/**
 * Pieces of one look as one, without the blanks around the line: those are its place.
 * @param {readonly Piece[]} row
 */
function merged(row) {
  /** @type {Piece[]} */
  const result = []
  for (const piece of row) {
    const last = result.at(-1)
    if (last !== undefined && last.colour === piece.colour && last.isBold === piece.isBold) last.text += piece.text
    else if (last !== undefined || piece.text.trim() !== '') result.push({ ...piece })
  }
  const [first] = result
  const last = result.at(-1)
  if (first !== undefined) first.text = first.text.trimStart()
  if (last !== undefined) last.text = last.text.trimEnd()
  return result
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
