import { describe, expect, it } from 'vitest'
import { violation } from '../../policies/violation.ts'
import { HOSTILE } from '../report/hostile.ts'
import { actsOn } from '../support/acts-on.ts'
import type { Notice } from '../../src/schema/observed.ts'
import { API, DRIFTED, runPack, serverCheck, TENANT, tenantCheck } from './run-policies.ts'

const messages = (...args: Parameters<typeof runPack>) =>
  runPack(...args).map(({ policy, message }) => `[${policy}]\n${message}`)

describe('messages', () => {
  it('say what was declared, what is live, what it means and how to mend it', () => {
    const drift = {
      signing_alg: DRIFTED,
      proof_of_possession: { ...DRIFTED, declared: { mechanism: 'dpop', required: true }, live: undefined as never },
      token_dialect: {
        ...DRIFTED,
        declared: 'access_token_authz',
        live: 'access_token',
        direction: 'neutral',
        severity: 'high',
        impact: 'breaks-clients',
      },
      'scopes.write:orders': {
        ...DRIFTED,
        declared: undefined as never,
        live: { value: 'write:orders' },
        severity: 'high',
      },
      enforce_policies: { ...DRIFTED, origin: 'conflict', declared: true, base: true, live: false },
      token_lifetime: { ...DRIFTED, declared: 3600, live: 86_400, severity: 'medium' },
      id: {
        ...DRIFTED,
        declared: '66a1f0000000000000000001',
        live: '66a1f0000000000000000002',
        direction: 'neutral',
        impact: 'breaks-clients',
      },
      consent_policy: {
        ...DRIFTED,
        declared: null,
        live: 'transactional-authorization-with-mfa',
        direction: 'neutral',
        severity: 'medium',
      },
      name: {
        ...DRIFTED,
        declared: undefined as never,
        base: 'Orders',
        live: 'Order',
        direction: 'neutral',
        severity: 'low',
      },
    } as const
    expect(messages([serverCheck(JSON.parse(JSON.stringify(drift)))]).join('\n\n')).toMatchSnapshot()
  })

  it('say it of whole APIs, settings nobody declares, and unknown keys', () => {
    const apis = {
      'urn:gone': { identifier: { ...DRIFTED, kind: 'missing', live: undefined } },
      'urn:recorded': { identifier: { ...DRIFTED, kind: 'missing', declared: undefined, live: undefined } },
      'urn:edited-and-gone': { identifier: { ...DRIFTED, kind: 'missing', origin: 'conflict', live: undefined } },
      'urn:new': { identifier: { ...DRIFTED, kind: 'unmanaged', live: { identifier: 'urn:new', name: 'Quick test' } } },
      'urn:taken-out': { identifier: { ...DRIFTED, kind: 'unmanaged', origin: 'conflict', live: {} } },
      'urn:a': {
        allow_offline_access: {
          ...DRIFTED,
          kind: 'undeclared',
          declared: undefined,
          base: false,
          live: true,
          severity: 'medium',
        },
      },
      'urn:dark': { identifier: { ...DRIFTED, kind: 'unreadable', origin: null, code: 'incomplete_inventory' } },
      'urn:key': {
        'token_encryption.encryption_key.thumbprint_sha256': {
          ...DRIFTED,
          kind: 'unreadable',
          origin: null,
          code: 'key_without_thumbprint',
        },
      },
      [TENANT]: {
        allow_everything: {
          ...DRIFTED,
          kind: 'unknown-field',
          declared: undefined,
          live: true,
          direction: 'neutral',
          severity: 'medium',
        },
      },
    }
    expect(messages([tenantCheck(JSON.parse(JSON.stringify(apis)))]).join('\n\n')).toMatchSnapshot()
  })

  it('name the APIs that have a field which nobody knows, and count the rest', () => {
    const drift = { [TENANT]: { news: { ...DRIFTED, kind: 'unknown-field', live: true } } } as const
    const unknownFields = { news: { apis: 75, identifiers: ['urn:a', 'urn:b'] } }
    expect(messages([tenantCheck(JSON.parse(JSON.stringify(drift)), { unknownFields })]).join()).toContain(
      'news, on 75 APIs (urn:a, urn:b and 73 more), is a field that this version does not know: true in the tenant.',
    )
  })

  it('say notices in groups', () => {
    const notices: readonly Notice[] = [
      {
        kind: 'undeclared',
        path: 'allow_offline_access',
        live: true,
        direction: 'weakened',
        severity: 'medium',
        apis: 75,
        identifiers: ['urn:a', 'urn:b'],
      },
      { kind: 'unmanaged', path: '', direction: 'neutral', severity: 'medium', apis: 1, identifiers: ['urn:a'] },
      {
        kind: 'unknown-field',
        path: 'news',
        live: { x: 1 },
        direction: 'neutral',
        severity: 'medium',
        apis: 3,
        identifiers: [],
      },
      {
        kind: 'weaker-declaration',
        path: 'signing_alg',
        declared: 'HS256',
        base: 'RS256',
        direction: 'weakened',
        severity: 'critical',
        apis: 1,
        identifiers: [API],
      },
      {
        kind: 'weaker-declaration',
        path: 'token_lifetime',
        base: 3600,
        direction: 'weakened',
        severity: 'medium',
        apis: 1,
        identifiers: [API],
      },
      { kind: 'weaker-declaration', path: '', direction: 'weakened', severity: 'medium', apis: 1, identifiers: [API] },
    ]
    expect(messages([tenantCheck({}, { notices })]).join('\n\n')).toMatchSnapshot()
  })

  it('have two to four lines, and one more where they are lowered', () => {
    const [reported] = runPack([serverCheck({ token_lifetime: { ...DRIFTED, severity: 'low' } }, { touched: true })])
    expect(reported?.message.split('\n')).toHaveLength(4)
  })
})

