import { createHash } from 'node:crypto'
import { digestField, type JudgedFinding } from '../compare/front.ts'
import { byCodeUnits, own } from '../schema/json.ts'
import { SIGNING_SECRET } from '../schema/secret-field.ts'
import { VARIABLE_PREFIX } from '../schema/variables.ts'
import type { ComparedTenant } from './look.ts'

/** Fits into the name of an environment variable (`TENANT_DRIFT_VAR_...`). */
export function variableFor(identifier: string): string {
  const slug = slugOf(identifier)
  return `signing_secret_${slug === '' ? identifierDigest(identifier) : slug}`
}

function slugOf(identifier: string): string {
  const plain = identifier.replace(/^[a-z]+:\/\//i, '').replaceAll(/[^A-Za-z0-9]+/g, '_')
  return plain.replaceAll(/^_|_$/g, '').slice(0, 60)
}

function identifierDigest(identifier: string): string {
  return createHash('sha256').update(identifier).digest('hex').slice(0, 8)
}

/** A digest takes 40 ms, so not any number of variables is tried. */
const MOST_TRIED = 20

/**
 * The environment variable that holds the declared secret of each API whose secret differs: the one by which it was declared, known by its digest, else one
 * to be set, which no other API of the plan shares.
 */
export async function secretVariables(
  { input, comparison }: ComparedTenant,
  findings: readonly JudgedFinding[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<ReadonlyMap<string, string>> {
  const identifiers = findings.flatMap(({ path, identifier }) =>
    path === SIGNING_SECRET && identifier !== null ? [identifier] : [],
  )
  const held = Object.entries(env)
    .flatMap(([name, value]) =>
      name.startsWith(VARIABLE_PREFIX) && /^\w+$/.test(name) && value !== undefined ? [{ name, value }] : [],
    )
    .filter(({ value }) => value.length >= 16)
    .toSorted((a, b) => byCodeUnits(a.name, b.name))
    .slice(0, MOST_TRIED)
  const names = new Map<string, string>()
  for (const identifier of new Set(identifiers)) {
    const api = input.declared.apis.find((each) => each.identifier === identifier)
    const wanted = own(api?.values, SIGNING_SECRET)
    const digests = await Promise.all(
      held.map(async ({ name, value }) => ({
        name,
        digest: await digestField(comparison.tenant, identifier, SIGNING_SECRET, value),
      })),
    )
    const known = digests.find(({ digest }) => digest === wanted)
    const isShared = identifiers.some((each) => each !== identifier && variableFor(each) === variableFor(identifier))
    const made = `${VARIABLE_PREFIX}${variableFor(identifier)}${isShared ? `_${identifierDigest(identifier)}` : ''}`
    names.set(identifier, known?.name ?? made)
  }
  return names
}
