import { describe, expect, it } from 'vitest'
import { githubIssues, TOKEN } from './issues-stand-in.ts'
import { DAY, finding, HOUR, report, START } from './reports.ts'
import { services } from './services.ts'
import { channelsFor, command, openTemporary } from './world.ts'

const ALG = finding('https://orders.example.com/', 'signing_alg')
const OFFLINE = finding('urn:billing', 'allow_offline_access', { severity: 'medium', declared: false, live: true })

type Status = number | null

/** One issue channel with a store, and what can befall its first issue. */
interface Place {
  readonly run: (of: ReturnType<typeof report>, at: number) => Promise<readonly string[]>
  readonly issues: () => readonly {
    readonly isOpen: boolean
    readonly text: string
    readonly comments: readonly string[]
  }[]
  /** Answers to whatever is written to the first issue from now on; null: the usual ones. */
  readonly answer: (status: Status) => void
  readonly remove: () => void
  readonly close: () => void
  readonly lock: () => void
}

async function github(): Promise<Place> {
  const [history, to, hub] = [await openTemporary(), await services(), await githubIssues()]
  const config = { github_issue: { repository: 'o/r', token_variable: 'GITHUB', api_url: hub.url } }
  const channels = channelsFor(to, [config], { GITHUB: TOKEN })
  return {
    run: (of, at) => command(history, to, channels, of, at),
    issues: () => hub.issues.map(({ state, body, comments }) => ({ isOpen: state === 'open', text: body, comments })),
    answer: (status) => {
      hub.fail = (method, path) => {
        if (status === null || method === 'GET' || !/\/issues\/1(\/|$)/.test(path)) return null
        // It was there when issues were listed, a moment ago.
        Object.assign(hub.issues[0] ?? {}, { gone: true })
        return { status, headers: { location: 'https://elsewhere.example/' } }
      }
    },
    remove: () => void hub.issues.shift(),
    close: () => void Object.assign(hub.issues[0] ?? {}, { state: 'closed' }),
    lock: () => void Object.assign(hub.issues[0] ?? {}, { locked: true }),
  }
}

async function gitlab(): Promise<Place> {
  const [history, to] = [await openTemporary(), await services()]
  const channels = channelsFor(to, [{ gitlab_issue: { project: 'g/p', token_variable: 'GITLAB' } }])
  return {
    run: (of, at) => command(history, to, channels, of, at),
    issues: () =>
      to.gitlab.map(({ state, description, notes }) => ({
        isOpen: state === 'opened',
        text: description,
        comments: notes,
      })),
    answer: (status) => {
      to.fail = (path, _, method) => {
        if (status === null || method === 'GET' || !/\/issues\/1(\/|$)/.test(path)) return null
        Object.assign(to.gitlab[0] ?? {}, { gone: true })
        return { status, headers: { location: 'https://elsewhere.example/' } }
      }
    },
    remove: () => void to.gitlab.shift(),
    close: () => void Object.assign(to.gitlab[0] ?? {}, { state: 'closed' }),
    lock: () => void Object.assign(to.gitlab[0] ?? {}, { locked: true }),
  }
}

describe.each([
  ['GitHub', github],
  ['GitLab', gitlab],
])('an issue of %s', (name, make) => {
  it.each([
    ['moved', 301],
    ['deleted', name === 'GitHub' ? 410 : 404],
  ])('that is %s while a run writes: a new one names it, and holds what stands', async (_, status) => {
    const place = await make()
    await place.run(report([ALG]), START)
    place.answer(status)
    const warnings = await place.run(report([ALG, OFFLINE]), START + HOUR)
    const [, fresh] = place.issues()
    expect([warnings, fresh?.isOpen]).toEqual([[], true])
    expect(fresh?.text).toMatch(/in 2 places/)
    expect(fresh?.comments).toEqual(['Continues #1, which cannot be opened again.'])
    expect(JSON.stringify(warnings)).not.toMatch(/elsewhere/)
  })

  it('that is gone from the list is made anew, with the ages that the history knows', async () => {
    const place = await make()
    await place.run(report([ALG]), START)
    place.remove()
    await place.run(report([ALG]), START + 3 * DAY)
    expect(place.issues()).toHaveLength(1)
    expect(place.issues()[0]?.text).toMatch(/1 Nov 2026/)
  })

  it('that is gone when everything is over is left alone', async () => {
    const place = await make()
    await place.run(report([ALG]), START)
    place.answer(name === 'GitHub' ? 410 : 404)
    expect(await place.run(report([]), START + HOUR)).toEqual([])
    expect(place.issues()).toHaveLength(1)
  })

  it('that is locked is written, and closed, and its comment is a warning', async () => {
    const place = await make()
    await place.run(report([ALG]), START)
    place.lock()
    const warnings = await place.run(report([ALG, OFFLINE]), START + HOUR)
    expect(warnings).toEqual([expect.stringMatching(/a comment on issue #1 was refused/)])
    expect(place.issues()[0]?.text).toMatch(/in 2 places/)
    await place.run(report([]), START + 2 * HOUR)
    expect(place.issues().map(({ isOpen }) => isOpen)).toEqual([false])
  })

  it('that is converted, so closed and locked, is left alone: a new one is made', async () => {
    const place = await make()
    await place.run(report([ALG]), START)
    place.lock()
    place.close()
    await place.run(report([ALG]), START + HOUR)
    expect(place.issues().map(({ isOpen }) => isOpen)).toEqual([false, true])
  })
})

describe('an issue that is gone on with in a new one', () => {
  it('is gone on with once, where the word about the one before is refused as well', async () => {
    const [history, to, hub] = [await openTemporary(), await services(), await githubIssues()]
    const config = { github_issue: { repository: 'o/r', token_variable: 'GITHUB', api_url: hub.url } }
    const channels = channelsFor(to, [config], { GITHUB: TOKEN })
    await command(history, to, channels, report([ALG]), START)
    await command(history, to, channels, report([]), START + HOUR)
    hub.fail = (method, path) => {
      if (method === 'GET') return null
      return /\/issues\/1$|\/comments$/.test(path) ? { status: 404 } : null
    }
    const warnings = await command(history, to, channels, report([ALG]), START + 2 * HOUR)
    expect(hub.issues.map(({ state }) => state)).toEqual(['closed', 'open'])
    expect(warnings).toEqual([expect.stringMatching(/without a word of the one before/)])
  })
})

describe('an issue of GitLab that was moved to another project', () => {
  it('is closed there, and never opened again', async () => {
    const [history, to] = [await openTemporary(), await services()]
    const channels = channelsFor(to, [{ gitlab_issue: { project: 'g/p', token_variable: 'GITLAB' } }])
    await command(history, to, channels, report([ALG]), START)
    Object.assign(to.gitlab[0] ?? {}, { state: 'closed', movedTo: 77 })
    await command(history, to, channels, report([ALG]), START + HOUR)
    await command(history, to, channels, report([ALG]), START + 2 * HOUR)
    expect(to.gitlab.map(({ state }) => state)).toEqual(['closed', 'opened'])
  })
})
