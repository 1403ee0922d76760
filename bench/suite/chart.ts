import type { Measured } from './measured.ts'

const [WIDTH, HEIGHT] = [720, 380]
const AREA = { left: 70, right: 470, top: 50, bottom: 320 }
const LATENCY = 50
/** Colours of this lightness are read on white and on black. */
const COLOURS = ['#1f83e0', '#d9622b', '#7d8590', '#2e9e5b']
const STYLE =
  'text{font:13px system-ui,sans-serif;fill:#57606a}.line{fill:none;stroke-width:2.5}.grid{stroke:#7d8590;stroke-opacity:.3}' +
  '@media(prefers-color-scheme:dark){text{fill:#b1bac4}}'

/** Wall time by number of APIs, both in powers of ten, with 50 ms before each answer and no limit. The same figures give the same bytes. */
export function chart(measured: readonly Measured[]): string {
  const shown = measured.filter(({ latencyMs, rate }) => latencyMs === LATENCY && rate === null)
  const lines = [...Map.groupBy(shown, ({ subject }) => subject)]
  const sizes = [...new Set(shown.map(({ apis }) => apis))].toSorted((a, b) => a - b)
  const walls = shown.map(({ wallMs }) => wallMs)
  const x = scale(sizes, AREA.left, AREA.right)
  const [low, high] = [Math.floor(Math.log10(Math.min(...walls))), Math.ceil(Math.log10(Math.max(...walls)))]
  const ticks = Array.from({ length: high - low + 1 }, (_tick, index) => 10 ** (low + index))
  const y = scale(ticks, AREA.bottom, AREA.top)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Wall time by number of APIs">`,
    `<style>${STYLE}</style>`,
    `<text x="${AREA.left}" y="24">Wall time, ${LATENCY} ms before each answer, no limit</text>`,
    ...ticks.flatMap((tick) => [
      `<line class="grid" x1="${AREA.left}" x2="${AREA.right}" y1="${y(tick)}" y2="${y(tick)}"/>`,
      `<text x="${AREA.left - 8}" y="${y(tick) + 4}" text-anchor="end">${tick / 1000} s</text>`,
    ]),
    ...sizes.map(
      (size) => `<text x="${x(size)}" y="${AREA.bottom + 22}" text-anchor="middle">${size.toLocaleString('en')}</text>`,
    ),
    `<text x="${(AREA.left + AREA.right) / 2}" y="${AREA.bottom + 44}" text-anchor="middle">APIs</text>`,
    ...lines.flatMap(([subject, runs], index) => drawn(subject, runs, index, x, y)),
    '</svg>\n',
  ].join('\n')
}

type Scale = (value: number) => number

function scale(values: readonly number[], from: number, to: number): Scale {
  const [low, high] = [Math.log10(Math.min(...values)), Math.log10(Math.max(...values))]
  return (value) => Math.round((from + ((Math.log10(value) - low) / (high - low || 1)) * (to - from)) * 10) / 10
}

function drawn(subject: string, runs: readonly Measured[], index: number, x: Scale, y: Scale): readonly string[] {
  const colour = COLOURS[index % COLOURS.length] ?? ''
  const points = runs.toSorted((a, b) => a.apis - b.apis).map(({ apis, wallMs }) => [x(apis), y(wallMs)] as const)
  const legend = AREA.top + 14 + index * 60
  return [
    `<polyline class="line" stroke="${colour}" points="${points.map((point) => point.join()).join(' ')}"/>`,
    ...points.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3.5" fill="${colour}"/>`),
    `<rect x="${AREA.right + 20}" y="${legend - 9}" width="14" height="4" fill="${colour}"/>`,
    // In lines that fit beside the drawing; nothing in a name needs escaping.
    ...subject.split(', ').map((word, line) => `<text x="${AREA.right + 40}" y="${legend + line * 17}">${word}</text>`),
  ]
}
