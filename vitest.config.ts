import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { cleanEnvironment } from './tools/environment.mjs'

// Tests never see the caller's tenant, backend or proxy, whoever starts vitest; and `node` is this repository's.
const clean = cleanEnvironment()
for (const name of Object.keys(process.env)) if (!(name in clean)) delete process.env[name]
Object.assign(process.env, clean)

/** Tests wait for answers, time limits and processes, too: three keep two cores at work. */
const WORKERS = Math.ceil(1.5 * availableParallelism())

const ENGINE = 'test/engine/**/*.test.ts'
/** What runs the built command, the built action or the workflows: several processes a case. */
const INTEGRATION = ['test/integration/**/*.test.ts', 'test/evidence/gate.test.ts', 'test/evidence/memory.test.ts']
const MEMORY = 'test/tools/memory-folder.ts'

export default defineConfig({
  test: {
    env: { TZ: 'UTC', NO_COLOR: '1' },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [ENGINE, ...INTEGRATION],
          globalSetup: [MEMORY],
          testTimeout: 40_000,
          maxWorkers: WORKERS,
          // Beside the integration tests, which come first: then no long file is left for the end.
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: INTEGRATION,
          globalSetup: [MEMORY],
          testTimeout: 120_000,
          maxWorkers: WORKERS,
          hookTimeout: 120_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          // One preview is an engine, a program, a provider and a pack: more than two at once only slow one another down.
          name: 'engine',
          include: [ENGINE],
          globalSetup: [MEMORY, 'test/tools/require-pulumi.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
