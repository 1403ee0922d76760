import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/schema/json.ts'
import type { RepairPlan, FieldStanding } from '../../src/schema/repair.ts'
import { canRun, lacking, sceneOf } from '../repair/script.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { drifted } from './apis.ts'
import { holdsInTime, PATIENCE } from './seed.ts'

/** What somebody else does between the reading and the change, none of which any plan would do. */
const MEANWHILE: readonly JsonObject[] = [
  { token_lifetime: 77 },
  { token_lifetime_for_web: 77 },
  { name: 'Called otherwise meanwhile' },
  { scopes: [{ value: 'came:meanwhile' }] },
  { subject_type_authorization: { user: { policy: 'deny_all' }, client: { policy: 'deny_all' } } },
  { authorization_details: [{ type: 'came-meanwhile' }] },
  { proof_of_possession: { mechanism: 'mtls', required: true, required_for: 'all_clients' } },
  { signing_alg: 'PS256' },
  { enforce_policies: true, consent_policy: 'transactional-authorization-with-mfa' },
  { token_dialect: 'rfc9068_profile_authz' },
]

describe.skipIf(!canRun)(
  `what others do between the reading and the repair${lacking}`,
  { timeout: 8 * PATIENCE },
  () => {
    it('stands afterwards, or the script stops and changes nothing', async () => {
      const tenant = await tenantWith({ apis: 0 })
      const [canary] = tenant.list()
      const seen = { stopped: 0, done: 0 }
      await holdsInTime(
        fc.asyncProperty(drifted, fc.constantFrom(...MEANWHILE), async ([one], edit) => {
          if (one === undefined) return
          for (const { identifier } of tenant.list())
            if (identifier !== canary?.identifier) tenant.remove(identifier as string)
          tenant.put(one.live)
          const identifier = one.live.identifier as string
          const scene = sceneOf(tenant, [one.declared])
          const { out } = await scene.run(
            'repair',
            '--include-breaking',
            '--accept-weakened',
            '--output',
            'json',
            '--output',
            'sh=fix.sh',
          )
          const [plan] = (JSON.parse(out) as RepairPlan).apis
          const before = tenant.edit(identifier, edit)
          if (plan === undefined) return
          const secrets = Object.values(plan.patch.secrets).map((name) => [name, 'a-secret-of-16-characters'] as const)

          const { code } = await scene.bash(['fix.sh'], Object.fromEntries(secrets))

          const after = tenant.list().find((api) => api.identifier === identifier) ?? {}
          const { body } = plan.patch
          const isMet = Object.keys(edit).some((field) => Object.hasOwn(body, field))
          // An edit that leaves the value as it was seen is none.
          const isOther = plan.patch.before.some(
            ({ field, value }) => JSON.stringify(before[field]) !== JSON.stringify(value),
          )
          seen[code === 0 ? 'done' : 'stopped'] += 1
          expect(code).toBe(isMet && isOther ? 1 : 0)
          expect(withoutSecret(after)).toEqual(withoutSecret(code === 0 ? repaired(before, plan.patch.after) : before))
        }),
        15,
        200,
      )
      expect(seen.done).toBeGreaterThan(0)
    })
  },
)

/** What others left, with the fields of the plan as it says. */
function repaired(before: JsonObject, after: readonly FieldStanding[]): JsonObject {
  const fields = new Set(after.map(({ field }) => field))
  const others = Object.entries(before).filter(([key]) => !fields.has(key))
  const put = after.flatMap(({ field, value }) => (value === undefined ? [] : [[field, value] as const]))
  return Object.fromEntries([...others, ...put])
}

function withoutSecret({ signing_secret: _secret, ...others }: JsonObject): JsonObject {
  return others
}
