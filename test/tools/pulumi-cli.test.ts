import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  BUILT_MARKER,
  findPulumi,
  isOlder,
  MINIMUM_VERSION,
  pinnedVersion,
  pulumiEnvironment,
  pulumiFolder,
  requirePulumi,
} from '../../tools/pulumi-cli.mjs'
import { NODE_24 } from '../../tools/run.mjs'

let folder: string
let cache: string

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'tenant-drift-cli-')))
  cache = join(folder, 'cache')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A pretended CLI: prints a version, as the real one does. */
function plant(where: string, version: string, { host = true, body = `echo ${version}` } = {}): string {
  mkdirSync(where, { recursive: true })
  const files = host ? ['pulumi', 'pulumi-language-nodejs'] : ['pulumi']
  for (const name of files) {
    writeFileSync(join(where, name), `#!/bin/sh\n${body}\n`)
    chmodSync(join(where, name), 0o755)
  }
  return where
}

const caller = (...folders: string[]): NodeJS.ProcessEnv => ({
  PATH: [...folders, '/usr/bin', '/bin'].join(delimiter),
  TENANT_DRIFT_CACHE: cache,
})
const cached = (): string => join(pulumiFolder(caller()), 'bin')

describe('findPulumi', () => {
  it('takes the one on PATH when it is new enough', () => {
    const own = plant(join(folder, 'own'), 'v3.300.1')
    plant(cached(), `v${pinnedVersion()}`)
    expect(findPulumi(caller(own))).toEqual({
      command: join(own, 'pulumi'),
      folder: own,
      version: '3.300.1',
      origin: 'path',
      loadsPackFolders: true,
    })
  })

  it('takes the next one on PATH through a symbolic link to a complete installation', () => {
    const real = plant(join(folder, 'opt'), 'v3.255.0')
    mkdirSync(join(folder, 'bin'))
    symlinkSync(join(real, 'pulumi'), join(folder, 'bin', 'pulumi'))
    expect(findPulumi(caller(join(folder, 'bin')))).toMatchObject({ origin: 'path', folder: join(folder, 'bin') })
  })

  it.each([
    ['is too old', 'v3.254.9', {}],
    ['has no Node language host', 'v3.300.0', { host: false }],
    ['does not run', '', { body: 'exit 1' }],
    ['prints no version', '', { body: 'echo' }],
  ])('takes the one in the cache when the one on PATH %s', (_reason, version, options) => {
    const own = plant(join(folder, 'own'), version, options)
    plant(cached(), `v${pinnedVersion()}`)
    expect(findPulumi(caller(own))).toMatchObject({ origin: 'cache', version: pinnedVersion() })
  })

  it('knows that a CLI built from Go modules loads no policy pack folders', () => {
    writeFileSync(join(plant(cached(), `v${pinnedVersion()}`), BUILT_MARKER), '')
    expect(findPulumi(caller())).toMatchObject({ loadsPackFolders: false })
  })

  it('passes over what an npm package put into node_modules/.bin', () => {
    expect(findPulumi(caller(plant(join(folder, 'node_modules', '.bin'), 'v3.300.0')))).toBeUndefined()
  })

  it('says what to run where there is none', () => {
    expect(() => requirePulumi(caller())).toThrow('npm run setup')
  })

  it('pins a version that it would itself accept', () => {
    expect(isOlder(pinnedVersion(), MINIMUM_VERSION)).toBe(false)
  })
})

describe('isOlder', () => {
  it.each([
    ['3.255.0', '3.255.0', false],
    ['3.254.99', '3.255.0', true],
    ['3.1000.0', '3.255.0', false],
    ['2.999.0', '3.255.0', true],
    ['4.0.0', '3.255.0', false],
    ['1.26', '1.26.0', false],
  ])('%s against %s: %s', (version, minimum, expected) => {
    expect(isOlder(version, minimum)).toBe(expected)
  })
})

describe('pulumiEnvironment', () => {
  const strangers = {
    PULUMI_ACCESS_TOKEN: 'a-real-token',
    PULUMI_BACKEND_URL: 'https://api.pulumi.com',
    PULUMI_HOME: '/home/somebody/.pulumi',
    PULUMI_EXPERIMENTAL: 'true',
    AUTH0_DOMAIN: 'real.eu.auth0.com',
    AUTH0_CLIENT_SECRET: 'a-real-secret',
    TENANT_DRIFT_BASE: 'somewhere',
    HTTPS_PROXY: 'http://proxy.example',
    http_proxy: 'http://proxy.example',
    no_proxy: '*',
    grpc_proxy: 'http://proxy.example',
    NODE_OPTIONS: '--inspect',
    NODE_EXTRA_CA_CERTS: '/somewhere.pem',
  }
  const environment = (options = {}): Record<string, string> => {
    const own = plant(join(folder, 'own'), 'v3.300.0')
    const env = { ...caller(own), ...strangers, LANG: 'C.UTF-8' }
    return pulumiEnvironment({ home: '/state/home', backend: '/state/backend', env, ...options })
  }

  it('lets nothing through that names a real tenant, backend or proxy', () => {
    const values = Object.values(environment())
    for (const value of new Set(Object.values(strangers).filter((text) => text !== 'true')))
      expect(values).not.toContain(value)
    expect(environment()).not.toHaveProperty('PULUMI_EXPERIMENTAL')
  })

  it('sets home, file backend, passphrase and the two switches that keep the CLI quiet', () => {
    expect(environment()).toMatchObject({
      PULUMI_HOME: '/state/home',
      PULUMI_BACKEND_URL: 'file:///state/backend',
      PULUMI_CONFIG_PASSPHRASE: 'tenant-drift',
      PULUMI_SKIP_UPDATE_CHECK: 'true',
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
      TENANT_DRIFT_CACHE: cache,
      LANG: 'C.UTF-8',
    })
  })

  it('puts the pinned Node first on PATH, then the CLI, then what the caller had', () => {
    const [first, second, ...rest] = environment().PATH?.split(delimiter) ?? []
    expect(first).toBe(dirname(NODE_24))
    expect(second).toBe(join(folder, 'own'))
    expect(rest).toEqual(['/usr/bin', '/bin'])
  })

  it('adds what the test wants to say, and takes away what it names undefined', () => {
    const result = environment({ extra: { AUTH0_DOMAIN: 'http://127.0.0.1:1', NO_COLOR: undefined }, passphrase: 'p' })
    expect(result).toMatchObject({ AUTH0_DOMAIN: 'http://127.0.0.1:1', PULUMI_CONFIG_PASSPHRASE: 'p' })
    expect(result).not.toHaveProperty('NO_COLOR')
  })

  it('leaves a backend URL as it is', () => {
    expect(environment({ backend: 'file:///elsewhere' })).toMatchObject({ PULUMI_BACKEND_URL: 'file:///elsewhere' })
  })
})
