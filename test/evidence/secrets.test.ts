import { describe, expect, it } from 'vitest'
import { readDocs } from '../../evidence/section.ts'
import { readSecretsResults, withSecretsFigures, worseSecrets } from '../../evidence/secrets/results.ts'
import { runSecrets } from '../../evidence/secrets/run.ts'
import { GROUPS, type Surface } from '../../evidence/secrets/surface.ts'
import { SURFACES } from '../../evidence/secrets/surfaces.ts'
import { isBuilt } from '../support/built.ts'

/** Of most groups one or two. */
const PART = [
  'html, drift',
  'sarif, drift',
  'a token that is refused',
  'a credential in place',
  'what each channel',
  'onDrift',
  'markdown, with persons',
  'sh, undone',
]

describe.skipIf(!isBuilt)('a part of the planted secrets', { timeout: 120_000 }, () => {
  it('stands in nothing that what ships says', async () => {
    const part = SURFACES.filter(({ title }) => PART.some((each) => title.startsWith(each)))
    const { lines } = await runSecrets(part, [1])

    expect(part).toHaveLength(PART.length)
    expect(lines).toEqual([])
  })

  it('is found where it is told, and a run that says nothing is one that proves nothing', async () => {
    const telling = (text: (secret: string) => string): Surface => ({
      group: 'reports',
      title: 'made up',
      shows: /said/,
      run: ({ secret }) => Promise.resolve([['here', text(secret('a declared signing secret'))]]),
    })
    const leaking = telling((secret) => `said ${encodeURIComponent(secret)}`)
    const silent = telling(() => '')
    const { groups } = await runSecrets([leaking, silent], [1])

    expect(groups.reports).toMatchObject({ surfaces: 2, found: 1, silent: 1 })
  })

  it('people are found where nobody asked for them, and their addresses everywhere', async () => {
    const naming: Surface = {
      group: 'who and whom',
      title: 'made up',
      shows: /said/,
      run: ({ persons, addresses }) => {
        const [mail, address] = [persons.get('the mail of a person') ?? '', addresses.get('the address of a person')]
        const text = `said ${mail}`
        return Promise.resolve([
          ['here', text],
          ['where it was asked for', text, 'persons'],
          ['an address where it was asked for', `${text} ${address ?? ''}`, 'persons'],
        ])
      },
    }
    const { groups } = await runSecrets([naming], [1])

    expect(groups['who and whom']).toMatchObject({ found: 0, named: 2, silent: 0 })
  })
})

describe('the figures of the secrets', () => {
  it('are those of a run in which nothing was found, on every surface and kind', () => {
    const results = readSecretsResults()
    if (results === null) throw new Error('npm run evidence:secrets writes them')
    const surfaces = GROUPS.map((group) => SURFACES.filter((each) => each.group === group).length * 8)

    expect(worseSecrets(null, results)).toEqual([])
    expect(GROUPS.map((group) => results.groups[group].surfaces)).toEqual(surfaces)
    expect(withSecretsFigures(readDocs('evidence.md'), results)).toBe(readDocs('evidence.md'))
  })
})
