import { describe, expect, it } from 'vitest'
import { parseDeclaredFiles } from '../../src/sources/front.ts'
import type { Json, JsonObject } from '../../src/schema/json.ts'
import { realJson, realText } from '../support/real-states.ts'
import { memoryFiles, mistakesOf } from '../declared/memory-files.ts'

const read = (text: string) =>
  parseDeclaredFiles(['pulumi-preview:p.json'], memoryFiles({ 'p.json': text }), { variables: {} })
const PREVIEW = realJson('pulumi-preview-from-nothing.json')
const steps = PREVIEW['steps'] as readonly JsonObject[]
/** Of one tenant, and with one list of scopes: without the API of the second provider, and the list that names its API by the id. */
const ONE = JSON.stringify({
  ...PREVIEW,
  steps: steps.filter(({ urn }) => !/::(?:us|byid)"$/.test(JSON.stringify(urn))),
})

describe('a preview in a new stack', () => {
  it('is what the program says: no name that Pulumi made up, no value that nobody knows yet', async () => {
    const { apis, tenant } = await read(ONE)

    expect(apis.map(({ values, notKnown = [] }) => [values, notKnown])).toEqual([
      [
        {
          identifier: 'https://full.example.com/',
          name: 'Full',
          signing_alg: 'RS256',
          subject_type_authorization: { user: { policy: 'allow_all' } },
          scopes: [{ value: 'r', description: 'Read' }, { value: 'bare' }],
        },
        [],
      ],
      [{ identifier: 'https://hs.example.com/', signing_alg: 'HS256' }, [{ path: 'signing_secret', why: 'encrypted' }]],
      [
        { identifier: 'https://unk.example.com/' },
        ['authorization_details', 'enforce_policies', 'name', 'proof_of_possession', 'token_lifetime'].map((path) => ({
          path,
          why: 'unresolved',
        })),
      ],
    ])
    expect(tenant).toBeNull()
  })

  it('finds whose scopes they are that name their API by its id', async () => {
    const contradicting = steps.map((step): Json => {
      const { inputs, ...rest } = (step['newState'] ?? {}) as JsonObject
      const isById = JSON.stringify(step['urn']).endsWith('::byid"')
      return isById
        ? { ...step, newState: { ...rest, inputs: { ...(inputs as JsonObject), scopes: [{ name: 'x' }] } } }
        : step
    })
    const mistakes = await mistakesOf(read(JSON.stringify({ ...PREVIEW, steps: contradicting })))

    expect(mistakes.join('\n')).toContain('https://full.example.com/: two resources define all its scopes')
  })

  it('takes the tenant from the configuration of the stack where the program makes no provider', async () => {
    const { tenant } = await read(
      JSON.stringify({ ...JSON.parse(ONE), config: { 'auth0:domain': 'acme.eu.auth0.com' } }),
    )

    expect(tenant).toBe('acme.eu.auth0.com')
  })
})

describe('every other preview is refused, each with its own sentence', () => {
  const withStep = (change: JsonObject): string =>
    JSON.stringify({ ...PREVIEW, steps: steps.map((step) => ({ ...step, ...change })) })

  it.each<[string, string, RegExp]>([
    [
      'in a stack with a state',
      realText('pulumi-preview-from-state.json'),
      /a stack that has a state.*new, empty stack/,
    ],
    ['of two tenants', JSON.stringify(PREVIEW), /several Auth0 providers/],
    ['with an import', withStep({ op: 'import' }), /is imported by this preview/],
    ['that failed', JSON.stringify({ ...PREVIEW, diagnostics: [{ severity: 'error', message: 'x' }] }), /failed/],
    ['without steps', '{"changeSummary": {}}', /it has no steps/],
    ['without APIs', '{"steps": []}', /this preview holds no API/],
    ['that is a stack', realText('pulumi-auth0-3.36.0.stack.json'), /is a stack, not a preview/],
    ['as a stream', '{"sequence":1}\n{"sequence":2}\n', /a stream of events/],
  ])('%s', async (_, text, message) => {
    expect((await mistakesOf(read(text))).join('\n')).toMatch(message)
  })
})
