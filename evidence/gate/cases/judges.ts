import path from 'node:path'
import type { GateCase } from '../case.ts'
import { ORDERS, ordersFile, type Scene } from '../scene.ts'
import { asSubmodule } from './look-alike.ts'
import { controls, given, link, LOCAL, RULES, RULES_LIST } from './parts.ts'
import { reportOfNow, snapshot } from './told.ts'

const group = 'names'
const RECORD = 'tenant-drift.recorded.json'

/** Nothing but the record knows that it was off. */
const turnedOn = ({ tenant }: Scene): void => void tenant.edit(ORDERS, { allow_offline_access: true })
const recordOff = async (scene: Scene) => ({
  [RECORD]: await snapshot(scene, 'RS256', { allow_offline_access: false }),
})
const recordOn = (scene: Scene): Promise<string> => snapshot(scene, 'RS256', { allow_offline_access: true })

/** Takes the credentials away, as GitHub does with a fork's job. */
const NO_CREDENTIALS = { AUTH0_CLIENT_SECRET: '', AUTH0_CLIENT_ID: '' } as const
const FALLBACK = { 'fallback-live': 'live.json', 'max-age': '24h' } as const

const ONLY_IN_THE_CHANGE: readonly (readonly [variable: string, file: (scene: Scene) => Promise<string>])[] = [
  ['CONFIG', () => Promise.resolve(RULES)],
  ['RECORDED', recordOn],
  ['LIVE', (scene) => snapshot(scene, 'RS256')],
  ['PREVIOUS', reportOfNow],
]

