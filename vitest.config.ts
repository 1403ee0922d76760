import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { cleanEnvironment } from './tools/environment.mjs'

// Tests never see the caller's tenant, backend or proxy, whoever starts vitest; and `node` is this repository's.
const clean = cleanEnvironment()
for (const name of Object.keys(process.env)) if (!(name in clean)) delete process.env[name]
Object.assign(process.env, clean)

const WORKERS = availableParallelism()

const ENGINE = 'test/engine/**/*.test.ts'
/** What runs the built command, the built action or the workflows: several processes a case. */
const INTEGRATION = ['test/integration/**/*.test.ts', 'test/evidence/gate.test.ts', 'test/evidence/memory.test.ts']

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
          testTimeout: 20_000,
          // By itself vitest leaves a core free, which of two is half the machine.
          maxWorkers: WORKERS,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: INTEGRATION,
          testTimeout: 120_000,
          maxWorkers: WORKERS,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          // One preview is an engine, a program, a provider and a pack: more than two at once only slow one another down.
          name: 'engine',
          include: [ENGINE],
          globalSetup: ['test/tools/require-pulumi.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
