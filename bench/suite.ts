// What a check costs, beside what else one could run: `npm run bench [-- PART...] [--apis 10,100] [--quick]`, or `node bench/suite.ts` with the same.
// Without PART all of them, in about twenty minutes. Each scenario is written to bench/results/ when it is measured, so a run that was ended
// goes on with `--missing`. `--quick` measures once, the small sizes, and writes nothing. `--page` only draws the page and the picture anew.
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { runTool, say, SetupError } from '../tools/run.mjs'
import { withTenant } from './preview-project.ts'
import { measureAll } from './suite/measured.ts'
import { writePerformance } from './suite/page.ts'
import { PART_NAMES, PARTS, type Part, type PartName } from './suite/parts.ts'
import { addToPart, readPart } from './suite/results.ts'
import { scenarioFlags, scenarioTitle, type Scenario } from './suite/scenario.ts'

const QUICK_APIS = [10, 100]

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      missing: { type: 'boolean', default: false },
      page: { type: 'boolean', default: false },
      apis: { type: 'string' },
    },
  })
  const stranger = positionals.find((name) => !(PART_NAMES as readonly string[]).includes(name))
  if (stranger !== undefined)
    throw new SetupError(
      `there is no part named ${stranger}: name some of ${PART_NAMES.join(', ')}, or nothing for all`,
    )
  const sizes = values.apis?.split(',').map(Number) ?? (values.quick ? QUICK_APIS : null)
  const wanted = positionals.length === 0 ? PART_NAMES : (positionals as PartName[])
  for (const name of values.page ? [] : wanted) {
    const part: Part = PARTS[name]
    for (const scenario of part.scenarios) {
      const rounds = values.quick || isSlow(scenario) ? 1 : part.rounds
      if (sizes !== null && !sizes.includes(scenario.apis)) continue
      if (values.missing && isMeasured(name, scenario)) continue
      await measure(name, part, scenario, rounds, !values.quick)
    }
  }
  if (!values.quick) writePerformance()
}

/** Ten thousand APIs behind a limit are minutes of waiting for whoever asks for fifty a page. */
function isSlow({ apis, rate }: Scenario): boolean {
  return rate !== null && apis > 1000
}

function isMeasured(name: PartName, { apis, latencyMs, rate }: Scenario): boolean {
  const measured = readPart(name)?.measured ?? []
  return measured.some((one) => one.apis === apis && one.latencyMs === latencyMs && one.rate === rate)
}

async function measure(name: PartName, part: Part, scenario: Scenario, rounds: number, keeps: boolean): Promise<void> {
  const [load = 0] = loadavg()
  say(`${name}: ${scenarioTitle(scenario)}, ${rounds} rounds, load ${load.toFixed(1)}`)
  await withTenant(scenarioFlags(scenario), async (tenant, folder) => {
    const measured = await measureAll(await part.subjects(tenant, folder), tenant, scenario, rounds)
    for (const { subject, requests, wallMs, cpuMs, peakMb } of measured) {
      const figures = [`${requests} requests`, `${wallMs} ms`, `${cpuMs} ms CPU`, `${peakMb} MB`]
      say(`  ${subject}: ${figures.join(', ')}`)
    }
    if (keeps)
      addToPart(
        name,
        measured.map((one) => ({ ...one, load: Math.round(load * 10) / 10 })),
      )
  })
}

await runTool(main)
