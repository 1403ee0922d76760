import { symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readEvent } from '../../src/action/event.ts'
import { ActionError, type ActionIo } from '../../src/action/io.ts'
import { SecretValues } from '../../src/words/secret-values.ts'
import { folderWith } from '../cli/run.ts'

const HEAD = 'a'.repeat(40)
const BASE = 'b'.repeat(40)
const REQUEST = { pull_request: { number: 7, head: { sha: HEAD }, base: { sha: BASE } } }
const GROUP = { merge_group: { head_sha: HEAD, base_sha: BASE } }
const REPOSITORY = { repository: { default_branch: 'main' } }

function event(name: string | undefined, payload: unknown, ref = 'refs/heads/main') {
  const folder = folderWith({ 'event.json': payload })
  return at(name, path.join(folder, 'event.json'), ref)
}

function at(name: string | undefined, file: string, ref = 'refs/heads/main') {
  const env = { GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: file, GITHUB_REF: ref }
  const io: ActionIo = {
    env,
    out() {},
    command: ['none'],
    now: Date.now,
    wait: () => Promise.resolve(),
    secrets: new SecretValues(),
  }
  return () => readEvent(io)
}

describe('a change', () => {
  it.each(['pull_request', 'pull_request_target', 'pull_request_review', 'pull_request_review_comment'])(
    'is %s',
    (name) => {
      const change = { kind: 'change', number: 7, head: HEAD, base: BASE, mayBeMerge: true }
      expect(event(name, { ...REPOSITORY, ...REQUEST }, 'refs/pull/7/merge')()).toEqual(change)
    },
  )

  it('is an entry of a merge queue, which is checked out as it is', () => {
    const change = { kind: 'change', number: null, head: HEAD, base: BASE, mayBeMerge: false }
    expect(event('merge_group', { ...REPOSITORY, ...GROUP }, 'refs/heads/gh-readonly-queue/main/pr-7')()).toEqual(
      change,
    )
  })

  it.each([
    ['pull_request', REPOSITORY],
    ['pull_request_review', GROUP],
    ['merge_group', REPOSITORY],
    ['pull_request', { pull_request: { number: 7, head: { sha: 'main' }, base: { sha: BASE } } }],
  ])('%s with %j is none that could be judged', (name, payload) => {
    expect(event(name, payload, 'refs/pull/7/merge')).toThrow(ActionError)
  })
})

describe('the default branch', () => {
  it.each(['push', 'workflow_dispatch', 'repository_dispatch', 'schedule'])('is judged on %s', (name) => {
    expect(event(name, REPOSITORY)()).toEqual({ kind: 'default-branch' })
  })

  it('is what a schedule runs on, whatever its payload has', () => {
    expect(event('schedule', {})()).toEqual({ kind: 'default-branch' })
  })
})

describe('another branch or tag', () => {
  it.each([
    ['push', 'refs/heads/other'],
    ['push', 'refs/tags/main'],
    ['workflow_dispatch', 'refs/heads/other'],
    ['repository_dispatch', 'refs/heads/other'],
    ['push', 'refs/heads/refs/heads/main'],
    ['push', ''],
  ])('is judged on %s of %j by the rules of the default one', (name, ref) => {
    expect(event(name, REPOSITORY, ref)()).toEqual({ kind: 'other', defaultBranch: 'main' })
  })

  it('is nothing that could be judged where nobody says which the default one is', () => {
    expect(event('push', {})).toThrow('names no default branch')
  })
})

describe('nothing that this action can judge', () => {
  it.each([
    'issue_comment',
    'workflow_run',
    'check_run',
    'check_suite',
    'deployment',
    'release',
    'status',
    'Pull_Request',
    'pull_request ',
    'toString',
    '__proto__',
    'invented',
    '',
    undefined,
  ])('is %j', (name) => {
    expect(event(name, REPOSITORY)).toThrow('not an event that this action can judge')
  })

  it.each(['push', 'workflow_dispatch', 'schedule'])('is %s with a pull request, or on its ref', (name) => {
    expect(event(name, { ...REPOSITORY, ...REQUEST })).toThrow('not an event')
    expect(event(name, REPOSITORY, 'refs/pull/7/merge')).toThrow('not an event')
  })

  it.each(['pull_request', 'push', 'schedule'])('is %s with a payload that cannot be read', (name) => {
    const folder = folderWith({ 'event.json': REPOSITORY, 'cut.json': '{"repository":', 'list.json': '[]' })
    symlinkSync('event.json', path.join(folder, 'link.json'))
    writeFileSync(path.join(folder, 'long.json'), ' '.repeat(33 * 1024 * 1024) + JSON.stringify(REPOSITORY))
    for (const file of ['absent.json', 'cut.json', 'link.json', 'long.json', 'list.json', '.'])
      expect(at(name, path.join(folder, file))).toThrow('cannot be read')
    expect(at(name, '')).toThrow('cannot be read')
  })
})
