import { Ajv2020 } from 'ajv/dist/2020.js'
import * as z from 'zod'
import { describe, expect, it } from 'vitest'
import { declaredMistakes } from '../../src/schema/declared-schema.ts'
import { fieldsTable } from '../../tools/docs/docs-table.ts'
import { FIELDS } from '../../src/schema/fields.ts'
import type { FieldRow } from '../../src/schema/field-row.ts'
import { always, riskySwitch } from '../../src/schema/judge.ts'
import { declaredJsonSchema } from '../../src/schema/declared-json-schema.ts'
import { policyNames } from '../support/policy-names.ts'
import { resourceServerTypes } from '../../tools/docs/type-text.ts'
import { bareApi, IDENTIFIER, mutations } from '../support/corpus.ts'
import { compareAll, compareOne, said } from '../support/scenes.ts'

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
} as const satisfies Partial<FieldRow>

/** A field as the API's makers may add it tomorrow: a switch, and an object with a member. */
const NEW_ROWS: readonly FieldRow[] = [
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
    samples: [true, false],
  },
  {
    ...common,
    path: 'paradox',
    json: 'object',
    compare: 'object',
    judge: always('neutral', 'medium'),
    neutral: 'came or went',
    sentence: 'What happens to grandfathers.',
    samples: [],
  },
  {
    ...common,
    path: 'paradox.policy',
    json: 'string',
    schema: z.enum(['allow', 'deny']),
    required: true,
    nullable: false,
    judge: always('neutral', 'medium'),
    neutral: 'another policy',
    sentence: 'Whether they may be met.',
    samples: ['allow', 'deny'],
  },
]
const ROWS = [...FIELDS, ...NEW_ROWS]
const SERVER = { identifier: IDENTIFIER, allow_time_travel: false, paradox: { policy: 'deny' } }

describe('a new field is one new row and nothing else', () => {
  it('the declared schema takes it, and refuses a wrong value', () => {
    expect(declaredMistakes(SERVER, ROWS)).toEqual([])
    expect(declaredMistakes(SERVER)).toHaveLength(2)
    expect(declaredMistakes({ ...SERVER, allow_time_travel: 'yes', paradox: {} }, ROWS)).toMatchObject([
      { path: ['allow_time_travel'] },
      { path: ['paradox', 'policy'], message: 'policy is missing' },
    ])
  })

  it('the comparison finds it, declared and undeclared, and no longer calls it unknown', () => {
    const live = { ...bareApi(), allow_time_travel: true, paradox: { policy: 'allow' } }
    const context = { rows: ROWS }

    expect(said(compareOne({ declared: SERVER, live, context }).findings)).toEqual([
      'changed drift allow_time_travel',
      'changed drift paradox.policy',
    ])
    expect(compareOne({ declared: SERVER, live, context }).findings).toMatchObject([
      { direction: 'weakened', severity: 'high' },
      { direction: 'neutral', severity: 'medium' },
    ])
    expect(said(compareOne({ declared: { identifier: IDENTIFIER }, live, context }).findings)).toEqual([
      'undeclared - allow_time_travel notice',
      'undeclared - paradox notice',
    ])
    expect(said(compareOne({ declared: { identifier: IDENTIFIER }, live }).findings)).toEqual([
      'unknown-field - allow_time_travel notice',
      'unknown-field - paradox notice',
    ])
    expect(said(compareAll({ declared: [SERVER], live: [live], input: { rows: ROWS } }).findings)).toEqual([
      'changed drift allow_time_travel',
      'changed drift paradox.policy',
    ])
  })

  it('the list of policies has it', () => {
    expect(policyNames(ROWS).filter((name) => !policyNames().includes(name))).toEqual([
      'allow-time-travel-drift',
      'paradox-drift',
    ])
  })

  it('the JSON Schema for editors has it', () => {
    const file = { resource_servers: [SERVER] }

    expect(new Ajv2020({ strict: false }).compile(declaredJsonSchema(ROWS))(file)).toBe(true)
    expect(new Ajv2020({ strict: false }).compile(declaredJsonSchema())(file)).toBe(false)
    expect(JSON.stringify(declaredJsonSchema(ROWS))).toContain('What happens to grandfathers.')
  })

  it('the docs table has a line for each row', () => {
    const added = fieldsTable(ROWS)
      .split('\n')
      .filter((line) => !fieldsTable().includes(line))

    expect(added.map((line) => line.split('|')[1]?.trim())).toEqual([
      '`allow_time_travel`',
      '`paradox`',
      '`paradox.policy`',
    ])
    expect(added[0]).toContain('`allow-time-travel-drift`')
  })

  it('the types have it', () => {
    expect(resourceServerTypes(ROWS)).toContain('readonly allow_time_travel?: boolean | null')
    expect(resourceServerTypes(ROWS)).toContain("readonly policy: 'allow' | 'deny'")
  })

  it('the corpus of mutations has it, and every mutation of it is found', () => {
    const added = mutations(ROWS).filter(({ row }) => NEW_ROWS.includes(row))

    expect(new Set(added.map(({ row }) => row))).toEqual(new Set(NEW_ROWS))
    for (const { declared, live, paths } of added) {
      expect(said(compareOne({ declared, live, context: { rows: ROWS } }).findings)).toEqual(
        paths.map((path) => `changed drift ${path}`),
      )
    }
  })
})
