import { expect, it } from 'vitest'
import { settleMoves } from '../../src/run/settle-moves.ts'
import type { Finding } from '../../src/schema/finding.ts'

function finding(fingerprint: string, more: Partial<Finding>): Finding {
  return {
    kind: 'changed',
    identifier: 'urn:a',
    path: fingerprint,
    origin: 'drift',
    counts: true,
    direction: 'neutral',
    impact: null,
    severity: 'medium',
    fingerprint,
    file: null,
    line: null,
    ...more,
  }
}

const pending = (fingerprint: string): Finding => finding(fingerprint, { origin: 'pending', counts: false, base: 1 })
const told = (findings: readonly Finding[]) =>
  findings.map(({ fingerprint, origin, counts }) => [fingerprint, origin, counts])

it('leaves what is no move of the code as it is', () => {
  const findings = [
    finding('drift', {}),
    finding('conflict', { origin: 'conflict' }),
    finding('notice', { origin: null, counts: false }),
    finding('dark', { kind: 'unreadable', origin: null }),
    pending('waits'),
  ]
  expect(settleMoves(findings, false, [])).toEqual(findings)
  // What could not be read is not made up for by any commit.
  expect(settleMoves(findings.slice(2, 4), true, [[pending('dark'), pending('notice')]])).toEqual(findings.slice(2, 4))
})

it('counts what waits for too long, without a base that would read as if it had been taken over', () => {
  const [late] = settleMoves([pending('late')], true, [])
  expect(late).toEqual(finding('late', {}))
})

it('lets wait what a later commit waits for', () => {
  const findings = [finding('drift', {}), finding('conflict', { origin: 'conflict' }), pending('late')]
  const between = [[finding('drift', {}), pending('conflict')], [pending('late')]]
  expect(told(settleMoves(findings, true, between))).toEqual([
    ['drift', 'drift', true],
    ['conflict', 'pending', false],
    ['late', 'pending', false],
  ])
})
