import * as z from 'zod'
import { describe, expect, it, vi } from 'vitest'
import { fieldPolicyPages } from '../../tools/docs/policy-page.ts'
import { fieldsTable } from '../../tools/docs/docs-table.ts'
import { placeOf } from '../../src/schema/declared.ts'
import type { FieldRow } from '../../src/schema/field-row.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { startSimulator } from '../../src/simulator/front.ts'
import { memoryFiles } from '../declared/memory-files.ts'
import { parseDeclaredFiles } from '../../src/sources/front.ts'
import { rewrite } from '../../src/edit/text.ts'
import { putWritten } from '../../src/edit/values.ts'
import { serverCheck, runPack } from '../policies/run-policies.ts'
import { bareApi, IDENTIFIER } from '../support/corpus.ts'
import { sceneOf } from '../repair/script.ts'
import type { RepairPlan } from '../../src/schema/repair.ts'
import { helpOf } from '../../src/words/stakes.ts'
import { realJson } from '../support/real-states.ts'
import { compareOne, said } from '../support/scenes.ts'

/**
 * What the API's makers may add tomorrow: a switch, an object with a member, and a list of objects with a member that drifts on its own. They are put into
 * the catalogue itself and nothing else is told of them: whoever keeps a list of fields beside it fails here.
 */
const { NEW_ROWS } = vi.hoisted(() => ({ NEW_ROWS: [] as FieldRow[] }))

vi.mock('../../src/schema/rows/access.ts', async (load) => {
  const { ACCESS } = await load<{ readonly ACCESS: readonly FieldRow[] }>()
  const { always, riskySwitch } = await import('../../src/schema/judge.ts')
  const text = z.string().min(1)
  const common = {
    nullable: true,
    presence: 'optional',
    absentEquals: [],
    compare: 'plain',
    weakened: null,
    strengthened: null,
    neutral: null,
    setBy: 'user',
    writable: 'both',
    watched: true,
    link: 'https://auth0.com/docs',
    judge: always('neutral', 'medium'),
  } as const satisfies Partial<FieldRow>
  NEW_ROWS.push(
    {
      ...common,
      path: 'allow_time_travel',
      json: 'boolean',
      schema: z.boolean(),
      absentEquals: [false],
      judge: riskySwitch('high'),
      weakened: 'on',
      strengthened: 'off',
      sentence: 'Whether tokens of tomorrow are taken today.',
      words: { weakened: 'Tokens of tomorrow are taken.' },
      provider: { name: 'time_travel_allowed' },
      samples: [true, false],
    },
    {
      ...common,
      path: 'paradox',
      json: 'object',
      compare: 'object',
      sentence: 'What happens to grandfathers.',
      provider: { name: 'paradox' },
      samples: [],
    },
    {
      ...common,
      path: 'paradox.policy',
      json: 'string',
      schema: z.enum(['allow', 'deny']),
      required: true,
      nullable: false,
      sentence: 'Whether they may be met.',
      words: { neutral: 'Grandfathers are treated otherwise.' },
      provider: { name: 'paradox_policy' },
      samples: ['allow', 'deny'],
    },
    {
      ...common,
      path: 'eras',
      json: 'list',
      compare: 'map',
      itemKey: 'year',
      sentence: 'Which times may be visited.',
      provider: { name: 'eras' },
      samples: [],
    },
    {
      ...common,
      path: 'eras.*.year',
      json: 'string',
      schema: text,
      required: true,
      nullable: false,
      sentence: 'The year.',
      provider: { name: 'year' },
      samples: ['1955', '1985'],
    },
    {
      ...common,
      path: 'eras.*.guide',
      json: 'string',
      schema: text,
      sentence: 'Who shows around.',
      provider: { name: 'guide_name' },
      samples: ['doc', 'marty'],
    },
  )
  return { ACCESS: [...ACCESS, ...NEW_ROWS] }
})

