import { expect, it } from 'vitest'
import { stateText } from '../../src/words/episode.ts'
import { paragraph, words } from '../../src/words/markdown-nodes.ts'
import { markdownText } from '../../src/words/markdown-text.ts'

it('begins no line with a slash, which GitLab would take for an order: in a report as in an issue', () => {
  expect(markdownText([paragraph(words('/close')), paragraph(words('a /close'))])).toBe('&#47;close\n\na /close\n')
})

it('says how a difference ended only where that is known', () => {
  expect(stateText({ state: 'ended', how: null, form: 'counts' }, '2026-11-24 12:00 UTC')).toBe(
    'ended 2026-11-24 12:00 UTC',
  )
  expect(stateText({ state: 'ended', how: 'adopted', form: 'counts' })).toBe('ended: taken into the code')
})
