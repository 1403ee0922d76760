import { readDocs, table, withSection, writeDocs, type Cell } from '../../evidence/section.ts'
import { chart } from './chart.ts'
import { growth, LEAST_SHARE, LIMIT_OF_GROWTH } from './growth.ts'
import type { Measured } from './measured.ts'
import { PART_NAMES, type PartName } from './parts.ts'
import { readPart, type PartResults } from './results.ts'

const PAGE = 'performance.md'
const PICTURE = 'pictures/cost.svg'

const HEADINGS: Readonly<Record<PartName, string>> = {
  check: 'The command, and what else one could run',
  preview: 'A preview with one TenantCheck',
  each: 'A preview with a ResourceServerCheck for each API',
  'deploy-cli': "The deploy CLI's dry run",
}

/** Whom the others of a part are divided by. */
const MEASURES: Readonly<Record<PartName, string | null>> = {
  check: 'curl, the same pages, nothing compared',
  preview: 'preview, an idle provider',
  each: 'preview, idle resources',
  'deploy-cli': null,
}

export interface Drawn {
  readonly page: string
  readonly picture: string
}

/** The page with the committed figures between its markers, and the picture of them. */
export function drawPerformance(): Drawn {
  const parts = PART_NAMES.flatMap((name) => {
    const results = readPart(name)
    return results === null ? [] : [section(name, results)]
  })
  return {
    page: withSection(readDocs(PAGE), 'bench', [...parts, ...verdicts()].join('\n\n')),
    picture: chart(readPart('check')?.measured ?? []),
  }
}

export function writePerformance(): void {
  const { page, picture } = drawPerformance()
  writeDocs(PAGE, page)
  writeDocs(PICTURE, picture)
}

function section(name: PartName, { machine, measured }: PartResults): string {
  const versions = Object.entries(machine.versions).map(([what, version]) => `${what} ${version}`)
  const loads = measured.map(({ load }) => load)
  return [
    `### ${HEADINGS[name]}`,
    '',
    `${machine.cores} cores, ${machine.platform}; ${versions.join(', ')}. Load before each scenario: ${Math.min(...loads)} to ${Math.max(...loads)}.`,
    '',
    table(
      [
        'APIs',
        'each answer after',
        'limit',
        'program',
        'rounds',
        'requests',
        'wall',
        'CPU',
        'memory',
        'wall, as a ratio',
      ],
      measured.map((one) => cells(one, MEASURES[name], measured)),
    ),
  ].join('\n')
}

function cells(one: Measured, measure: string | null, all: readonly Measured[]): readonly Cell[] {
  const { apis, latencyMs, rate, subject, rounds, requests, wallMs, cpuMs, peakMb } = one
  const peer = all.find(
    (other) => other.subject === measure && other.apis === apis && other.latencyMs === latencyMs && other.rate === rate,
  )
  return [
    apis.toLocaleString('en'),
    `${latencyMs} ms`,
    rate === null ? 'none' : rate,
    subject,
    rounds,
    requests,
    seconds(wallMs),
    cpuMs === null ? '' : seconds(cpuMs),
    peakMb === null ? '' : `${peakMb.toFixed(0)} MB`,
    peer === undefined ? '' : (wallMs / peer.wallMs).toFixed(2),
  ]
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`
}

function verdicts(): readonly string[] {
  const lines = PART_NAMES.flatMap((name) => growth(readPart(name)?.measured ?? [])).map(
    ({ subject, early, late, isLinear }) =>
      `- ${subject}: ${early.toFixed(0)} ms of CPU for 1,000 APIs more between 100 and 1,000, ${late.toFixed(0)} ms between 1,000 and 10,000: ${wordOf(isLinear)}`,
  )
  if (lines.length === 0) return []
  const rule = `Linear means that the second slope is at most ${LIMIT_OF_GROWTH * 100} % above the first. Where the first makes up less than ${LEAST_SHARE * 100} % of the CPU, the start of the program hides it. Without latency and limit:`
  return [`### Growth\n\n${rule}\n\n${lines.join('\n')}`]
}

function wordOf(isLinear: boolean | null): string {
  if (isLinear === null) return 'hidden by the start'
  return isLinear ? 'linear' : 'NOT linear'
}
