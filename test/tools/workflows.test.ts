import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { isJsonObject, type Json } from '../../src/schema/json.ts'
import { pinnedVersion } from '../../tools/pulumi-cli.mjs'
import { ROOT } from '../../tools/run.mjs'

const FOLDER = join(ROOT, '.github', 'workflows')

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, Json>>
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>
  readonly 'timeout-minutes'?: number
  readonly strategy?: {
    readonly matrix: { readonly os: readonly string[]; readonly node: readonly (string | number)[] }
  }
  readonly steps: readonly Step[]
}

interface Workflow {
  readonly on: Readonly<Record<string, Json>>
  readonly permissions?: Readonly<Record<string, string>>
  readonly concurrency?: Json
  readonly jobs: Readonly<Record<string, Job>>
}

const read = (name: string) => load(readFileSync(join(FOLDER, name), 'utf8')) as Workflow
const all = readdirSync(FOLDER)
  .toSorted()
  .map((name) => [name, read(name)] as const)
const tested = all.filter(([name]) => name !== 'fields.yml')
const { scripts, engines, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Readonly<Record<string, string>>
  engines: { readonly node: string }
  version: string
}

const jobsOf = ({ jobs }: Workflow) => Object.values(jobs)
const stepsOf = (workflow: Workflow) => jobsOf(workflow).flatMap(({ steps }) => steps)
const commandsOf = (workflow: Workflow) => stepsOf(workflow).flatMap(({ run }) => (run === undefined ? [] : [run]))

describe('the workflows', () => {
  it('are those of every change, of the week and of a release', () => {
    expect(all.map(([name]) => name)).toEqual(['ci.yml', 'fields.yml', 'release.yml'])
  })

  it.each(all)('%s pins every action by its commit, and one action by one commit', (_name, workflow) => {
    const used = stepsOf(workflow).flatMap(({ uses }) => (uses === undefined ? [] : [uses]))

    expect(used.length).toBeGreaterThan(0)
    expect(used.filter((uses) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(uses))).toEqual([])
    expect(new Set(used).size).toBe(new Set(used.map((uses) => uses.split('@')[0])).size)
  })

  it.each(all)('%s says what it may, how long it may take, and what it may run beside', (_name, workflow) => {
    const granted = [
      workflow.permissions ?? { everything: 'write' },
      ...jobsOf(workflow).map((job) => job.permissions ?? {}),
    ]

    expect(
      granted
        .flatMap((permissions) => Object.keys(permissions))
        .filter((name) => !['contents', 'id-token'].includes(name)),
    ).toEqual([])
    expect(workflow.permissions?.contents ?? 'none').not.toBe('write')
    expect(jobsOf(workflow).filter((job) => !((job['timeout-minutes'] ?? 999) <= 60))).toEqual([])
    expect(isJsonObject(workflow.concurrency)).toBe(true)
  })

  it.each(all)('%s runs npm scripts and files that exist', (_name, workflow) => {
    const named = commandsOf(workflow)
      .flatMap((text) => [...text.matchAll(/\bnpm (?:run )?([\w:-]+)/g)].map(([, name = '']) => name))
      .filter((name) => !['ci', 'publish'].includes(name))

    const files = commandsOf(workflow).flatMap((text) =>
      [...text.matchAll(/\bnode (\w[\w/.-]+)/g)].map(([, name = '']) => name),
    )

    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([])
    expect(files.filter((name) => !existsSync(join(ROOT, name)))).toEqual([])
  })

  it.each(tested)('%s runs the tests', (_name, workflow) => {
    expect(commandsOf(workflow)).toContain('npm test')
  })

  it.each(tested)('%s installs the Pulumi CLI that the set-up would', (_name, workflow) => {
    const installs = stepsOf(workflow).filter(({ uses }) => uses?.startsWith('pulumi/actions@'))

    expect(installs.map((step) => step.with?.['pulumi-version'])).toEqual([pinnedVersion()])
  })
})

describe('every change', () => {
  const ci = read('ci.yml')

  it('is tested by the two commands of the README, on Linux and macOS, on Node 22 and 24', () => {
    const { test } = ci.jobs
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')

    expect(commandsOf(ci)).toEqual(expect.arrayContaining(['npm test', 'npm run demo']))
    expect(readme).toContain('$ npm run demo\n$ npm test\n')
    expect(test?.strategy?.matrix).toEqual({ os: ['ubuntu-latest', 'macos-latest'], node: [22, 24] })
    expect(Object.keys(ci.on)).toEqual(expect.arrayContaining(['push', 'pull_request']))
  })

  it('is installed as users install it, on the oldest Node that package.json allows, too', () => {
    const job = ci.jobs.package

    expect(job?.steps.map(({ run }) => run)).toContain('npm run try-package')
    expect(`>=${String(job?.strategy?.matrix.node[0])}`).toBe(engines.node)
  })

  it('has no secret and may write nothing', () => {
    expect(readFileSync(join(FOLDER, 'ci.yml'), 'utf8')).not.toContain('secrets.')
    expect(ci.permissions).toEqual({ contents: 'read' })
  })
})

describe('the week', () => {
  const week = read('fields.yml')

  it('asks whether the newest SDKs know a field that we do not', () => {
    expect(week.on.schedule).toEqual([{ cron: expect.stringMatching(/^\d+ \d+ \* \* [0-6]$/) }])
    expect(commandsOf(week)).toContain('node evidence/fields.ts')
  })
})

describe('a release', () => {
  const release = read('release.yml')
  const { publish } = release.jobs

  it('is published with provenance by the one job that may, after the tests', () => {
    expect(commandsOf(release).filter((text) => text.startsWith('npm publish'))).toEqual([
      'npm publish --provenance --access public',
    ])
    expect(publish?.permissions).toEqual({ contents: 'write', 'id-token': 'write' })
    expect(publish).toMatchObject({ needs: 'test', environment: 'release' })
    expect(release.jobs.test?.permissions).toEqual({ contents: 'read' })
    expect(Object.keys(release.on)).toEqual(['workflow_dispatch'])
    expect(version).toMatch(/^\d+\.\d+\.\d+$/)
  })

  it('is tagged with dist/, which the action runs from', () => {
    const [tag = ''] = commandsOf(release).filter((text) => text.includes('git tag'))

    expect(tag).toContain('git add --force dist')
    expect(tag.indexOf('git add --force dist')).toBeLessThan(tag.indexOf('git tag'))
    expect(readFileSync(join(ROOT, 'action.yml'), 'utf8')).toContain(
      '$GITHUB_ACTION_PATH/dist/bin/tenant-drift-action.js',
    )
  })
})
