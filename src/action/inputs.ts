import type { ActionIo } from './io.ts'

/** Inputs that are flags of `check`, by how the flag takes them. A list has one item a line. */
const ONE = [
  'recorded',
  'live',
  'max-age',
  'previous',
  'fail-on',
  'config',
  'deadline',
  'confirm',
  'max-requests',
  'lifetime-ceiling',
  'history',
  'history-view',
  'recurring-within',
  'remind-after',
  'color',
] as const
const LISTS = ['declared', 'tenant', 'target', 'exclude', 'var', 'output'] as const
const SWITCHES = ['only-new', 'strict-rules', 'quiet', 'no-notify', 'no-history'] as const
const OWN = ['base', 'gate', 'fallback-live', 'credential-variables', 'trusted-paths', 'working-directory'] as const
const COMMENT = ['comment', 'comment-key', 'comment-author', 'github-token'] as const
const ISSUE = ['issue', 'issue-labels', 'issue-severity-at-least', 'details'] as const

/** Every input of action.yml. */
export const INPUTS = [...ONE, ...LISTS, ...SWITCHES, ...OWN, ...COMMENT, ...ISSUE] as const
type InputName = (typeof INPUTS)[number]

/** A composite action gets no INPUT_ variables by itself: action.yml hands each over under this name. */
export function variableOf(name: string): string {
  return `INPUT_${name.toUpperCase().replaceAll('-', '_')}`
}

/** The text of an input, trimmed; empty is "not given". */
export function input({ env }: ActionIo, name: InputName): string {
  return env[variableOf(name)]?.trim() ?? ''
}

export function linesOf(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

/** Flags in the form `--name=value`, so that no value can be taken for a flag. */
export function flagsFrom(io: ActionIo): readonly string[] {
  return [
    ...ONE.flatMap((name) => (input(io, name) === '' ? [] : [`--${name}=${input(io, name)}`])),
    ...LISTS.flatMap((name) => linesOf(input(io, name)).map((line) => `--${name}=${line}`)),
    ...SWITCHES.flatMap((name) => (input(io, name) === 'true' ? [`--${name}`] : [])),
  ]
}