describe('texts of a tenant', () => {
  const ESC = '\u001B'
  const hostile = `${ESC}[2J${ESC}]8;;http://evil\u0007\r\nPolicies: all clean\u202E\u200B\u0085\u2028<{%fg 2%}>\uD800\u{E0041}`

  // What a terminal, a log or Pulumi's display would act on; line breaks are ours alone.
  const ACTIVE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]|<\{%/u

  it.each([
    ['a value', { signing_alg: { ...DRIFTED, live: hostile } }, API],
    ['a value deep inside', { scopes: { ...DRIFTED, live: [{ value: hostile, [hostile]: 1 }] } }, API],
    ['a path', { [`scopes[${JSON.stringify(hostile)}]`]: DRIFTED }, API],
    ['a path that is none', { [hostile]: DRIFTED }, API],
    ['an identifier', { signing_alg: DRIFTED }, hostile],
    ['the name of an unmanaged API', { identifier: { ...DRIFTED, kind: 'unmanaged', live: { name: hostile } } }, API],
    ['an error code', { identifier: { ...DRIFTED, kind: 'unreadable', code: hostile as never } }, API],
  ] as const)('cannot act on a terminal: %s', (_title, drift, identifier) => {
    const server = serverCheck(drift)
    const resources = [{ ...server, props: { ...server.props, identifier } }, tenantCheck({ [identifier]: drift })]
    const reported = runPack(resources)
    expect(reported).toHaveLength(2)
    expect(reported.flatMap(({ message }) => message.split('\n')).filter((line) => ACTIVE.test(line))).toEqual([])
    // A line break of theirs starts no line of ours.
    expect(
      reported.flatMap(({ message }) => message.split('\n')).filter((line) => line.startsWith('Policies')),
    ).toEqual([])
  })

  it.each(['message', 'advice', 'code', 'tenant'] as const)(
    'cannot act on a terminal: %s of a failed reading',
    (key) => {
      const reported = runPack([serverCheck({}, { status: 'unreadable', code: 'timed_out', [key]: hostile })])
      expect(reported).toHaveLength(1)
      expect(reported[0]?.message.split('\n').filter((line) => ACTIVE.test(line))).toEqual([])
    },
  )

  it('cannot act on a terminal: notices', () => {
    const notice = {
      kind: 'unmanaged',
      path: '',
      direction: 'neutral',
      severity: 'low',
      apis: 1,
      identifiers: [hostile],
    } as const
    const [reported] = runPack([tenantCheck({}, { notices: [notice] })])
    expect(reported?.message.split('\n').filter((line) => ACTIVE.test(line))).toEqual([])
  })

  it.each(Object.entries(HOSTILE))('act on nobody, wherever they stand: %s', (_name, text) => {
    const reported = runPack([
      serverCheck({ signing_alg: { ...DRIFTED, live: text }, [text]: DRIFTED }),
      tenantCheck({ [`::error::${text}`]: { signing_alg: DRIFTED } }, { code: text as never }),
      serverCheck({}, { status: 'unreadable', code: 'timed_out', message: `a\n${text}`, advice: text }),
      serverCheck({}, { status: 'invalid', code: 'invalid_declaration', message: `${text}\n${text}`, advice: text }),
      { ...serverCheck({}, { status: 'unknown', unknown: [text] }), name: text },
    ])
    expect(reported.length).toBeGreaterThanOrEqual(5)
    expect(reported.flatMap(({ message }) => actsOn(message))).toEqual([])
    expect(actsOn(violation([text, `${text} behind`], 'low', text).message)).toEqual([])
  })

  it('are bounded, and two long ones that differ only in the middle are said to differ', () => {
    const long = (middle: string) => `${'a'.repeat(5000)}${middle}${'b'.repeat(5000)}`
    const entry = { ...DRIFTED, declared: long('x'), live: long('y') }
    const [reported] = runPack([serverCheck({ name: entry }, { touched: true })])
    expect(reported?.message.length).toBeLessThan(1000)
    expect(reported?.message).toContain('(they differ in a part that is not shown here)')
  })

  it('keep the engine’s marker for nothing: a text that only looks hidden is shown', () => {
    const [reported] = runPack([serverCheck({ name: { ...DRIFTED, live: 'hidden' } }, { touched: true })])
    expect(reported?.message).toContain('is "hidden" in the tenant')
  })
})

