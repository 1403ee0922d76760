import { describe, expect, it } from 'vitest'
import { FUZZ_MISTAKES, judgeInput, type FuzzMistake } from '../../evidence/fuzz/judge.ts'
import { inputsOf, readFuzzResults, withFuzzFigures, worseFuzz } from '../../evidence/fuzz/results.ts'
import { runFuzz } from '../../evidence/fuzz/run.ts'
import { TARGETS, type Outcome, type Target } from '../../evidence/fuzz/targets.ts'
import { readDocs } from '../../evidence/section.ts'
import { MistakesError, TenantDriftError } from '../../src/schema/errors.ts'
import { PLANTED } from '../properties/wounds.ts'

const NONE = Object.fromEntries(FUZZ_MISTAKES.map((mistake) => [mistake, 0]))
const NEVER = () => 0.99

describe('damaged files', { timeout: 300_000 }, () => {
  it('are read or refused by every parser, and none makes a drift go quiet', async () => {
    const seed = Number(process.env.TENANT_DRIFT_SEED ?? Date.now() % 1_000_000)
    console.log(`damaged files of TENANT_DRIFT_SEED=${seed}`)
    const tallies = await runFuzz(3000, seed, 0)

    expect(Object.values(tallies).flatMap(({ lines }) => lines)).toEqual([])
    expect(Object.keys(tallies)).toEqual(TARGETS.map(({ name }) => name))
    // Both ends were met, so that it says something.
    expect(Object.values(tallies).filter(({ read, inputs }) => read === 0 || read > inputs)).toEqual([])
  })

  it.each(TARGETS.map((target) => [target.name, target] as const))(
    '%s: what they begin from is read',
    async (_name, target) => {
      const outcomes = await Promise.all(target.seeds.map((value) => judgeInput(target, JSON.stringify(value), NEVER)))

      expect(outcomes).toEqual(target.seeds.map(() => ({ isRead: true, wrong: [] })))
    },
  )

  it.each(TARGETS.filter(({ name }) => /declared|tfstate|tfplan|pulumi|a0deploy, [YF]|digest/.test(name)))(
    '$name: a file that says the tenant is right is no drift',
    async ({ seeds, read }) => {
      const [value] = seeds
      const { wrong } = await read(JSON.stringify(value).replaceAll('RS256', 'HS256'), NEVER)

      expect(wrong.filter((line) => !line.includes('quiet'))).toEqual([])
    },
  )
})

describe('the judge of one input', () => {
  const target = (read: (text: string) => Outcome): Target => ({
    name: 'made up',
    seeds: [],
    isYaml: false,
    read: (text) => Promise.resolve().then(() => read(text)),
  })
  const mistakes = async (text: string, read: (text: string) => Outcome): Promise<readonly FuzzMistake[]> =>
    (await judgeInput(target(read), text, NEVER)).wrong.map(({ mistake }) => mistake)
  const refuse = (message: string) => () => {
    throw new MistakesError('invalid_declaration', [{ file: 'a.json', line: 1, column: 1, message }])
  }
  const secret = `{"signing_secret":"${PLANTED}"}`

  it('is silent where an input is read, or refused with a sentence', async () => {
    expect(await mistakes('{}', () => ({ wrong: [], said: [] }))).toEqual([])
    expect(await mistakes('{}', refuse('scopes must be a list'))).toEqual([])
    expect(await mistakes(secret, refuse('signing_secret must be a string'))).toEqual([])
  })

  it('sees each mistake, and each as what it is', async () => {
    const crash = () => {
      throw new TypeError('x is not a function')
    }
    const nameless = () => {
      throw new TenantDriftError('strange' as 'timed_out', 'a sentence', 'an advice')
    }

    expect(await mistakes('{}', crash)).toEqual(['crashes'])
    expect(await mistakes('{}', nameless)).toEqual(['noSentence'])
    expect(await mistakes('{}', refuse('scopes must be [object Object]'))).toEqual(['noSentence'])
    expect(await mistakes(secret, refuse(`unknown key ${PLANTED.slice(2, 12)}`))).toEqual(['secrets'])
    expect(await mistakes('{}', () => ({ wrong: ['as base: the drift went quiet'], said: [] }))).toEqual(['quiet'])
    expect(
      await mistakes('{}', () => {
        // Of computing, as it is judged: others use the machine, too.
        const begun = process.threadCpuUsage()
        while (process.threadCpuUsage(begun).user < 1_500_000);
        return { wrong: [], said: [] }
      }),
    ).toEqual(['hangs'])
  })

  it('sees in a source that a drift went quiet', async () => {
    const declared = TARGETS.find(({ name }) => name === 'declared, JSON')
    const other = JSON.stringify({ resource_servers: [], managed_elsewhere: ['**'] }).replace('**', 'https://o*')

    expect(await declared?.read(other, NEVER)).toEqual({ wrong: [], said: [] })
  })
})

describe('the committed figures of damaged files', () => {
  const results = readFuzzResults() ?? { seed: 0, seconds: 0, parsers: {} }

  it('are those of the page, of a million inputs or more, and zero', () => {
    const page = readDocs('evidence.md')

    expect(withFuzzFigures(page, results)).toBe(page)
    expect(inputsOf(results)).toBeGreaterThanOrEqual(1_000_000)
    expect(Object.values(results.parsers).map(({ mistakes }) => mistakes)).toEqual(TARGETS.map(() => NONE))
  })

  it('count as worse with one mistake, fewer inputs, or a parser that was not asked', () => {
    const [[name, first] = ['', { inputs: 0, read: 0, mistakes: {} as Record<FuzzMistake, number> }], ...others] =
      Object.entries(results.parsers)
    const now = (changed: Partial<typeof first>) => ({
      ...results,
      parsers: { [name]: { ...first, ...changed }, ...Object.fromEntries(others) },
    })

    expect(worseFuzz(results, results)).toEqual([])
    expect(worseFuzz(null, now({ mistakes: { ...first.mistakes, quiet: 1 } }))).toEqual([`${name}: quiet: 1`])
    expect(worseFuzz(results, now({ inputs: first.inputs - 1 }))).toHaveLength(1)
    expect(worseFuzz(results, { ...results, parsers: Object.fromEntries(others) })).toHaveLength(2)
  })
})
