import { describe, expect, it } from 'vitest'
import { killChecks } from '../../evidence/memory/kills.ts'
import { readMemoryResults, withMemoryFigures, worseMemory, type MemoryResults } from '../../evidence/memory/results.ts'
import { readDocs } from '../../evidence/section.ts'

describe('a check that is killed while it remembers and tells', () => {
  it('loses nothing, tells nothing twice under another id, and leaves its store whole', async () => {
    const tally = await killChecks(8, 20_261_130)
    expect(tally.lines).toEqual([])
    expect(tally).toMatchObject({ kills: 8, lost: 0, toldTwice: 0, damaged: 0 })
    expect(tally.heard).toBeGreaterThan(0)
  })
})

describe('the committed figures about memory', () => {
  const results = readMemoryResults()

  it('are those of the page, and nothing is wrong in them', () => {
    if (results === null) throw new Error('npm run evidence:memory comes first')
    expect(withMemoryFigures(readDocs('evidence.md'), results)).toBe(readDocs('evidence.md'))
    expect(worseMemory(null, results)).toEqual([])
  })

  it('may not get worse, and not be of less', () => {
    const kills = { kills: 200, whole: 60, heard: 100, again: 3, lost: 0, toldTwice: 0, damaged: 0 }
    const good: MemoryResults = { seed: 1, stories: 90_000, falsehoods: 0, kills }
    expect(worseMemory(good, good)).toEqual([])
    expect(
      worseMemory(good, { ...good, falsehoods: 1, kills: { ...kills, lost: 2, toldTwice: 1, damaged: 1 } }),
    ).toEqual(['falsehoods: 1', 'lost transitions: 2', 'told twice: 1', 'damaged stores: 1'])
    expect(worseMemory(good, { ...good, stories: 10, kills: { ...kills, kills: 8 } })).toHaveLength(2)
  })
})
