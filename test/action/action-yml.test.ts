import { Command } from 'commander'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { inputVariable } from '../../src/action/inputs.ts'
import { actionInputs } from '../../src/schema/action-inputs.ts'
import { addCheckCommand } from '../../src/cli/check-command.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { envOf, ioOf } from '../cli/run.ts'
import { repository, ROOT, runJob } from './runner.ts'

interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>
  readonly outputs: Readonly<Record<string, { readonly value: string }>>
  readonly runs: {
    readonly using: string
    readonly steps: readonly { readonly env: Readonly<Record<string, string>>; readonly run: string }[]
  }
}

const action = load(readFileSync(path.join(ROOT, 'action.yml'), 'utf8')) as ActionFile

describe('action.yml', () => {
  it('has an input for every option of check', () => {
    const program = new Command()
    addCheckCommand(program, ioOf(ROOT), () => {})
    const options = (program.commands[0]?.options ?? []).flatMap(({ long }) =>
      long === undefined || long === null ? [] : [long.slice(2)],
    )
    expect(options.length).toBeGreaterThan(20)
    // A run that only shows its settings reports nothing, and who judges a change is no choice of the workflow's.
    expect(options.filter((name) => !Object.hasOwn(action.inputs, name))).toEqual(['trust', 'show-config'])
  })

  it('has the inputs that the script reads, and hands each over', () => {
    expect(Object.keys(action.inputs).toSorted()).toEqual(
      actionInputs()
        .map(({ name }) => name)
        .toSorted(),
    )
    expect(action.runs.steps[0]?.env).toEqual(
      Object.fromEntries(Object.keys(action.inputs).map((name) => [inputVariable(name), `\${{ inputs.${name} }}`])),
    )
  })

  it('puts no expression into a script, where a value would be code', () => {
    expect(action.runs.using).toBe('composite')
    expect(action.runs.steps.map(({ run }) => run).join()).not.toContain('${{')
  })

  it('has the outputs that the script sets', async () => {
    const tenant = await tenantWith({ apis: 0 })
    const { cwd } = repository({ 'declared/a.json': { resource_servers: [] } })
    const { outputs } = await runJob(cwd, { event: 'push', ref: 'refs/heads/main', env: envOf(tenant) })
    expect(Object.keys(action.outputs).toSorted()).toEqual(Object.keys(outputs).toSorted())
  })
})
