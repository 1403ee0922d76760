import { describe, expect, test } from 'vitest'
import { FORMS, modelOf, tenantWith, type Form } from '../support/checks.ts'
import { COMMANDS, type Command, type Resource } from '../support/engine-model.ts'
import { IS_WIDE } from '../support/wide.ts'
import { DECLARED_SECRET, differs, LIVE_SECRET, WORLDS, type Stage, type World } from '../support/worlds.ts'

/** Commands after one another; `npm run evidence:sequences` goes the whole way with every world in every form. */
const WHOLE = 3

/** What was last stored, as far as the oracle needs to know. */
interface Stored {
  readonly declared: Stage['declared'] | null
  /** Whether something other than "in sync" was stored, so that its end may be shown once. */
  readonly isMarked: boolean
}

/** What a command has to show, said without any of the provider's code: true, false, or null where both are right. */
function wanted(form: Form, command: Command, stage: Stage, stored: Stored): boolean | null {
  const looksAtState = command === 'refresh' || command === 'refresh --preview-only'
  if (looksAtState && stored.declared === null) return false
  const subject = looksAtState && stored.declared !== null ? stored.declared : stage.declared
  const isMistake = stage.declared.token_lifetime === -1
  // A stored mistake in files may be mended in the files alone: then a refresh finds nothing wrong.
  if (form === 'files' && looksAtState && subject.token_lifetime === -1) return null
  if (differs(stage, subject)) return true
  // A file with a mistake is none of a refresh's business where what was applied is known.
  if (looksAtState && isMistake) return null
  // What an `up` of a mistake stored as files says nothing of what was applied.
  if (!looksAtState && stored.declared?.token_lifetime === -1) return null
  const isEdited = JSON.stringify(stage.declared) !== JSON.stringify(stored.declared)
  if (!looksAtState && isEdited) return true
  return stored.isMarked ? null : false
}

function after(command: Command, stage: Stage, stored: Stored): Stored {
  if (command === 'up') return { declared: stage.declared, isMarked: differs(stage, stage.declared) }
  if (command !== 'refresh' || stored.declared === null) return stored
  return { ...stored, isMarked: differs(stage, stored.declared) }
}

const words = (length: number): Command[][] =>
  length === 0 ? [[]] : words(length - 1).flatMap((word) => COMMANDS.map((command) => [...word, command]))

/** Every way to go through the stages in order during `length` commands; a stage may take no command at all. */
function schedules(stages: number, length: number, from = 0): number[][] {
  if (length === 0) return [[]]
  return Array.from({ length: stages - from }, (_, step) => from + step).flatMap((stage) =>
    schedules(stages, length - 1, stage).map((rest) => [stage, ...rest]),
  )
}

function at(world: World, index: number): Stage {
  const stage = world.stages[index]
  if (stage === undefined) throw new Error(`${world.name} has no stage ${index}`)
  return stage
}

/** In `npm test` each world goes the whole way in one form, which is another one for the next world, and a command less in the others. */
const cases = WORLDS.flatMap((world, turn) =>
  [...FORMS, ...(world.name.startsWith('secret') ? (['variables'] as const) : [])]
    .filter((form) => world.servesOnly === undefined || world.servesOnly === form)
    .map((form, index, { length }) => ({
      world,
      form,
      length: IS_WIDE || index === turn % length ? WHOLE : WHOLE - 1,
    })),
)

describe('every sequence of commands over every world', () => {
  test.for(cases)(
    '$form, $world.name, $length commands: shows what differs each time, and is silent once it is mended',
    async ({ world, form, length }) => {
      const run = modelOf(await tenantWith(), form)
      const initial = world.applied === null ? null : (await run('up', world.applied, null)).state
      const start: Stored = { declared: world.applied?.declared ?? null, isMarked: false }
      const wrong: string[] = []

      for (const schedule of schedules(world.stages.length, length)) {
        for (const word of words(length)) {
          let state = initial
          let stored = start
          for (const [index, command] of word.entries()) {
            const stage = at(world, schedule[index] ?? 0)
            const outcome = await run(command, stage, state)
            if (outcome.changed && !outcome.isNamed)
              wrong.push(`${word.join(', ')}: a change that the display cannot name`)
            const right = wanted(form, command, stage, stored)
            if (right !== null && outcome.changed !== right) {
              wrong.push(
                `${word
                  .map((each, step) => `${schedule[step]}:${each}`)
                  .slice(0, index + 1)
                  .join(', ')} shows ${outcome.changed}`,
              )
            }
            state = outcome.state
            stored = after(command, stage, stored)
          }
          const last = at(world, world.stages.length - 1)
          if (differs(last, last.declared)) continue
          const applied = (await run('up', last, state)).state
          const refreshed = (await run('refresh', last, applied)).state
          for (const command of COMMANDS) {
            if ((await run(command, last, applied)).changed)
              wrong.push(`${word.join(', ')}, mended, up, ${command} shows a change`)
            if ((await run(command, last, refreshed)).changed)
              wrong.push(`${word.join(', ')}, mended, up, refresh, ${command} shows a change`)
          }
          if (JSON.stringify(stored.declared) !== JSON.stringify(last.declared)) continue
          const alone = (await run('refresh', last, state)).state
          for (const command of COMMANDS) {
            if ((await run(command, last, alone)).changed)
              wrong.push(`${word.join(', ')}, mended, refresh, ${command} shows a change`)
          }
        }
      }

      expect([...new Set(wrong)].slice(0, 12)).toEqual([])
    },
  )

  test.for(['server', 'inline', 'variables'] as const)('%s: stores no secret on the way', async (form) => {
    const run = modelOf(await tenantWith(), form)
    const secretWorlds = WORLDS.filter(({ name }) => name.startsWith('secret'))
    const texts: string[] = []

    for (const world of secretWorlds) {
      let state: Resource | null = null
      for (const stage of [...(world.applied === null ? [] : [world.applied]), ...world.stages]) {
        for (const command of COMMANDS) {
          const outcome = await run(command, stage, state)
          state = outcome.state
          texts.push(JSON.stringify(outcome))
        }
      }
    }

    expect(texts.length).toBeGreaterThan(10)
    expect(texts.filter((text) => text.includes(DECLARED_SECRET) || text.includes(LIVE_SECRET))).toEqual([])
    expect(texts.some((text) => text.includes('(hidden)'))).toBe(true)
  })
})
