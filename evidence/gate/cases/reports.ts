import { existsSync, readFileSync, realpathSync } from 'node:fs'
import path from 'node:path'
import type { GateCase } from '../case.ts'
import { putFiles, putSpecial } from '../files.ts'
import { ORDERS } from '../scene.ts'
import { link, LOCAL, program } from './parts.ts'

const group = 'reports'
const WORDS = 'words-of-the-author'
/** As the template called them, and as a change may believe that they are called. */
export const reportCases: readonly GateCase[] = [
  ...(['json=reports/r.json', 'markdown=reports/deeper/r.md', 'html=reports/../reports/r.html'] as const).map(
    (output, index): GateCase => ({
      id: `103-${index + 1}`,
      group,
      title: `an output ${output} where a committed link leads out of the repository`,
      on: LOCAL,
      expect: [1],
      base: () => ({ '../outside/elsewhere/deeper/keep': '' }),
      change: () => ({ reports: link('../outside/elsewhere') }),
      job: () => ({ flags: [`--output=${output}`], inputs: { output } }),
    }),
  ),
  {
    id: '103-control',
    group,
    title: 'an output into a folder of the repository',
    on: LOCAL,
    expect: [2],
    isControl: true,
    job: () => ({ flags: ['--output=json=reports/r.json'], inputs: { output: 'json=reports/r.json' } }),
    mayWrite: /^work\/reports\//,
    also: ({ work }) => (existsSync(path.join(work, 'reports', 'r.json')) ? [] : ['the output is not there']),
  },
  ...(['fifo', 'folder', 'device'] as const).map((kind): GateCase => ({
    id: `103-${kind}`,
    group,
    title: `an output’s file is a ${kind} of the work tree`,
    on: LOCAL,
    expect: [1],
    ...(kind === 'device' ? { needsRoot: true as const } : {}),
    repo: ({ work }) => {
      if (kind === 'folder') putFiles(work, { 'r.json/x': '' })
      else putSpecial(path.join(work, 'r.json'), kind)
    },
    job: () => ({ flags: ['--output=json=r.json'], inputs: { output: 'json=r.json' }, limitMs: 20_000 }),
  })),
  ...(['env-of-the-runner', 'step.sh'] as const).map((target): GateCase => ({
    id: `104-${target.slice(0, 4)}`,
    group,
    title: `an output’s file is a link to ${target}`,
    on: LOCAL,
    expect: [1, 2],
    base: () => ({ '../files/step.sh': program('#!/bin/sh\n'), '../files/env-of-the-runner': 'A=1\n' }),
    change: ({ files }) => ({ 'r.json': link(path.join(files, target)) }),
    job: () => ({ flags: ['--output=json=r.json'], inputs: { output: 'json=r.json' } }),
    mayWrite: /^work\/r\.json$/,
  })),
  {
    id: '105',
    group,
    title: 'RUNNER_TEMP holds folders and links of an earlier step',
    on: ['action'],
    expect: [2],
    repo: (scene) => {
      putFiles(scene.temp, {
        'tenant-drift-aaaaaa/json/mine.json': WORDS,
        'tenant-drift-aaaaaa/report.md': WORDS,
        'tenant-drift': link('../outside'),
        'tenant-drift-': link('../outside'),
        'report.md': WORDS,
      })
    },
    also: ({ temp }, { outputs, posted, summary }) => [
      ...(/tenant-drift-aaaaaa|outside/.test(Object.values(outputs).join()) ? ['an output names what was there'] : []),
      ...(realpathSync(outputs['folder'] ?? temp) === temp ? ['the folder is not its own'] : []),
      ...([...posted, summary].some((text) => text.includes(WORDS)) ? ['words of another step were posted'] : []),
    ],
  },
  ...([1, 2, 3] as const).map((count): GateCase => ({
    id: `108-${count}`,
    group,
    title: `the check is killed at its write ${count}`,
    on: ['action'],
    expect: [1],
    repo: ({ outside }) => putFiles(outside, { 'killer.mjs': KILLER }),
    job: ({ outside }) => ({ env: { NODE_OPTIONS: `--import=file://${outside}/killer.mjs`, KILL_AT: String(count) } }),
    also: (_scene, { outputs }) =>
      outputs['exit-code'] === '1' && outputs['verdict'] === 'incomplete' ? [] : ['its outputs say otherwise'],
  })),
  ...['../../outside/x', '..', 'a/../../x', '.'].map((name, index): GateCase => ({
    id: `109-${index + 1}`,
    group,
    title: `a tenant is called ${JSON.stringify(name)} in the configuration`,
    on: ['action'],
    expect: [1],
    base: ({ tenant }) => ({ 'tenant-drift.yaml': JSON.stringify({ tenants: { [name]: { domain: tenant.domain } } }) }),
    job: () => ({ inputs: { output: 'json={tenant}.json' } }),
  })),
  {
    id: '110',
    group,
    title: 'values with newlines that would add outputs and lines',
    on: ['action'],
    expect: [1, 2],
    repo: (scene) => putFiles(scene.temp, { 'a\nexit-code<<E\n0\nE\nb/keep': '' }),
    live: ({ tenant }) => void tenant.edit(ORDERS, { name: 'a\nexit-code<<E\n0\nE\n' }),
    job: ({ temp }) => ({
      env: { RUNNER_TEMP: path.join(temp, 'a\nexit-code<<E\n0\nE\nb') },
      inputs: { 'comment-key': 'k\nexit-code<<E\n0\nE\n' },
    }),
    mayWrite: /^temp\/a/,
    also: ({ files }, { code }) => {
      const text = readFileSync(path.join(files, 'output'), 'utf8')
      const values = [...asRunner(text)].filter(([name]) => name === 'exit-code').map(([, value]) => value)
      return values.join() === String(code) ? [] : [`the runner reads exit-code as ${JSON.stringify(values)}`]
    },
  },
]

/** Outputs as the runner reads them: line by line, each up to its own delimiter. */
function asRunner(text: string): readonly (readonly [string, string])[] {
  const found: (readonly [string, string])[] = []
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at += 1) {
    const begin = /^([^<=]+)<<(.+)$/.exec(lines[at] ?? '')
    if (begin === null) continue
    const end = lines.indexOf(begin[2] ?? '', at + 1)
    found.push([begin[1] ?? '', lines.slice(at + 1, end).join('\n')])
    at = end
  }
  return found
}

/** Ends the check itself, and nobody else, when it opens its nth file to write or puts it in place. */
const KILLER = `import fs from 'node:fs'
import promises from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
let count = 0
const isCheck = process.argv.includes('check')
const hit = () => { count += 1; if (isCheck && count === Number(process.env.KILL_AT)) process.kill(process.pid, 'SIGKILL') }
for (const [owner, name] of [[fs, 'renameSync'], [fs, 'rename'], [promises, 'rename'], [fs.promises, 'rename']]) {
  const real = owner[name]
  if (real.isWrapped) continue
  owner[name] = (...args) => { hit(); return real.apply(owner, args) }
  owner[name].isWrapped = true
}
syncBuiltinESMExports()
`
