import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { diagram, modulesOf } from '../../tools/arrows.mjs'

it('an arrow is solid where one import of several loads at once, whatever stands first; types alone load nothing', async () => {
  const root = mkdtempSync(path.join(tmpdir(), 'tenant-drift-arrows-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const files = {
    'tsconfig.json': '{}',
    'package.json': '{"type":"module"}',
    'src/cli/a-lazy.ts': "export const load = () => import('../report/text.ts')\n",
    'src/cli/b-static.ts': "import { text } from '../report/text.ts'\nexport const both = text\n",
    'src/cli/c-lazy.ts': "export const load = () => import('../rare/rare.ts')\n",
    'src/cli/d-types.ts': "import type { Rare } from '../rare/rare.ts'\nexport type Same = Rare\n",
    'src/report/text.ts': "import type { Shape } from '../schema/shape.ts'\nexport const text: Shape = ''\n",
    'src/rare/rare.ts': "export type Rare = string\nexport const rare = ''\n",
    'src/schema/shape.ts': 'export type Shape = string\n',
    'src/index.ts': "export { text } from './report/text.ts'\n",
    'policies/live/pack.ts': "export const run = () => import('../../src/report/text.ts')\n",
  }
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
    writeFileSync(path.join(root, name), text)
  }

  const drawn = diagram(await modulesOf(root, ['src', 'policies']))

  expect(drawn.split('\n').filter((line) => line.includes('>'))).toEqual([
    '  cli --> report',
    '  cli -.-> rare',
    '  index_ts --> report',
    '  policies_live -.-> report',
    '  report -. types .-> schema',
  ])
})
