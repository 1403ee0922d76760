import { expect, it } from 'vitest'
import { EMPTY } from '../../src/memory/types.ts'
import { soloOutbox } from '../../src/notify/solo-outbox.ts'
import { tellAll } from '../../src/notify/tell-all.ts'
import { START } from './reports.ts'
import { services } from './services.ts'
import { channelsFor } from './world.ts'

it('a message goes in its own run where the clock moves on between the begin of telling and the first message', async () => {
  const to = await services()
  const channels = channelsFor(to).filter(({ kind }) => kind === 'heartbeat')
  let at = START
  const now = (): number => (at += 1000)
  const warnings = await tellAll(
    channels.map((channel) => ({ channel, isJudged: true })),
    soloOutbox([{ address: 'acme.eu.auth0.com', name: null, memory: EMPTY, transitions: [] }]),
    {},
    now,
  )
  expect([warnings, to.heard]).toEqual([[], ['heartbeat: ok']])
})