const NEW: JsonObject = {
  allow_time_travel: false,
  paradox: { policy: 'deny' },
  eras: [
    { year: '1955', guide: 'doc' },
    { year: '1985', guide: 'marty' },
  ],
}
const DECLARED: JsonObject = { identifier: IDENTIFIER, ...NEW }
const LIVE: JsonObject = {
  ...bareApi(),
  allow_time_travel: true,
  paradox: { policy: 'allow' },
  eras: [
    { year: '1985', guide: 'marty' },
    { year: '1955', guide: 'biff' },
  ],
}
const CHANGED = ['changed drift allow_time_travel', 'changed drift eras.1955.guide', 'changed drift paradox.policy']

const TERRAFORM = {
  id: '66a1f0000000000000000001',
  identifier: IDENTIFIER,
  time_travel_allowed: false,
  paradox: [{ paradox_policy: 'deny' }],
  eras: [
    { year: '1955', guide_name: 'doc' },
    { year: '1985', guide_name: 'marty' },
  ],
}
const PULUMI = {
  identifier: IDENTIFIER,
  timeTravelAllowed: false,
  paradox: { paradoxPolicy: 'deny' },
  eras: [
    { year: '1955', guideName: 'doc' },
    { year: '1985', guideName: 'marty' },
  ],
}

const urn = (type: string): string => `urn:pulumi:dev::shop::${type}::orders`
const stack = (type: string, inputs: JsonObject): string =>
  JSON.stringify({
    version: 3,
    deployment: { manifest: {}, resources: [{ urn: urn(type), custom: true, type, inputs, outputs: inputs }] },
  })

/** A preview in a new stack, as the CLI printed one, with one API of ours in the place of its APIs. */
function preview(inputs: JsonObject): string {
  const printed = realJson('pulumi-preview-from-nothing.json')
  const steps = printed.steps as readonly (JsonObject & { readonly newState?: JsonObject })[]
  const isServer = ({ newState }: (typeof steps)[number]): boolean =>
    newState?.type === 'auth0:index/resourceServer:ResourceServer'
  const [server] = steps.filter(isServer)
  const isOther = (step: (typeof steps)[number]): boolean => !JSON.stringify(step.urn).includes('auth0:index/resourceS')
  const own = { ...server, newState: { ...server?.newState, inputs } }
  return JSON.stringify({ ...printed, steps: [...steps.filter(isOther), own] })
}

/** Every kind of SOURCE that can hold it; a plan is read by what reads a state. */
const SOURCES: readonly (readonly [source: string, files: Readonly<Record<string, string>>])[] = [
  ['a.yaml', { 'a.yaml': JSON.stringify({ resource_servers: [DECLARED] }) }],
  ['a.json', { 'a.json': JSON.stringify({ resource_servers: [DECLARED] }) }],
  ['a0deploy:tenant.yaml', { 'tenant.yaml': JSON.stringify({ resourceServers: [{ name: 'Orders', ...DECLARED }] }) }],
  [
    'tfstate:s.json',
    {
      's.json': JSON.stringify({
        version: 4,
        terraform_version: '1.9.0',
        resources: [
          {
            mode: 'managed',
            type: 'auth0_resource_server',
            name: 'orders',
            provider: 'provider["registry.terraform.io/auth0/auth0"]',
            instances: [{ schema_version: 0, attributes: TERRAFORM }],
          },
        ],
      }),
    },
  ],
  ['pulumi-preview:p.json', { 'p.json': preview(PULUMI) }],
  ['pulumi-stack:s.json', { 's.json': stack('auth0:index/resourceServer:ResourceServer', PULUMI) }],
]

