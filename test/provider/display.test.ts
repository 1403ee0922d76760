import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import type { JsonObject } from '../../src/schema/json.ts'
import { FORMS, modelOf, projectFolder, tenantWith } from '../support/checks.ts'
import type { Stage } from '../support/worlds.ts'

const DECLARED: JsonObject = { identifier: 'https://orders.example.com/', signing_alg: 'RS256', token_lifetime: 7200 }
const LIVE: JsonObject = { id: '66a1f0000000000000000001', ...DECLARED }
const inSync: Stage = { live: LIVE, declared: DECLARED }
const drifted: Stage = { live: { ...LIVE, signing_alg: 'HS256' }, declared: DECLARED }
const edited: Stage = { ...drifted, declared: { ...DECLARED, token_lifetime: 3600 } }

/** The keys that the engine's display names: it compares the inputs of the state with those of the check. */
function named(before: JsonObject | undefined, after: JsonObject | null): readonly string[] {
  const keys = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])
  return [...keys].filter((key) => !isDeepStrictEqual(before?.[key], after?.[key])).sort()
}

test.for(FORMS)('%s: every drift after an up shows as ~drift and nothing else, the first one too', async (form) => {
  const model = modelOf(await tenantWith(), form, projectFolder())
  // One process runs all commands here and fetches one token, which the proof of a tenant counts: real processes fetch one each.
  await model('preview', inSync, null)
  const applied = await model('up', inSync, null)

  const first = await model('preview', drifted, applied.state)
  const stored = await model('up', drifted, applied.state)
  const next = await model('preview', drifted, stored.state)

  expect([named(applied.state?.inputs, first.checked), named(stored.state?.inputs, next.checked)]).toEqual([
    ['drift'],
    ['drift'],
  ])
})

test.for(FORMS)('%s: a change of the code that meets a drift is told as touched, in observed', async (form) => {
  const model = modelOf(await tenantWith(), form, projectFolder())
  const applied = await model('up', inSync, null)

  const met = await model('preview', edited, applied.state)

  const touched = form === 'server' ? true : [DECLARED.identifier]
  expect(met.checked?.observed).toMatchObject({ touched })
})

test.for(FORMS)('%s: a drift without any base says that there is none', async (form) => {
  const model = modelOf(await tenantWith(), form, projectFolder())

  const [quiet, loud] = [await model('preview', inSync, null), await model('preview', drifted, null)]

  expect(quiet.checked?.observed).not.toHaveProperty('noBase')
  expect(loud.checked?.observed).toMatchObject({ noBase: true })
})
