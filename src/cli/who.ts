import { askWho } from '../run/ask-who.ts'
import type { ChangedBy } from '../schema/changed-by.ts'
import type { Finding } from '../schema/finding.ts'
import type { TenantReader } from '../schema/snapshot.ts'
import type { Io } from './io.ts'
import { mayNamePersons } from './named-persons.ts'
import type { ComparedTenant } from './look.ts'
import type { TenantPlan } from './plan.ts'
import { recallOf } from './recall.ts'
import type { OpenedHistory } from './remember-runs.ts'

/** Who changed what counts, by fingerprint. */
export async function askAboutChangers(
  reader: TenantReader,
  { input }: ComparedTenant,
  counting: readonly Finding[],
  opened: OpenedHistory | null,
  tenant: TenantPlan,
  io: Io,
): Promise<ReadonlyMap<string, ChangedBy>> {
  const recall = await recallOf(opened, tenant, reader.tenant, io)
  const persons = tenant.settings.who.value === 'full' && mayNamePersons(io)
  return askWho(reader, input, counting, recall, { persons, now: io.now() })
}
