import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/schema/json.ts'
import { API, ask, at, line, MINUTE, HOUR, Story, type Asking } from './story.ts'

const HS: JsonObject = { signing_alg: 'HS256' }
const RS: JsonObject = { signing_alg: 'RS256' }
const ALL: JsonObject = { signing_alg: 'HS256', token_lifetime: 86_400, name: 'Orders' }

/** A reading at an hour of how the story stands then. */
const seen = (story: Story, hour: number): Pick<Asking, 'past'> => ({ past: [{ at: at(hour), api: story.reading }] })

const scopes = (...values: string[]): JsonObject => ({ scopes: values.map((value) => ({ value })) })

describe('declared RS256, live HS256', () => {
  it('1: a reading, then A sets it', () => {
    const story = new Story()
    const past = seen(story, 1)
    expect(line(ask(story.patch('A', 2, HS), past))).toBe('certain A')
  })

  it('2: then deploy B sends all fields again, unchanged', () => {
    const story = new Story()
    const past = seen(story, 1)
    story.patch('A', 2, HS).patch('B', 3, ALL).patch('B', 4, ALL)
    expect(line(ask(story, past))).toBe('certain A, kept by B 2')
  })

  it('3: then C sends the lifetime only', () => {
    const story = new Story()
    const past = seen(story, 1)
    expect(line(ask(story.patch('A', 2, HS).patch('C', 3, { token_lifetime: 60 }), past))).toBe('certain A')
  })

  it('4: A sets it, B sets it back, C sets it', () => {
    const story = new Story()
    const past = seen(story, 1)
    expect(line(ask(story.patch('A', 2, HS).patch('B', 3, RS).patch('C', 4, HS), past))).toBe('certain C')
    expect(line(ask(story))).toBe('certain C')
  })

  it('5: the first event in the log is deploy B with all fields, and no reading is inside of it', () => {
    const story = new Story(HS).patch('B', 3, { ...ALL, token_dialect: 'access_token' })
    const changedBy = ask(story)
    expect(line(changedBy)).toBe('not-known: older-than-the-logs, sent by B')
    expect(changedBy).toMatchObject({ through: null, actor: null, at: null, log: null })
    expect(line(ask(story, { past: [{ at: at(1), api: null }], reachesTo: at(2) }))).toBe(
      'not-known: older-than-the-logs, sent by B',
    )
  })

  it('6: the same, but its body has this field alone', () => {
    expect(line(ask(new Story().patch('B', 3, HS)))).toBe('likely B (first-known)')
  })

  it('7: the newest event shows another value than the tenant has', () => {
    const story = new Story().patch('A', 99.9, { token_lifetime: 60 }).drift(HS)
    expect(line(ask(story))).toBe('not-known: logs-lag')
    expect(line(ask(new Story().patch('A', 3, { token_lifetime: 60 }).drift(HS)))).toBe('not-known: no-event')
  })

  it('8: A adds a scope, B sends all of them and adds another', () => {
    const story = new Story(scopes('read'))
    const past = seen(story, 1)
    story.patch('A', 2, scopes('read', 'x')).patch('B', 3, scopes('y', 'x', 'read'))
    expect(line(ask(story, { path: 'scopes.x', ...past }))).toBe('certain A, kept by B 1')
    expect(line(ask(story, { path: 'scopes.y', ...past }))).toBe('certain B')
  })

  it('9: A and B in the same millisecond, both answers show it', () => {
    const story = new Story()
    const past = seen(story, 1)
    expect(line(ask(story.patch('A', 2, HS).patch('B', 2, ALL), past))).toBe('likely A (equal-times), kept by B 1')
  })

  it('10: two deletes, both answered 204', () => {
    const story = new Story()
    const past = seen(story, 1)
    story.remove('A', 2).remove('B', 3)
    expect(line(ask(story, { path: '', ...past }))).toBe('certain A')
    // Nobody knows that the id in its path was this one's.
    expect(line(ask(story, { path: '' }))).toBe('not-known: older-than-the-logs')
  })

  it('11: deleted, and made again by B without it', () => {
    const story = new Story({ signing_alg: 'PS256' }).patch('A', 1, { token_lifetime: 5 }).remove('A', 2)
    story.post('B', 3, { name: 'Again' })
    expect(line(ask(story))).toBe('certain B')
    expect(line(ask(story, { path: 'id' }))).toBe('certain B')
  })

  it('11: an API of the same name that is not this one any more did nothing to it', () => {
    const story = new Story().post('A', 1, HS, 'c'.repeat(24)).remove('A', 2)
    story.post('B', 3, HS, 'd'.repeat(24), { hidden: true })
    expect(line(ask(story))).toBe('not-known: no-event')
    expect(line(ask(story.patch('C', 4, { token_lifetime: 7 })))).toBe('not-known: no-event')
  })

  it('12: client_id is set through another endpoint', () => {
    const story = new Story().patch('A', 2, { token_lifetime: 5, client_id: 'c1' })
    expect(line(ask(story, { path: 'client_id' }))).toBe('not-known: no-event')
  })

  it('13: the scopes of a system API grew by themselves', () => {
    const story = new Story({ is_system: true, ...scopes('read') }).patch('A', 2, {
      token_lifetime: 5,
      ...scopes('read', 'x'),
    })
    expect(line(ask(story, { path: 'scopes.x' }))).toBe('not-known: no-event')
  })

  it('13: and that is no contradiction for its other settings', () => {
    const story = new Story({ is_system: true, ...scopes('read') })
    const past = seen(story, 1)
    story.patch('A', 2, { token_lifetime: 5 }).drift(scopes('read', 'grown'))
    expect(line(ask(story, { path: 'token_lifetime', ...past }))).toBe('certain A')
  })

  it('14: a signing secret changed, and one event sends it or turned HS256 on', () => {
    const path = 'signing_secret'
    expect(line(ask(new Story().patch('A', 2, { signing_secret: 'x' }), { path }))).toBe('likely A (one-secret)')
    expect(line(ask(new Story().patch('A', 1, RS).patch('B', 2, HS), { path }))).toBe('likely B (one-secret)')
    const both = new Story().patch('A', 1, RS).patch('B', 2, HS).patch('C', 3, { signing_secret: 'x' })
    expect(line(ask(both, { path }))).toBe('not-known: secret')
    expect(line(ask(both, { path, past: [{ at: at(2.5), api: null }] }))).toBe('likely C (one-secret)')
    const none = new Story().patch('A', 1, RS)
    expect(line(ask(none, { path }))).toBe('not-known: older-than-the-logs')
    expect(line(ask(none, { path, past: [{ at: at(2), api: null }] }))).toBe('not-known: no-event')
    expect(line(ask(none, { path, past: [{ at: at(99.9), api: null }] }))).toBe('not-known: logs-lag')
    expect(line(ask(none, { path, isWhole: false }))).toBe('not-known: too-many-events')
  })

  it('15: an event without an answer is a gap, and nothing across it is certain', () => {
    const story = new Story()
    const past = seen(story, 1)
    const gap = { after: null, sent: null } as const
    story.patch('A', 2, HS).patch('B', 3, { token_lifetime: 9 }, gap)
    expect(line(ask(story, past))).toBe('not-known: masked')
    story.patch('C', 4, { name: 'New' })
    expect(line(ask(story, past))).toBe('not-known: masked')
    expect(line(ask(story.patch('D', 5, RS).patch('E', 6, HS), past))).toBe('certain E')
  })

  it('15: a masked value is not known, and hides nothing else', () => {
    const story = new Story()
    const past = seen(story, 1)
    const { name: _name, ...rest } = { ...story.live, ...HS }
    story.patch('A', 2, { ...HS, name: 'Orders' }, { after: rest, veiled: ['name'] })
    expect(line(ask(story, past))).toBe('certain A')
    expect(line(ask(story, { path: 'name', ...past }))).toBe('not-known: masked')
  })
})

