import type { GateCase, GroupName, JobEdit } from '../case.ts'
import type { Entry } from '../files.ts'
import type { RunnerName } from '../runners.ts'

/** An accept rule for everything: what a change that wants through would bring. */
export const RULES = `accept:
  - resource_server: '*'
    path: '**'
    reason: it is fine
    owner: me
    expires: '2099-01-01'
  - resource_server: '*'
    path: ''
    reason: it is fine
    owner: me
    expires: '2099-01-01'
`
export const RULES_LIST = RULES.slice('accept:\n'.length).replaceAll(/^ {2}/gm, '')

export const ALL: readonly RunnerName[] = ['action', 'command', 'gitlab']
export const LOCAL: readonly RunnerName[] = ['action', 'command']

export const link = (target: string): Entry => ({ link: target })
export const program = (text: string): Entry => ({ program: text })

/** The same job on a drifted tenant without an attack, and on one that is as declared. */
export function controls(
  group: GroupName,
  on: readonly RunnerName[],
  more: Partial<Omit<GateCase, 'id' | 'group' | 'on' | 'expect'>> = {},
  name = 'control',
): readonly GateCase[] {
  const title = more.title ?? 'without an attack'
  return [
    { ...more, id: `${group}-${name}-2`, group, on, title: `${title}, drifted`, expect: [2], isControl: true },
    {
      ...more,
      id: `${group}-${name}-0`,
      group,
      on,
      title: `${title}, as declared`,
      expect: [0],
      isControl: true,
      isClean: true,
    },
  ]
}

/** What a workflow says to the action as inputs, and to the command as flags. */
export function given(values: Readonly<Record<string, string>>): JobEdit {
  return { inputs: values, flags: Object.entries(values).map(([name, value]) => `--${name}=${value}`) }
}
