import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { PAGE_SCRIPT } from '../../src/watch/page/style.ts'

/** The script of every page, with as much of a browser as it asks for. `changed` is what the service says when something moved. */
function opened(answers: readonly (number | null)[]) {
  const live = { textContent: '' }
  const main = { innerHTML: 'old', contains: () => false, replaceChildren: () => undefined, childNodes: [] }
  const heard = new Map<string, () => void>()
  const late: (() => Promise<void>)[] = []
  let count = 0
  runInNewContext(PAGE_SCRIPT, {
    document: {
      hidden: false,
      activeElement: null,
      getElementById: () => live,
      querySelector: () => main,
      addEventListener: () => undefined,
    },
    location: { href: 'http://127.0.0.1:8484/' },
    fetch: () => {
      const status = answers[count++] ?? null
      if (status === null) return Promise.reject(new Error('no answer'))
      return Promise.resolve({ ok: status === 200, status, text: () => Promise.resolve('') })
    },
    DOMParser: class {
      parseFromString = () => ({ querySelector: () => main })
    },
    EventSource: class {
      addEventListener = (event: string, hear: () => void) => heard.set(event, hear)
    },
    setTimeout: (work: () => Promise<void>) => late.push(work),
    setInterval: () => 0,
  })
  heard.get('open')?.()
  return {
    live,
    changed: async () => {
      heard.get('changed')?.()
      for (const work of late.splice(0)) await work()
    },
  }
}

it('says that what stands there may be old, until it was asked for anew', async () => {
  const { live, changed } = opened([200, 503, null, 200])
  const said: string[] = []
  for (let turn = 0; turn < 4; turn++) {
    await changed()
    said.push(live.textContent)
  }
  expect(said).toEqual([
    'Live',
    'Not up to date: the service answers 503',
    'Not up to date: the service does not answer',
    'Live',
  ])
})
