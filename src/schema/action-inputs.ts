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
const ACTION_INPUTS_ALONE = {
  'fallback-live': {
    fallback: '',
    sentence:
      'Snapshot file to check instead where the job has no credentials. Jobs of forks and of Dependabot get no secrets.',
  },
  'credential-variables': {
    fallback: '',
    sentence: 'Names of other variables that hold credentials, for tenants that have their own.',
  },
  'working-directory': { fallback: '.', sentence: 'Folder that the check runs in.' },
  'trusted-paths': {
    fallback: '',
    sentence:
      'Other files that a check of a pull request takes from the base, such as the configuration of the policy pack. One a line; a folder ends with /.',
  },
  comment: { fallback: 'true', sentence: 'false: no comment on the pull request.' },
  'comment-key': {
    fallback: '',
    sentence: 'Name of this comment; workflow and job unless given. Each job of a matrix needs a name of its own.',
  },
  'comment-author': { fallback: ACTIONS_BOT, sentence: 'Login of the account that the token belongs to.' },
  issue: {
    fallback: 'false',
    sentence: 'true: keep one issue for each tenant up to date, from the default branch only; needs issues: write.',
  },
  'issue-labels': { fallback: '', sentence: 'Labels of a new issue, one a line.' },
  'issue-severity-at-least': {
    fallback: '',
    sentence: 'low, medium, high or critical: from this severity on a difference gets a comment on the issue (low).',
  },
  details: {
    fallback: '',
    sentence:
      'counts, names or full: how much comment, summary, log and issue may say. In a repository that everybody can read: names (counts in the issue). Else full.',
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
    ...Object.entries(ACTION_INPUTS_ALONE).map(([name, own]) => ({ name, ...own })),
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