describe('secrets', () => {
  const PLANTED = 'planted-secret-value-0123456789'

  it('are not shown even where a state of another hand holds one', () => {
    const entry = { ...DRIFTED, declared: PLANTED, base: PLANTED, live: `${PLANTED}2` }
    const reported = runPack([
      serverCheck({ signing_secret: entry }),
      tenantCheck({ [API]: { signing_secret: entry } }),
    ])
    expect(reported).toHaveLength(2)
    expect(JSON.stringify(reported)).not.toContain(PLANTED)
  })

  it('are never read from other inputs or from the provider', () => {
    const { type, props } = serverCheck({ signing_alg: DRIFTED })
    const reported = runPack([{ type, props: { ...props, signing_secret: PLANTED, base: PLANTED } }])
    expect(JSON.stringify(reported)).not.toContain(PLANTED)
  })

  it('stand as (hidden)', () => {
    const entry = { ...DRIFTED, declared: '(hidden)', live: '(hidden)' }
    const [reported] = runPack([serverCheck({ signing_secret: entry })])
    expect(reported?.message).toContain('is (hidden) in the tenant and (hidden) in the code')
    expect(reported?.message).toContain(
      'Fix: set it back to the declared value in the tenant, or declare the live value in the code.',
    )
  })
})

it('says once that a state is of another tenant, and so no base', () => {
  const observed = { noBase: true, stateTenant: 'other.eu.auth0.com' } as const
  const check = serverCheck({ signing_alg: DRIFTED, token_lifetime: { ...DRIFTED, severity: 'high' } }, observed)

  const text = runPack([check])
    .map(({ message }) => message)
    .join('\n')

  expect(
    text.match(/The state is of other\.eu\.auth0\.com, so it is not a base for acme\.eu\.auth0\.com/g),
  ).toHaveLength(1)
  expect(text).not.toContain('No base is known')
})
