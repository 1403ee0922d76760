import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startSimulator } from '../../src/simulator/front.ts'
import type { GateCase } from './case.ts'
import { putFiles, type Files } from './files.ts'
import { startForge, startLab } from './forge.ts'
import { startHost } from './hosts.ts'
import { madeUp, type Planted } from './planted.ts'
import type { RunnerName } from './runners.ts'
import { commitAll, git, HOOKS, ORDERS, ordersFile, type Scene } from './scene.ts'

const HOOKS_FILE = `resource_servers:
  - identifier: ${HOOKS}
    name: Hooks
    signing_alg: HS256
    signing_secret: \${orders_secret}
`

/** Files of the base of every case. */
const USUAL: Files = {
  'declared/orders.yaml': ordersFile(),
  'declared/hooks.yaml': HOOKS_FILE,
  'tenant-drift.yaml': 'accept: []\n',
}
const PACKAGE: Files = {
  'package.json': '{ "private": true, "devDependencies": { "tenant-drift": "1.0.0" } }\n',
  'package-lock.json': '{ "lockfileVersion": 3, "packages": {} }\n',
}
/** Each change touches the API that has drifted. */
const EDIT: Files = { 'declared/orders.yaml': ordersFile({ token_lifetime: 7200 }) }

let seed = 40_000 + (Date.now() % 1_000_000) * 100

export async function openScene(one: GateCase, runner: RunnerName): Promise<Scene> {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'gate-')))
  const at = (name: string) => path.join(root, name)
  for (const name of ['work', 'outside', 'home', 'temp', 'tmp', 'out', 'files', 'markers']) mkdirSync(at(name))
  seed += 1
  const tenant = await startSimulator({ seed, apis: 0 })
  const planted: Planted = new Map([
    ['the client secret', tenant.client_secret],
    ['the GitHub token', `ghs_${madeUp(36)}`],
    ['the note token', `glpat-${madeUp(24)}`],
    ['the job token', `glcbt-${madeUp(24)}`],
    ['the first signing secret', madeUp(40)],
    ['the second signing secret', madeUp(32)],
  ])
  const [forge, lab, stranger, echo] = await Promise.all([
    startForge(planted.get('the GitHub token') ?? '', root),
    startLab(planted.get('the note token') ?? ''),
    startHost((_request, response) => void response.writeHead(404).end()),
    startEcho(tenant.client_secret),
  ])
  const scene: Scene = {
    runner,
    root,
    work: at('work'),
    server: at('server.git'),
    outside: at('outside'),
    home: at('home'),
    temp: at('temp'),
    tmp: at('tmp'),
    out: at('out'),
    files: at('files'),
    markers: at('markers'),
    planted,
    tenant,
    forge,
    lab,
    stranger,
    echo,
    commits: { base: '', head: '', merge: '' },
    git: (args, options = {}) => git(options.cwd ?? at('work'), args, options.input),
    marks: (name, then = '') => `#!/bin/sh\n/usr/bin/env > '${at('markers')}/${name}'\n${then}\n`,
    ran: () => readdirSync(at('markers')),
    close: async () => {
      await Promise.all([tenant.close(), forge.close(), lab.close(), stranger.close(), echo.close()])
      rmSync(root, { recursive: true, force: true })
    },
  }
  try {
    await fillScene(one, scene)
  } catch (error) {
    await scene.close()
    throw error
  }
  return scene
}

async function startEcho(secret: string): Promise<Scene['echo']> {
  const state: Pick<Scene['echo'], 'of'> = { of: 'the token' }
  const forms = [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
    Buffer.from(`a:${secret}`).toString('base64url'),
  ]
  const host = await startHost((request, response) => {
    const isToken = request.url?.startsWith('/oauth/token') === true
    if (isToken && state.of !== 'the token') {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(
        JSON.stringify({
          access_token: madeUp(40),
          token_type: 'Bearer',
          expires_in: 3600,
          scope: 'read:resource_servers',
        }),
      )
      return
    }
    const text = `refused: ${forms.join(', ')}`
    response.writeHead(isToken ? 403 : 400, { 'content-type': 'application/json', 'x-said': secret })
    response.end(
      JSON.stringify({ error: text, error_description: text, errorCode: forms[2], message: text, statusCode: 400 }),
    )
  })
  return Object.assign(state, host)
}

async function fillScene(one: GateCase, scene: Scene): Promise<void> {
  const { work, commits, tenant, planted } = scene
  const below = (files: Files): Files =>
    one.folder === undefined
      ? files
      : Object.fromEntries(Object.entries(files).map(([name, entry]) => [`${one.folder}/${name}`, entry]))
  tenant.create({
    identifier: ORDERS,
    name: 'Orders',
    signing_alg: one.isClean === true ? 'RS256' : 'HS256',
    token_lifetime: 3600,
  })
  tenant.create({
    identifier: HOOKS,
    name: 'Hooks',
    signing_alg: 'HS256',
    signing_secret: planted.get('the first signing secret') ?? '',
  })
  await scene.git(['init', '--quiet', '--initial-branch=main', `--object-format=${one.format ?? 'sha1'}`])
  putFiles(work, { ...below(USUAL), ...PACKAGE })
  putFiles(work, (await one.base?.(scene)) ?? {})
  commits.base = await commitAll(scene)
  await scene.git(['checkout', '--quiet', '--detach'])
  putFiles(work, below(EDIT))
  putFiles(work, (await one.change?.(scene)) ?? {})
  await checkedOut(scene, await commitAll(scene))
  one.live?.(scene)
  await one.repo?.(scene)
}

/** As the runner leaves the work tree: GitHub's merge of the change, or on GitLab the change itself; and what the server then has. */
async function checkedOut(scene: Scene, head: string): Promise<void> {
  const { commits, runner, forge } = scene
  commits.head = head
  const tree = await scene.git(['rev-parse', `${head}^{tree}`])
  const parents = ['-p', commits.base, '-p', head]
  commits.merge = await scene.git(['commit-tree', tree, ...parents, '-m', 'merge'])
  await scene.git(['branch', '--quiet', '-D', 'main'])
  await git(scene.root, [
    'init',
    '--quiet',
    '--bare',
    `--object-format=${await scene.git(['rev-parse', '--show-object-format'])}`,
    scene.server,
  ])
  for (const setting of ['allowAnySHA1InWant', 'allowFilter'])
    await git(scene.server, ['config', `uploadpack.${setting}`, 'true'])
  const refs = {
    'refs/heads/main': commits.base,
    'refs/heads/change': head,
    'refs/pull/7/merge': commits.merge,
    'refs/pull/7/head': head,
  }
  const pushes = Object.entries(refs).map(([name, commit]) => `${commit}:${name}`)
  await scene.git(['push', '--quiet', scene.server, ...pushes])
  const url = runner === 'gitlab' ? `file://${scene.server}` : `${forge.url}/o/r`
  await scene.git(['remote', 'add', 'origin', url])
  if (runner === 'gitlab') {
    await scene.git(['update-ref', 'refs/pipelines/1', head])
    return
  }
  await scene.git(['update-ref', '--no-deref', 'HEAD', commits.merge])
  await scene.git(['update-ref', 'refs/remotes/origin/main', commits.base])
  await scene.git(['update-ref', 'refs/remotes/pull/7/merge', commits.merge])
  if (runner === 'action') {
    const basic = Buffer.from(`x-access-token:${scene.planted.get('the GitHub token') ?? ''}`).toString('base64')
    await scene.git(['config', `http.${forge.url}/.extraheader`, `AUTHORIZATION: basic ${basic}`])
  }
}
