import { ACTIONS_BOT } from './github.ts'
import { settingSentence } from './setting-words.ts'
import { ALL_SETTINGS, inputNameOf, kebabOf, settingOf, type AnySetting, type SettingRow } from './settings.ts'

/** An input of action.yml. */
export interface ActionInput {
  readonly name: string
  readonly sentence: string
  readonly fallback: string
}

/** Inputs that are no flag of the command: what the action does beside it. */
const OWN_INPUTS = {
  'fallback-live': {
    fallback: '',
    sentence: 'Snapshot file that is judged where the job holds no credentials: forks and Dependabot get no secrets.',
  },
  'credential-variables': {
    fallback: '',
    sentence: 'Names of further variables that hold credentials, for tenants configured with their own.',
  },
  'working-directory': { fallback: '.', sentence: 'Folder the check runs in.' },
  'trusted-paths': {
    fallback: '',
    sentence:
      'Further files that a pull request is judged with as the base has them, one a line, such as the configuration of the policy pack; a folder ends with /.',
  },
  comment: { fallback: 'true', sentence: 'false: no comment on the pull request.' },
  'comment-key': {
    fallback: '',
    sentence: 'Which comment is this one; workflow and job unless given. Jobs of a matrix need one each.',
  },
  'comment-author': { fallback: ACTIONS_BOT, sentence: 'Login under which the token writes.' },
  issue: {
    fallback: 'false',
    sentence:
      'true: one issue for each tenant that keeps itself up to date; needs issues: write. Written on the default branch alone.',
  },
  'issue-labels': { fallback: '', sentence: 'Labels of a new issue, one a line.' },
  'issue-severity-at-least': {
    fallback: '',
    sentence: 'low, medium, high or critical: what is worth a comment on the issue (low).',
  },
  details: {
    fallback: '',
    sentence:
      'counts, names or full: what comment, summary, log and issue may say. Where everybody can read the repository names (counts in the issue), else full.',
  },
  'github-token': {
    fallback: '${{ github.token }}',
    sentence: 'Writes the comment (pull-requests: write) and the issue (issues: write). Empty: neither.',
  },
} as const satisfies Readonly<Record<string, Omit<ActionInput, 'name'>>>

/** Every input, in the order in which action.yml has them. Those of settings are called like their flags. */
export function actionInputs(): readonly ActionInput[] {
  return [
    ...ALL_SETTINGS.filter((name) => settingOf(name).action !== null).flatMap(inputsOf),
    ...Object.entries(OWN_INPUTS).map(([name, own]) => ({ name, ...own })),
  ]
}

function inputsOf(name: AnySetting): readonly ActionInput[] {
  const row = settingOf(name)
  const isSwitch = row.kind === 'flag'
  const input = { name: inputNameOf(name), sentence: inputSentence(row), fallback: isSwitch ? 'false' : '' }
  if (row.none === undefined) return [input]
  return [input, { name: `no-${kebabOf(name)}`, sentence: `true: ${row.none}.`, fallback: 'false' }]
}

function inputSentence(row: SettingRow): string {
  const lines = row.kind === 'list' ? ' One a line.' : ''
  // What the action does with it stands in the place of what the command would do.
  if (row.inAction !== undefined) return `${settingSentence({ ...row, fallback: null })}${lines} ${row.inAction}`
  if (row.kind === 'flag') return `true: ${row.says}.`
  return `${settingSentence(row)}${row.values === undefined ? '' : ` One of ${row.values.join(', ')}.`}${lines}`
}
