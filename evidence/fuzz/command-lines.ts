import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { toSnapshotFile } from '../../src/tenant/front.ts'
import { PLANTED } from '../../test/properties/wounds.ts'
import { TENANT } from '../../test/support/scenes.ts'
import { randomFrom } from '../random.ts'
import { runShipped } from '../shipped.ts'
import { pick, type Random } from './mutate.ts'
import { DRIFTED, DRIFTED_API, LIVE, RECORDED } from './scene.ts'

/** Of waiting, too: nothing here listens, and nobody answers. */
const LIMIT_MS = 120_000

const words = (text: string): readonly string[] => text.trim().split(/\s+/)

/** What stands behind a flag, where anything may stand. Files are those of `filesOf`. */
const ANYTHING: readonly string[] = [
  ...words(`- -- = * ** / .. . 0 -1 1e9 true no null __proto__ json text html sarif=out.sarif json=declared.yaml json=/ text=nowhere/x pdf json=a=b
    declared.yaml live.json r.json nowhere.json broken.json folder files:declared.yaml tfstate:live.json pulumi-stack:broken.json strange:x
    a0deploy:folder pulumi:folder tfplan:- HEAD HEAD~1 @{u} refs/heads/x 1s 2h 1y high any all touched NAME=x NAME a.b=c =x urn:nobody
    2026-12-31 2026-02-30 abcdef changed signing_alg timed_out 漢`),
  '',
  ' ',
  TENANT,
  DRIFTED,
  '\u001B[31m',
  '\u202E',
  '9'.repeat(30),
  '0'.repeat(32),
  'x'.repeat(5000),
]

const FLAGS =
  words(`--declared --base --trust --recorded --live --max-age --previous --gate --target -t --exclude -x --fail-on --lifetime-ceiling
  --output -o --confirm --var --color --tenant --config --deadline --max-requests --reason --owner --expires --report --kind --path --adopt`)
const SWITCHES =
  words(`--only-new --strict-rules --show-config --quiet --help -h --version --json --dry-run --nonsense --no-color --exit-zero -v
  --onlynew`)
const COMMANDS: readonly string[] = [
  ...words('check check check check init record snapshot report accept adopt explain schema doctor help chek'),
  '',
]
const VARIABLES =
  words(`TENANT_DRIFT_DECLARED TENANT_DRIFT_BASE TENANT_DRIFT_LIVE TENANT_DRIFT_RECORDED TENANT_DRIFT_MAX_AGE TENANT_DRIFT_GATE
  TENANT_DRIFT_FAIL_ON TENANT_DRIFT_OUTPUT TENANT_DRIFT_TARGET TENANT_DRIFT_CONFIG TENANT_DRIFT_ONLY_NEW TENANT_DRIFT_QUIET TENANT_DRIFT_TRUST
  TENANT_DRIFT_DEADLINE TENANT_DRIFT_COLOR TENANT_DRIFT_LIFETIME_CEILING TENANT_DRIFT_MAX_REQUESTS TENANT_DRIFT_VAR_NAME SOURCE_DATE_EPOCH
  AUTH0_AUDIENCE AUTH0_DOMAIN HTTPS_PROXY NO_PROXY GITHUB_EVENT_NAME NO_COLOR`)

