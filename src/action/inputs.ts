import { ALL_SETTINGS, flagOf, inputNameOf, kebabOf, settingOf } from '../schema/settings.ts'
import { ACTIONS_BOT } from '../schema/github.ts'
import type { ActionIo } from './io.ts'

/** A composite action gets no INPUT_ variables by itself: action.yml hands each over under this name. */
export function inputVariable(name: string): string {
  return `INPUT_${name.toUpperCase().replaceAll('-', '_')}`
}

/** The text of an input, trimmed; empty is "not given". */
export function input({ env }: ActionIo, name: string): string {
  return env[inputVariable(name)]?.trim() ?? ''
}

/** The login under which the job's token writes. */
export function authorOf(io: ActionIo): string {
  return input(io, 'comment-author') || ACTIONS_BOT
}

export function inputLines(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

/** Flags in the form `--name=value`, so that no value can be taken for a flag. */
export function flagsFrom(io: ActionIo): readonly string[] {
  return ALL_SETTINGS.filter((name) => settingOf(name).action === 'flag').flatMap((name) => {
    const { kind, none } = settingOf(name)
    const flag = flagOf(name)
    const text = input(io, inputNameOf(name))
    const off = none === undefined ? [] : switchOf(io, `no-${kebabOf(name)}`)
    if (kind === 'flag') return switchOf(io, inputNameOf(name))
    if (kind === 'list') return inputLines(text).map((line) => `${flag}=${line}`)
    return [...(text === '' ? [] : [`${flag}=${text}`]), ...off]
  })
}

function switchOf(io: ActionIo, name: string): readonly string[] {
  return input(io, name) === 'true' ? [`--${name}`] : []
}