describe('certain', () => {
  const before = (more: Partial<Asking> = {}): string => {
    const story = new Story()
    const past = seen(story, 1)
    return line(ask(story.patch('A', 2, HS), { ...past, ...more }))
  }

  it('is nothing younger than fifteen minutes', () => {
    expect(before({ now: 2 + 15 / 60 })).toBe('likely A (young)')
    expect(before({ now: 2 + 16 / 60 })).toBe('certain A')
  })

  it('is nothing that was sent again by an event so young that another may be late before it', () => {
    const story = new Story()
    const past = seen(story, 1)
    story
      .patch('A', 2, HS)
      .patch('C', 50, { token_lifetime: 1 })
      .patch('B', 99.9, { ...ALL, token_lifetime: 1 })
    expect(line(ask(story, past))).toBe('likely A (young), kept by B 1')
    expect(line(ask(story, { ...past, now: 101 }))).toBe('certain A, kept by B 1')
  })

  it('is nothing that another event may have changed in between, unseen', () => {
    const story = new Story().patch('P', 1, RS)
    story
      .patch('A', 2, { ...HS, token_lifetime: 5 }, { hidden: true })
      .patch('B', 3, { ...HS, name: 'n', token_dialect: 'access_token', allow_offline_access: true })
    expect(line(ask(story))).toBe('not-known: no-event')
  })

  it('is nothing that the tenant contradicts elsewhere', () => {
    const story = new Story()
    const past = seen(story, 1)
    expect(line(ask(story.patch('A', 2, HS).drift({ token_lifetime: 1 }), past))).toBe('not-known: no-event')
  })

  it('is nothing by a reading that the log does not reach back to', () => {
    expect(before({ reachesTo: at(1.5) })).toBe('likely A (first-known)')
  })

  it('is nothing by a reading that clocks cannot tell from the event', () => {
    const story = new Story()
    const past = seen(story, 2 - 2 / 60)
    expect(line(ask(story.patch('A', 2, HS), past))).toBe('likely A (equal-times)')
  })

  it('is nothing of a form either, that a reading may have been just before or just after', () => {
    for (const hour of [2 - 1 / 60, 2 + 1 / 60]) {
      const story = new Story()
      const past = { past: [{ at: at(hour), api: story.reading }] }
      expect(line(ask(story.patch('A', 2, { ...ALL, allow_offline_access: true }), past))).toBe(
        'likely A (equal-times)',
      )
    }
  })

  it('is nothing by a value that was kept of such a reading', () => {
    const story = new Story().patch('A', 2, { ...ALL, allow_offline_access: true })
    const past = [
      { at: at(2 + 1 / 60), value: { isThere: true, live: 'RS256' } },
      { at: at(3), api: story.live },
    ]
    expect(line(ask(story, { past }))).toBe('likely A (equal-times)')
  })

  it('stays what two events tell where a reading is near', () => {
    const story = new Story().patch('P', 1, RS)
    const past = seen(story, 2 - 1 / 60)
    expect(line(ask(story.patch('A', 2, HS), past))).toBe('certain A')
  })

  it('needs no reading where two events tell it', () => {
    expect(line(ask(new Story().patch('P', 1, { token_lifetime: 5 }).patch('A', 2, ALL)))).toBe('certain A')
  })

  it('is nothing where the order of what stood before is not known', () => {
    const story = new Story().patch('P', 1, HS).patch('Q', 1, RS).patch('A', 2, HS)
    expect(line(ask(story))).toBe('likely A (equal-times)')
  })
})