export const judgeCases: readonly GateCase[] = [
  ...controls(
    group,
    LOCAL,
    { title: 'a record', base: async (scene) => ({ [RECORD]: await snapshot(scene, 'RS256') }) },
    'control-record',
  ),
  {
    id: '68-control',
    group,
    title: 'drift that the record alone shows',
    on: LOCAL,
    expect: [2],
    isControl: true,
    isClean: true,
    live: turnedOn,
    base: recordOff,
  },
  ...(
    [
      ['edited', async (scene: Scene) => ({ [RECORD]: await recordOn(scene) })],
      ['deleted', () => Promise.resolve({ [RECORD]: null })],
      ['a link', async (scene: Scene) => ({ [RECORD]: link('mine.json'), 'mine.json': await recordOn(scene) })],
      [
        'replaced by one of another tenant',
        async (scene: Scene) => ({
          [RECORD]: (await recordOn(scene)).replaceAll(
            scene.tenant.domain.replace('http://', ''),
            'other.eu.auth0.com',
          ),
        }),
      ],
      [
        'named otherwise by the configuration',
        async (scene: Scene) => ({ 'tenant-drift.yaml': 'recorded: mine.json\n', 'mine.json': await recordOn(scene) }),
      ],
    ] as const
  ).map(([title, change], index): GateCase => ({
    id: `68-${index + 1}`,
    group,
    title: `the record is ${title}`,
    on: index === 0 ? LOCAL : ['action'],
    expect: [2],
    isClean: true,
    live: turnedOn,
    base: recordOff,
    change,
  })),
  {
    id: '69',
    group,
    title: 'the rules’ folder becomes a submodule that was checked out',
    on: LOCAL,
    expect: [2],
    base: () => ({ 'tenant-drift.yaml': 'accept: rules/r.yaml\n', 'rules/r.yaml': '[]\n' }),
    change: (scene) => asSubmodule(scene, 'rules', { 'r.yaml': RULES_LIST }),
  },
  ...ONLY_IN_THE_CHANGE.map(([variable, file]): GateCase => ({
    id: `73-${variable.toLowerCase()}`,
    group,
    title: `TENANT_DRIFT_${variable} names a file that only the change has`,
    on: LOCAL,
    expect: [1],
    change: async (scene) => ({ 'mine.json': await file(scene) }),
    job: () => ({ env: { [`TENANT_DRIFT_${variable}`]: 'mine.json', TENANT_DRIFT_ONLY_NEW: 'true' } }),
  })),
  {
    id: '73-accept',
    group,
    title: 'TENANT_DRIFT_ACCEPT and TENANT_DRIFT_TRUST of the job',
    on: ['action'],
    expect: [1, 2],
    change: () => ({ 'mine.yaml': RULES_LIST, 'tenant-drift.yaml': RULES }),
    job: () => ({ env: { TENANT_DRIFT_ACCEPT: 'mine.yaml', TENANT_DRIFT_TRUST: 'HEAD', TENANT_DRIFT_BASE: 'HEAD' } }),
  },
  {
    id: '74',
    group,
    title: 'previous from the change, with everything known, and only-new',
    on: LOCAL,
    expect: [1],
    change: async (scene) => ({ 'previous.json': await reportOfNow(scene) }),
    job: () => ({
      inputs: { previous: 'previous.json', 'only-new': 'true' },
      flags: ['--previous=previous.json', '--only-new'],
    }),
  },
  {
    id: '74-edited',
    group,
    title: 'previous of the base, edited so that everything is known',
    on: LOCAL,
    expect: [2],
    base: async (scene) => {
      const report = JSON.parse(await reportOfNow(scene)) as Record<string, unknown>
      return { 'previous.json': JSON.stringify({ ...report, findings: [] }) }
    },
    change: async (scene) => ({ 'previous.json': await reportOfNow(scene) }),
    job: () => ({
      inputs: { previous: 'previous.json', 'only-new': 'true' },
      flags: ['--previous=previous.json', '--only-new'],
    }),
  },
  ...(['live', 'fallback-live'] as const).map((name): GateCase => ({
    id: `75-${name}`,
    group,
    title: `${name} names a committed snapshot that the change makes look clean`,
    on: name === 'live' ? LOCAL : ['action'],
    expect: [1, 2],
    base: async (scene) => ({ 'live.json': await snapshot(scene, 'HS256') }),
    change: async (scene) => ({ 'live.json': await snapshot(scene, 'RS256') }),
    job: () =>
      name === 'live' ? given({ live: 'live.json', 'max-age': '24h' }) : { env: NO_CREDENTIALS, inputs: FALLBACK },
  })),
  {
    id: '75-new',
    group,
    title: 'fallback-live names a snapshot that only the change has',
    on: ['action'],
    expect: [1],
    change: async (scene) => ({ 'live.json': await snapshot(scene, 'RS256') }),
    job: () => ({ env: NO_CREDENTIALS, inputs: FALLBACK }),
  },
  ...(
    [
      ['RS256', 0],
      ['HS256', 2],
    ] as const
  ).map(([alg, code]): GateCase => ({
    id: `75-control-${code}`,
    group,
    title: `a fork’s job, and a snapshot of the schedule that signs with ${alg}`,
    on: ['action'],
    expect: [code],
    isControl: true,
    // A snapshot holds no secret to compare with.
    base: async (scene) => ({ 'declared/hooks.yaml': null, '../outside/live.json': await snapshot(scene, alg) }),
    job: ({ outside }) => ({
      env: NO_CREDENTIALS,
      inputs: { ...FALLBACK, 'fallback-live': path.join(outside, 'live.json') },
    }),
  })),
  {
    id: '75-nothing',
    group,
    title: 'a fork’s job without a snapshot',
    on: LOCAL,
    expect: [1],
    isControl: true,
    isClean: true,
    job: () => ({ env: NO_CREDENTIALS }),
  },
  {
    id: 'own-base-file',
    group,
    title: 'base: a file of the repository that the change edits to what it declares',
    on: LOCAL,
    expect: [1, 2],
    base: () => ({ 'tenant-drift.yaml': 'base: before.yaml\n', 'before.yaml': ordersFile() }),
    change: () => ({ 'before.yaml': ordersFile({ token_lifetime: 7200 }) }),
  },
  {
    id: 'own-base-flag',
    group,
    title: '--base names a file that the change edits to what it declares',
    on: ['command'],
    expect: [1, 2],
    base: () => ({ 'before.yaml': ordersFile() }),
    change: () => ({ 'before.yaml': ordersFile({ token_lifetime: 7200 }) }),
    job: () => ({ trust: 'origin/main', base: 'before.yaml' }),
  },
]
