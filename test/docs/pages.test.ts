import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FINDING_INFO } from '../../src/words/kinds.ts'
import { KIND_POLICIES } from '../../src/schema/policy-list.ts'
import { policyNames } from '../support/policy-names.ts'
import { ROOT } from '../../tools/run.mjs'

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')
const headings = (file: string) => [...read(file).matchAll(/^## (.+)$/gm)].map((match) => match[1])

describe('pages', () => {
  it.each(Object.keys(FINDING_INFO))('the finding %s has a page: what, examples, why, how to mend', (kind) => {
    const file = `docs/findings/${kind}.md`
    expect(read(file)).toMatch(new RegExp(`^# ${kind}\n`))
    expect(headings(file)).toEqual([
      'What it is',
      'Example that stays silent',
      'Example that is found',
      'Why it matters',
      'How to mend',
      'What counts',
    ])
  })

  it.each(policyNames())('the policy %s has a page: what, examples, why, how to mend and configure', (name) => {
    const file = `docs/policies/${name}.md`
    expect(read(file)).toMatch(new RegExp(`^# ${name}\n`))
    expect(headings(file)).toEqual([
      'What it reports',
      'Passes',
      'Fails',
      'Why it matters',
      'How to mend',
      'How to configure',
    ])
    expect(read(file)).toContain(`"${name}":`)
  })

  it('has no page of a finding or a policy that there is not', () => {
    const names = (folder: string) =>
      globSync(`${folder}/*.md`, { cwd: ROOT }).map((file) => file.slice(folder.length + 1, -3))
    expect(names('docs/findings').toSorted()).toEqual(Object.keys(FINDING_INFO).toSorted())
    expect(names('docs/policies').toSorted()).toEqual(['README', ...policyNames()].toSorted())
  })

  it.each(Object.keys(KIND_POLICIES))('the list of policies leads to %s', (name) => {
    expect(read('docs/policies/README.md')).toContain(`](${name}.md)`)
  })
})

describe('links', () => {
  it('sources name only pages that are there', () => {
    const sources = globSync(['src/**/*.ts', 'policies/**/*.ts', 'tools/*.mjs', 'bench/**/*.{ts,mjs}'], { cwd: ROOT })
    const named = sources.flatMap((file) =>
      [...read(file).matchAll(/docs\/[a-zA-Z0-9/_-]+\.md/g)].map((match) => `${match[0]} in ${file}`),
    )
    const placeholders = /docs\/(findings\/KIND|policies\/NAME)\.md/
    const broken = named.filter((text) => !placeholders.test(text) && !existsSync(join(ROOT, text.split(' ')[0] ?? '')))
    expect(broken).toEqual([])
  })
})