describe('not known', () => {
  it('no event, and the difference is younger than the last reading', () => {
    const story = new Story()
    const past = seen(story, 99.9)
    expect(line(ask(story.drift(HS), past))).toBe('not-known: logs-lag')
    const long = new Story()
    expect(line(ask(long, { ...seen(long, 1) }))).toBe('not-known: older-than-the-logs')
    expect(line(ask(long.drift(HS), { past: [{ at: at(1), api: { ...long.live, signing_alg: 'RS256' } }] }))).toBe(
      'not-known: no-event',
    )
  })

  it('no event at all, and no reading', () => {
    expect(line(ask(new Story(HS)))).toBe('not-known: older-than-the-logs')
  })

  it('a reading that fits nowhere between the events around it: one of them is missing, and nothing is too old', () => {
    const story = new Story()
    const past = { past: [{ at: at(2), api: { ...story.reading, allow_offline_access: true } }] }
    story.patch('A', 2 - 1 / 60, { ...ALL, token_dialect: 'access_token' })
    story.patch('B', 2 + 1 / 60, { ...ALL, token_dialect: 'access_token', token_lifetime: 5 })
    expect(line(ask(story, past))).toBe('not-known: no-event, sent by A')
  })

  it('more events than may be read', () => {
    const story = new Story(HS).patch('B', 3, { ...ALL, token_dialect: 'access_token' })
    expect(line(ask(story, { isWhole: false }))).toBe('not-known: too-many-events, sent by B')
  })
})