export interface CommandLine {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** The command line of this number: a check of a drifted tenant, in most, with flags and variables that may be right or wrong. */
export function commandLine(seed: number, index: number): CommandLine {
  const random = randomFrom(Math.imul(seed, 0x9e_37_79_b1) + index)
  const command = pick(COMMANDS, random)
  const more = Array.from({ length: Math.floor(random() * 5) }, () => argumentsBy(random)).flat()
  const usual = command === 'check' && random() < 0.8 ? ['--live', 'live.json', '--declared', 'declared.yaml'] : []
  const argv = [...(command === '' ? [] : [command]), ...usual, ...more].filter((text) => !text.includes('\0'))
  const variables = Array.from({ length: Math.floor(random() * 3) }, () => [
    pick(VARIABLES, random),
    pick(ANYTHING, random),
  ])
  return {
    argv,
    env: {
      // Nobody listens there.
      AUTH0_DOMAIN: random() < 0.8 ? TENANT : 'http://127.0.0.1:9',
      ...(random() < 0.3 ? { AUTH0_CLIENT_ID: 'id', AUTH0_CLIENT_SECRET: PLANTED } : {}),
      // A tenant that is asked all the same is a name that nobody can look up.
      HTTPS_PROXY: 'http://127.0.0.1:9',
      TENANT_DRIFT_DEADLINE: '1s',
      ...(Object.fromEntries(variables) as Record<string, string>),
    },
  }
}

function argumentsBy(random: Random): readonly string[] {
  const kind = random()
  if (kind < 0.25) return [pick(SWITCHES, random)]
  if (kind < 0.35) return [pick(ANYTHING, random)]
  if (kind < 0.45) return [pick(FLAGS, random)]
  const [flag, value] = [pick(FLAGS, random), pick(ANYTHING, random)]
  return random() < 0.7 ? [flag, value] : [`${flag}=${value}`]
}

function filesOf(): Readonly<Record<string, string>> {
  return {
    'declared.yaml': JSON.stringify({ tenant: TENANT, resource_servers: [DRIFTED_API] }),
    'live.json': JSON.stringify(toSnapshotFile(LIVE, new Date())),
    'tenant-drift.recorded.json': JSON.stringify(toSnapshotFile(RECORDED, new Date())),
    'broken.json': '{"resource_servers": [{"identifier": "urn:a", "signing_secret": "' + PLANTED,
    'folder/resource-servers/a.json': '{}',
  }
}

/** Flags and variables that may make a drift no failure, or that ask for something else than a judgement. */
const MAY_BE_QUIET =
  /only[-_]new|fail[-_]on|gate|target|^-[tx]|exclude|show-config|help|^-h|version|^-v|^-V|declared|base|recorded|live|config|trust|previous/i

export interface CommandWrong {
  readonly mistake: 'code' | 'stack' | 'silence' | 'error in 0' | 'secret' | 'quiet' | 'hangs'
  readonly line: string
}

/** Runs the built command on it, in a folder of its own, and says what is wrong with how that ended. */
export async function judgeCommandLine({ argv, env }: CommandLine): Promise<readonly CommandWrong[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tenant-drift-line-'))
  try {
    for (const [name, text] of Object.entries(filesOf())) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
    mkdirSync(join(folder, '.git'))
    const { code, out, err } = await runShipped(argv, {
      cwd: folder,
      env: { PATH: '', HOME: folder, ...env },
      limitMs: LIMIT_MS,
    })
    const said = out + err
    const wrong = (mistake: CommandWrong['mistake'], isWrong: boolean): readonly CommandWrong[] =>
      isWrong
        ? [
            {
              mistake,
              line: `${JSON.stringify({ argv, env }).slice(0, 1500)} ended with ${String(code)}: ${err.slice(0, 500)}`,
            },
          ]
        : []
    const isCheck = argv[0] === 'check' && argv.includes('live.json') && argv.includes('declared.yaml')
    const isPlain = ![...argv.slice(5), ...Object.keys(env)].some((text) => MAY_BE_QUIET.test(text))
    return [
      ...wrong('hangs', code === null),
      ...wrong('code', code !== null && ![0, 1, 2].includes(code)),
      ...wrong('stack', /\n\s+at .*:\d+/.test(said) || said.includes('This is a bug')),
      ...wrong('silence', code === 1 && !/\w{3}/.test(said)),
      ...wrong('error in 0', code === 0 && /^error:/m.test(err)),
      ...wrong('secret', said.includes(PLANTED.slice(0, 12)) || said.includes(PLANTED.slice(-12))),
      ...wrong('quiet', code === 0 && isCheck && isPlain),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
