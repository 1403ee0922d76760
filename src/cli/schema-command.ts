import { configJsonSchema } from '../schema/config.ts'
import { eventJsonSchema } from '../schema/event.ts'
import { historyJsonSchema } from '../schema/history-view.ts'
import { declaredJsonSchema } from '../schema/declared-json-schema.ts'
import type { JsonObject } from '../schema/json.ts'
import { repairJsonSchema } from '../schema/repair-schema.ts'
import { reportJsonSchema } from '../schema/report-schema.ts'
import type { Io } from './io.ts'

const SCHEMAS = {
  declared: declaredJsonSchema,
  config: configJsonSchema,
  report: reportJsonSchema,
  history: historyJsonSchema,
  repair: repairJsonSchema,
  event: eventJsonSchema,
} as const satisfies Readonly<Record<string, () => JsonObject>>

/** `tenant-drift schema [WHICH]`: JSON Schema for editors and validators. */
export function schema(which: keyof typeof SCHEMAS, io: Io): number {
  io.out(`${JSON.stringify(SCHEMAS[which](), null, 2)}\n`, 'json')
  return 0
}