describe('what an earlier run found out', () => {
  const known = ask(new Story().patch('P', 1, RS).patch('A', 2, HS))

  it('stands where nothing changed it since, with whoever sent it again', () => {
    const story = new Story(HS)
    const past = seen(story, 10)
    expect(line(ask(story, { ...past, known }))).toBe('certain A')
    expect(line(ask(story.patch('B', 11, ALL), { ...past, known }))).toBe('certain A, kept by B 1')
  })

  it('counts nobody twice', () => {
    const story = new Story(HS).patch('B', 9, ALL).patch('B', 11, ALL)
    const past = { past: [{ at: at(10), api: story.live }] }
    const first = {
      ...known,
      keptBy: {
        count: 1,
        last: new Date(at(9)).toISOString(),
        through: 'application',
        actor: { application: null },
        tool: null,
        log: '1',
      },
    } as const
    expect(line(ask(story, { ...past, known: first }))).toBe('certain A, kept by B 2')
  })

  it('does not stand where somebody set it back and somebody set it again', () => {
    const story = new Story(HS)
    const past = seen(story, 10)
    expect(line(ask(story.patch('B', 11, RS).patch('C', 12, HS), { ...past, known }))).toBe('certain C')
  })

  it('stands where an event and the reading are too near to tell, if both show the same', () => {
    const story = new Story(HS).patch('B', 10, ALL)
    const past = { past: [{ at: at(10) - MINUTE, api: story.live }] }
    expect(line(ask(story, { ...past, known }))).toBe('certain A, kept by B 1')
  })

  it('is corrected by an event that came later than the answer, and set it before', () => {
    const story = new Story()
    const past = seen(story, 1)
    const late = new Story().patch('X', 2, HS, { log: '9003' }).events
    story.drift(HS).patch('A', 3, ALL)
    const first = ask(story, { ...past, now: 4 })
    expect(line(first)).toBe('certain A')
    story.events.unshift(...late)
    const both = [
      { at: at(1), value: { isThere: true, live: 'RS256' } },
      { at: at(4), api: story.live },
    ]
    expect(line(ask(story, { past: both, known: first }))).toBe('certain X, kept by A 1')
  })

  it('is corrected by events that came later, and set it back and again', () => {
    const story = new Story(HS)
    const past = seen(story, 10)
    story.patch('X', 8, RS, { log: '9003' }).patch('Y', 9, HS, { log: '9004' })
    expect(line(ask(story, { ...past, known }))).toBe('certain Y')
    story.events.pop()
    expect(line(ask(story, { ...past, known }))).toBe('not-known: no-event')
  })

  it('stands where an event since then does not say what stood before it', () => {
    const story = new Story({ ...HS, token_dialect: 'access_token' }).patch('B', 8, ALL)
    expect(line(ask(story, { ...seen(story, 10), known }))).toBe('certain A, kept by B 1')
  })

  it('a place that was kept of an earlier reading tells what stood there before', () => {
    const story = new Story().patch('A', 2, HS)
    const past = [
      { at: at(1), value: { isThere: true, live: 'RS256' } },
      { at: at(3), api: story.live },
    ]
    expect(line(ask(story, { past }))).toBe('certain A')
  })
})

describe('which events are those of an API', () => {
  const path = ''

  it.each([
    ['by its id', 'a'.repeat(24)],
    ['by its identifier', API],
  ])('a delete joins %s', (_how, name) => {
    const story = new Story()
    const past = seen(story, 1)
    expect(line(ask(story.remove('A', 2, { names: [encodeURIComponent(name), name] }), { path, ...past }))).toBe(
      'certain A',
    )
  })

  it('and not that of another API', () => {
    const story = new Story()
    const past = seen(story, 1)
    story.remove('A', 2, { names: ['f'.repeat(24)] })
    expect(line(ask(story, { path, ...past }))).toBe('not-known: no-event')
  })

  it('an API that came is of whom made it', () => {
    const story = new Story(null).post('A', 2, {}).patch('B', 3, { token_lifetime: 4 })
    expect(line(ask(story, { path }))).toBe('certain A')
    const unseen = new Story(null)
    const past = [{ at: at(1), api: null }]
    unseen.post('A', 2, {}, 'b'.repeat(24), { hidden: true }).patch('B', 3, { token_lifetime: 4 })
    expect(line(ask(unseen, { path, past }))).toBe('not-known: no-event')
  })
})

it('hours are what they are called', () => {
  expect(at(1) - at(0)).toBe(HOUR)
})
