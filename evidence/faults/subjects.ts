import { check } from './run-check.ts'
import { livePack } from './run-live-pack.ts'
import { provider } from './run-provider.ts'
import type { Said } from './said.ts'
import type { Stage } from './stage.ts'

/** Who looks at a tenant with a fault. */
export const SUBJECTS = { check, provider, 'live pack': livePack } satisfies Record<
  string,
  (stage: Stage) => Promise<readonly Said[]>
>
export type SubjectName = keyof typeof SUBJECTS
