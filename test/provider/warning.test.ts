import { describe, expect, it } from 'vitest'
import { addAnswer, emptySum, warningOf } from '../../src/provider/warning.ts'
import { blockOf } from '../docs/pages.ts'

const API = 'https://orders.example.com/'
const entry = (severity: string, more: object = {}) => ({ kind: 'changed', severity, declared: 'RS256', ...more })

function lineOf(
  ...answers: readonly (readonly [isTenant: boolean, identifier: string, observed: unknown, drift: unknown])[]
) {
  const sum = emptySum()
  for (const answer of answers) addAnswer(sum, ...answer)
  return warningOf(sum)
}

describe('the line of a preview without the pack', () => {
  it.each([
    ['in sync', [false, API, { status: 'read', pending: { signing_alg: entry('critical') } }, {}]],
    ['of notices alone', [true, '', { status: 'read', notices: [entry('critical')] }, {}]],
    ['of an API that is excluded', [false, API, { status: 'excluded' }, {}]],
    ['of a program under test, which observes nothing', [false, API, undefined, undefined]],
  ] as const)('is not said where a check is %s', (_name, answer) => {
    expect(lineOf(answer)).toBeNull()
  })

  it('counts differences by severity, and APIs once, over checks of both kinds', () => {
    const tenant = { 'acme.eu.auth0.com': { future: entry('medium') }, [API]: { signing_alg: entry('critical') } }

    const line = lineOf(
      [false, API, { status: 'read' }, { signing_alg: entry('critical'), token_lifetime: entry('low') }],
      [true, '', { status: 'read', tenant: 'acme.eu.auth0.com' }, tenant],
    )

    expect(line).toContain('4 differences between code and tenant on 1 API (2 critical, 1 medium, 1 low).')
    expect(line).toContain('--policy-pack')
  })

  it('reads as pulumi.md shows it', () => {
    const [critical, low] = [entry('critical'), entry('low')]
    const line = lineOf(
      [false, API, { status: 'read' }, { signing_alg: critical, token_lifetime: low }],
      [false, 'https://b', { status: 'read' }, { signing_alg: critical }],
    )

    const [shown = 'nothing'] = blockOf('docs/pulumi.md', 'warning: tenant-drift').split('...')
    expect(`warning: ${line}`).toContain(shown)
  })

  it('names the reason why checks could not compare, and how many of them', () => {
    const line = lineOf(
      [false, API, { status: 'unreadable', code: 'unauthorized', message: 'a text' }, {}],
      [false, 'https://b', { status: 'unreadable', code: 'unauthorized' }, {}],
      [true, '', { status: 'invalid', code: 'invalid_declaration', message: 'declared/a.yaml:3:1: a text' }, {}],
      [false, 'https://c', { status: 'unknown' }, {}],
    )

    expect(line).toContain('2 of 4 checks could not compare (unauthorized: the tenant refused the token')
    expect(line).toContain('1 of 4 checks could not compare (invalid_declaration: the declared state has mistakes)')
    expect(line).toContain('1 of 4 checks not compared (left out of this run, or with inputs not known yet)')
  })

  it('tells a value that could not be compared from a difference', () => {
    const secret = entry('high', { kind: 'unreadable', code: 'secret_unreadable' })

    expect(lineOf([false, API, { status: 'read' }, { signing_secret: secret }])).toMatch(
      /^tenant-drift: 1 value not compared \(secret_unreadable: [^;]*\)\. /,
    )
  })

  it('holds nothing that somebody else wrote, and is one line', () => {
    const evil = '<{%red%}>\n##vso[task.complete]\u202e'
    const line = lineOf(
      [
        true,
        evil,
        { status: evil, code: evil, tenant: evil, message: evil },
        { [evil]: { [evil]: entry(evil, { kind: evil }) } },
      ],
      [false, evil, { status: 'unreadable', code: evil, message: evil, advice: evil }, { [evil]: evil }],
    )

    expect(line).toMatch(/^tenant-drift: [ -~]*$/)
    expect(line).not.toMatch(/vso|<\{/)
    expect(line).toContain('2 differences')
  })
})
