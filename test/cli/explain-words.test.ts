import { policyNames } from '../support/policy-names.ts'
import { describe, expect, it } from 'vitest'
import { AFFECTED_BECAUSE, AFFECTED_UNKNOWN, AFFECTED_WHY } from '../../src/schema/affected-schema.ts'
import { configKeys } from '../../src/schema/config-keys.ts'
import { CERTAINTIES, WHO_LIKELY, WHO_NOT_KNOWN } from '../../src/schema/changed-by-words.ts'
import { DELIVERY_STATES } from '../../src/history/front.ts'
import { ENDINGS, EPISODE_STATES } from '../../src/schema/episode.ts'
import { ERROR_ADVICE } from '../../src/schema/error-advice.ts'
import { ERROR_CODES } from '../../src/schema/errors.ts'
import { FIELDS } from '../../src/schema/fields.ts'
import { FINDING_KINDS, SEVERITIES } from '../../src/schema/finding.ts'
import { HISTORY_WORDS, REPORT_WORDS, WORDS } from '../../src/schema/glossary.ts'
import { NOT_KNOWN } from '../../src/schema/not-known.ts'
import { FORMATS } from '../../src/schema/output-formats.ts'
import { RULE_STATES } from '../../src/schema/accept-rule.ts'
import { FAIL_ON, fileKeyOf, kebabOf, SETTING_NAMES, variableOf } from '../../src/schema/settings.ts'
import { TELLING } from '../../src/schema/telling.ts'
import { OTHER_VARIABLES } from '../../src/schema/variables.ts'
import { historyWordsTable, kindsTable, reportWordsTable, wordsTable } from '../../tools/docs/words-tables.ts'
import { read } from '../docs/pages.ts'
import { run } from './run.ts'

const explained = async (word: string) => run(['explain', word])

/** Every word that a report, a help text or a message may use, by where it comes from. */
const WORDS_OF: Readonly<Record<string, readonly string[]>> = {
  kinds: FINDING_KINDS,
  origins: ['drift', 'pending', 'conflict'],
  verdicts: ['in-sync', 'drifted', 'incomplete'],
  severities: SEVERITIES,
  directions: ['weakened', 'strengthened', 'neutral', 'breaks-clients'],
  'states of rules': RULE_STATES,
  'values of settings': FAIL_ON.filter((value) => value !== 'any' && value !== 'never'),
  'words of reports': [
    'recorded',
    'adopted',
    'base',
    'touched',
    'notice',
    'new',
    'ongoing',
    'resolved',
    'NOTHING COUNTS',
  ],
  'error codes': Object.keys(ERROR_CODES),
  'reasons of sources': Object.keys(NOT_KNOWN),
  'words of whom it hits': [...AFFECTED_WHY, ...AFFECTED_UNKNOWN, ...AFFECTED_BECAUSE],
  'certainties of who changed it': [...CERTAINTIES, ...Object.keys({ ...WHO_LIKELY, ...WHO_NOT_KNOWN })],
  'words of who changed it': ['changedBy', 'certainty', 'sentBy', 'keptBy', 'before', 'detectedIn'],
  'words of the history': [...TELLING, ...EPISODE_STATES, ...ENDINGS, 'noted', 'since', 'returns', 'view'],
  'states of messages': DELIVERY_STATES,
  'words of a plan': ['repair', 'plan', 'precondition', 'inverse'],
  settings: SETTING_NAMES.flatMap((name) => [kebabOf(name), fileKeyOf(name), variableOf(name)]),
  variables: Object.keys(OTHER_VARIABLES),
  keys: configKeys().map(({ key }) => key),
  fields: FIELDS.map(({ path }) => path),
  policies: policyNames(),
  formats: FORMATS,
  'exit codes': ['0', '1', '2'],
}

describe('explain', () => {
  it.each(Object.entries(WORDS_OF))('knows all %s, and says something of each', async (_, words) => {
    const unknown: string[] = []
    for (const word of words) {
      const { code, out } = await explained(word)
      if (code !== 0 || out.split('\n').length < 3) unknown.push(word)
    }
    expect([words.length > 2, unknown]).toEqual([true, []])
  })

  it('says of an error code what to do, as the page does', async () => {
    const { out } = await explained('server_error')
    expect(out).toContain(`  ${ERROR_ADVICE.server_error}\n`)
    expect(read('docs/tenant.md')).toContain(`| ${ERROR_ADVICE.server_error} |`)
  })

  it('takes a flag by its name after --', async () => {
    expect((await run(['explain', '--', '--fail-on'])).out).toContain('flag --fail-on; variable TENANT_DRIFT_FAIL_ON')
  })

  it('says a word that has two meanings with both', async () => {
    const { out } = await explained('base')
    expect([out.includes('base (word)'), out.includes('base (setting)')]).toEqual([true, true])
  })

  it('knows a key that shares its name with a flag', async () => {
    const { out } = await explained('notify')
    expect(out).toContain('--no-notify')
    expect(out).toContain('notify (key of tenant-drift.yaml)')
  })

  it('writes no link of a page into a terminal', async () => {
    const all = await Promise.all(
      Object.keys({ ...WORDS, ...HISTORY_WORDS, ...REPORT_WORDS })
        .flatMap((words) => words.split(', '))
        .map(explained),
    )
    expect(all.filter(({ out }) => out.includes(']('))).toEqual([])
  })

  it('suggests what is near', async () => {
    expect((await explained('recoreded')).err).toContain('Did you mean recorded?')
  })
})

describe('glossary.md', () => {
  it('says what explain says', () => {
    const page = read('docs/glossary.md')
    for (const table of [wordsTable(), reportWordsTable(), historyWordsTable(), kindsTable()])
      expect(page).toContain(table)
  })
})
