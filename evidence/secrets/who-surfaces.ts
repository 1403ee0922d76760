import { runShipped } from '../shipped.ts'
import { FIRST_NAME, ORDERS } from './planted-tenant.ts'
import { command, isWritten, named, say, SILENT, type Surface } from './surface.ts'
import { filesIn } from './world.ts'

/** Formats that name persons where `--who=full` asked for them, and those that never do. */
const NAMING = ['text', 'json', 'html'] as const
const NAMELESS = ['sarif', 'junit', 'markdown', 'github', 'gitlab'] as const
const ASKING = ['check', '--who', '--affected', ...SILENT]
const FULL = ['check', '--who=full', '--affected', ...SILENT]
const WHO = /deploy-prod/
const PERSON = new RegExp(FIRST_NAME)

export const whoAndWhom: readonly Surface[] = [
  ...[...NAMING, ...NAMELESS].map((format) => command('who and whom', format, WHO, [...ASKING, '-o', format])),
  ...NAMELESS.map((format) => command('who and whom', `${format}, with persons`, WHO, [...FULL, '-o', format])),
  ...NAMING.map((format): Surface => ({
    group: 'who and whom',
    title: `${format}, with persons`,
    shows: WHO,
    run: async (world) => named(await say(world, [...FULL, '-o', format])),
  })),
  {
    group: 'who and whom',
    title: 'a public pipeline that asks for persons',
    shows: WHO,
    run: (world) => say(world, [...FULL, '-o', 'json'], { GITHUB_ACTIONS: 'true' }),
  },
  {
    group: 'who and whom',
    title: 'explained, remembered, and looked at again',
    shows: WHO,
    async run(world) {
      const remembering = ['check', '--who', '--affected', '--no-notify']
      const first = await say(world, [...remembering, '-o', 'json=report.json'])
      const { out } = await runShipped([...ASKING, '-o', 'json'], { cwd: world.folder, env: world.env })
      const { findings } = JSON.parse(out) as { findings: readonly { fingerprint: string; path: string }[] }
      const of = findings.find(({ path }) => path === 'token_lifetime')?.fingerprint ?? ''
      return [
        ...first,
        ...(await say(world, ['explain', of, '--report', 'report.json'])),
        ...(await say(world, remembering)),
        ...(await say(world, ['history', '--all'])),
        ...(await say(world, ['history', '-o', 'html'])),
        ...(await say(world, ['history', '-o', 'json'])),
        ...filesIn(world.folder, isWritten),
      ]
    },
  },
  {
    group: 'who and whom',
    title: 'persons remembered',
    shows: PERSON,
    async run(world) {
      const said = [
        ...(await say(world, ['check', '--who=full', '--no-notify', '-o', 'json=report.json'])),
        ...(await say(world, ['history', '-o', 'json'])),
      ]
      return named([...said, ...filesIn(world.folder, isWritten)])
    },
  },
  command('who and whom', 'what the credential shows', /read:client_credentials/, ['doctor', '--who', '--affected']),
]

const EVERYTHING = ['repair', '--include-breaking', '--accept-weakened']
const REPAIR_FORMATS = ['text', 'json', 'sh', 'auth0'] as const

export const wayBack: readonly Surface[] = [
  ...REPAIR_FORMATS.map((format) =>
    command('the way back', format, /token_lifetime/, [...EVERYTHING, '--who', '--affected', '-o', format]),
  ),
  ...REPAIR_FORMATS.map((format) =>
    command('the way back', `${format}, undone`, /token_lifetime/, [...EVERYTHING, '--inverse', '-o', format]),
  ),
  {
    group: 'the way back',
    title: 'with persons, of one API, and from what was remembered',
    shows: /token_lifetime/,
    async run(world) {
      await say(world, ['check', '--who=full', '--no-notify'])
      return [
        ...(await say(world, [...EVERYTHING, '--target', ORDERS, '-o', 'sh=fix.sh', '-o', 'json=plan.json'])),
        ...filesIn(world.folder, (name) => isWritten(name) || name.startsWith('.tenant-drift/')),
      ]
    },
  },
]