describe('a new row of the catalogue, and nothing else', () => {
  it('is in the catalogue that everybody sees', async () => {
    const { FIELDS } = await import('../../src/schema/fields.ts')

    expect(NEW_ROWS).toHaveLength(6)
    expect(FIELDS.slice(-6)).toEqual(NEW_ROWS)
  })

  it.each(SOURCES)('is read from %s, and every change of it is found', async (source, files) => {
    const { apis } = await parseDeclaredFiles([source], memoryFiles(files), { variables: {} })

    expect(apis.map(({ values }) => values)).toMatchObject([DECLARED])
    expect(apis[0]?.notKnown ?? []).toEqual([])
    const declared = { ...apis[0]?.values }
    delete declared.name
    expect(said(compareOne({ declared, live: LIVE }).findings).toSorted()).toEqual(CHANGED)
  })

  it('has its line in a declared file, of an item of its list too', async () => {
    const text = `resource_servers:\n  - identifier: ${IDENTIFIER}\n    eras:\n      - year: "1955"\n        guide: doc\n`
    const { apis } = await parseDeclaredFiles(['a.yaml'], memoryFiles({ 'a.yaml': text }), { variables: {} })

    expect(apis.map((api) => placeOf(api, 'eras.1955.guide').line)).toEqual([5])
  })

  it('is edited in its file, item by item', async () => {
    const { eras } = NEW
    const { value } = putWritten({ raw: eras, seen: eras }, ['eras', '1955', 'guide'], 'biff')
    const text = 'eras:\n  - year: "1955" # hill valley\n    guide: doc\n  - year: "1985"\n    guide: marty\n'

    expect(await rewrite('a.yaml', text, { eras: value ?? null })).toBe(text.replace('doc', 'biff'))
  })

  it('is taken by the embedded tenant, which refuses a wrong value', async () => {
    const tenant = await startSimulator({ apis: 0 })
    const headers = { authorization: `Bearer ${await tenant.issueToken({ scopes: ['create:resource_servers'] })}` }
    const send = (body: JsonObject): Promise<Response> =>
      fetch(`${tenant.url}/api/v2/resource-servers`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    try {
      const [made, refused] = [await send(DECLARED), await send({ ...DECLARED, identifier: 'urn:b', eras: [{}] })]

      expect([made.status, await made.json()]).toMatchObject([201, NEW])
      expect([refused.status, await refused.text()]).toEqual([
        400,
        expect.stringContaining('Missing required property: year'),
      ])
    } finally {
      await tenant.close()
    }
  })

  it('is put back by a plan, member by member', async () => {
    const tenant = await startSimulator({ apis: 0 })
    try {
      const { id: _own, ...live } = LIVE
      tenant.create(live)
      const scene = sceneOf(tenant, [DECLARED])
      const { out, code } = await scene.run('repair', '--include-breaking', '-o', 'json')
      const [api] = (JSON.parse(out) as RepairPlan).apis

      expect([code, api?.patch.body]).toEqual([
        0,
        {
          allow_time_travel: false,
          eras: [
            { year: '1985', guide: 'marty' },
            { year: '1955', guide: 'doc' },
          ],
          paradox: { policy: 'deny' },
        },
      ])
      expect(api?.repairs[0]?.says).toBe('Ends this: tokens of tomorrow are taken.')
    } finally {
      await tenant.close()
    }
  })

  it('has its policy in the pack, its words, its page and its line in the table of fields', () => {
    const { findings } = compareOne({ declared: DECLARED, live: LIVE, base: DECLARED })
    const drift = Object.fromEntries(
      findings.map(({ path, kind, origin, declared, base, live, direction, severity }) => [
        path,
        { kind, origin, declared, base, live, direction, severity },
      ]),
    )
    const reported = runPack([serverCheck(JSON.parse(JSON.stringify(drift)), { touched: true })])

    expect(reported.map(({ policy }) => policy).toSorted()).toEqual([
      'allow-time-travel-drift',
      'eras-drift',
      'paradox-drift',
    ])
    expect(reported.map(({ message }) => message).join('\n')).toContain('Less safe: tokens of tomorrow are taken.')
    expect(findings.map((finding) => helpOf(finding)).join('\n')).toContain('Grandfathers are treated otherwise.')
    expect(Object.keys(fieldPolicyPages())).toEqual(expect.arrayContaining(['paradox-drift.md', 'eras-drift.md']))
    for (const { path } of NEW_ROWS) expect(fieldsTable()).toContain(`\`${path}\``)
  })
})
