import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { otherKind, otherKindByName, type FileKind } from '../../src/schema/known-files.ts'
import type { Json } from '../../src/schema/json.ts'
import { ROOT } from '../../tools/run.mjs'
import { folderWith, run } from '../cli/run.ts'
import { memoryFiles, mistakesOf } from '../declared/memory-files.ts'
import { parseDeclaredFiles } from '../../src/sources/front.ts'

const real = (name: string): Json => JSON.parse(readFileSync(join(ROOT, 'test/fixtures', name), 'utf8')) as Json

/** A file of each kind, and what a person has to read wherever it is given in place of another. */
const FILES: readonly { kind: FileKind; value: Json; say: string }[] = [
  { kind: 'tfstate', value: real('terraform/terraform.tfstate.json'), say: 'tfstate:x/given.json' },
  { kind: 'tfstate', value: real('terraform/show.json'), say: 'tfstate:x/given.json' },
  { kind: 'tfstate', value: real('real-states/terraform-provider-1.53.0.tfstate'), say: 'tfstate:x/given.json' },
  { kind: 'tfplan', value: real('real-states/tfplan-five-from-nothing.json'), say: 'tfplan:x/given.json' },
  { kind: 'tf-encrypted', value: { encrypted_data: 'x', meta: {} }, say: 'tofu show -json' },
  { kind: 'tf-code', value: { resource: { auth0_resource_server: {} } }, say: 'tfplan:x/given.json' },
  { kind: 'pulumi-stack', value: real('real-states/pulumi-auth0-3.36.0.stack.json'), say: 'pulumi-stack:x/given.json' },
  { kind: 'pulumi-checkpoint', value: { version: 3, checkpoint: { latest: {} } }, say: 'pulumi stack export' },
  {
    kind: 'pulumi-preview',
    value: real('real-states/pulumi-preview-from-nothing.json'),
    say: 'pulumi-preview:x/given.json',
  },
  { kind: 'pulumi-project', value: { name: 'acme', runtime: 'nodejs' }, say: 'pulumi:x,' },
  { kind: 'a0deploy', value: { tenant: { flags: {} }, resourceServers: [] }, say: 'a0deploy:x/given.json' },
  { kind: 'a0deploy-api', value: { identifier: 'urn:a', name: 'A' }, say: 'a0deploy:x with' },
  { kind: 'a0deploy-config', value: { AUTH0_DOMAIN: 'a', AUTH0_CLIENT_SECRET: 'planted-secret' }, say: 'add #FILE' },
  { kind: 'report', value: { schemaVersion: 1, verdict: 'in-sync', findings: [] }, say: '--previous' },
  { kind: 'snapshot', value: { schemaVersion: 1, takenAt: 'x', digest: 'x', items: [] }, say: '--live' },
  { kind: 'config', value: { declared: 'x/*.yaml', tenants: {} }, say: '--config' },
  { kind: 'declared', value: { tenant: 'a', resource_servers: [] }, say: 'without a kind before it' },
]

/** Kinds of SOURCE that read one file, and the kinds of files they have words of their own for. */
const SOURCES: readonly { source: string; own: readonly FileKind[] }[] = [
  { source: '', own: ['declared'] },
  { source: 'tfstate:', own: ['tfstate', 'tfplan', 'tf-encrypted'] },
  { source: 'tfplan:', own: ['tfplan', 'tfstate'] },
  { source: 'pulumi-stack:', own: ['pulumi-stack'] },
  { source: 'pulumi-preview:', own: ['pulumi-preview', 'pulumi-stack'] },
  { source: 'a0deploy:', own: ['a0deploy'] },
]

const PAIRS = SOURCES.flatMap(({ source, own }) =>
  FILES.filter(({ kind }) => !own.includes(kind)).map((file) => ({ source, ...file })),
)

/** `FILE` stands where a path would. */
const wordsOf = (say: string) => say.replace('add #FILE', 'add #')

describe('a file that is given for another kind of file', () => {
  it('is asked about in every pair', () => {
    expect(PAIRS.length).toBeGreaterThan(80)
  })

  it.each(PAIRS)(
    '$source with a file of kind $kind says what it is and what to write',
    async ({ source, value, say }) => {
      const files = memoryFiles({ 'x/given.json': JSON.stringify(value) })

      const found = await mistakesOf(parseDeclaredFiles([`${source}x/given.json`], files, { variables: {} }))

      expect(found).toEqual([expect.stringMatching(/^x\/given\.json:\d+:\d+: is /)])
      expect(found[0]).toContain(wordsOf(say))
      expect(found[0]).not.toContain('planted')
    },
  )

  it.each(FILES)(
    'of kind $kind is said to be one by what reads a record, a report and a configuration',
    async (file) => {
      const { kind, value } = file
      const cwd = folderWith({ 'given.json': value, 'declared/a.json': { resource_servers: [] } })
      const env = { AUTH0_DOMAIN: 'http://127.0.0.1:9', AUTH0_API_TOKEN: 'x', TENANT_DRIFT_DEADLINE: '1s' }
      const said = async (...argv: string[]) => {
        const { code, out, err } = await run(['check', '--quiet', ...argv, 'given.json'], { cwd, env })
        return [code, (out + err).replaceAll(/\s+/g, ' ')] as const
      }
      const readers: readonly (readonly [string, FileKind])[] = [
        ['--recorded', 'snapshot'],
        ['--previous', 'report'],
        ['--config', 'config'],
      ]

      for (const [flag, own] of readers.filter(([, each]) => each !== kind)) {
        const [code, text] = await said(flag)
        expect([flag, own, code]).toEqual([flag, own, 1])
        expect(text).toMatch(/\b(is|this) (a|an|one|what|the|Terraform)\b/)
        expect(text).not.toContain('planted')
      }
    },
  )

  it('is nothing where nobody knows it, and where it is what was asked for', () => {
    for (const { kind, value } of FILES) expect(otherKind(value, [kind], 'x')).toBeNull()
    for (const value of [null, 1, 'x', [], {}, { type: 'service_account', private_key: 'x' }, [{ a: 1 }]]) {
      expect(otherKind(value, [], 'x')).toBeNull()
    }
  })

  it('has no path where it came through a pipe', () => {
    expect(otherKind({ deployment: {} }, [], '-')).toContain('pulumi-stack:-')
    expect(otherKind({ name: 'a', runtime: 'nodejs' }, [], '-')).toContain('pulumi:FOLDER')
  })

  it.each([
    ['terraform.tfstate', 'tfstate:terraform.tfstate'],
    ['main.tf', 'tfplan:main.tf'],
    ['out.tfplan', 'terraform show -json out.tfplan'],
  ])('%s is known by its name', async (file, say) => {
    const found = await mistakesOf(parseDeclaredFiles([file], memoryFiles({ [file]: 'x' }), { variables: {} }))

    expect(found).toEqual([expect.stringContaining(say)])
    expect(otherKindByName(file)).toContain(say)
  })
})
