import { identifierOf } from '../schema/identifier-of.ts'
import { createHash } from 'node:crypto'
import { escapeVariables } from '../declared/expand.ts'
import { declaredMistakes } from '../schema/declared-schema.ts'
import { topRows } from '../schema/fields.ts'
import { byCodeUnits, fromEntries, type JsonObject } from '../schema/json.ts'
import type { Snapshot } from '../schema/snapshot.ts'
import { systemKind } from '../schema/system-apis.ts'
import { visibleJson } from '../schema/unseen.ts'

/** One API a file up to here, and a hundred a file beyond. */
const MOST_FILES = 100
const APIS_PER_FILE = 100
const HEADER =
  '# Written by tenant-drift init: the tenant as it stood. From now on this file says how the tenant should be.\n'

/** What a person can change: not what only the tenant sets, and no secret. */
const DECLARABLE = new Set(
  topRows()
    .filter((row) => row.setBy !== 'tenant' && row.compare !== 'secret')
    .map((row) => row.path),
)

interface DeclarationFiles {
  /** Text by path, relative and with `/`. */
  readonly files: ReadonlyMap<string, string>
  /** What is live and cannot be declared. */
  readonly leftOut: readonly (readonly [identifier: string, field: string])[]
}

/**
 * Declared files of everything that is live, every value of it, defaults included. The tenant's own APIs are not declared: they grow by themselves,
 * and the record watches them. `skipped` are fields, by identifier, that are not to be declared.
 */
export async function declarationFiles(
  live: Snapshot,
  skipped: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<DeclarationFiles> {
  const leftOut: (readonly [string, string])[] = []
  const apis = live.items
    .filter((item) => systemKind(item) === null)
    .sort((a, b) => byCodeUnits(identifierOf(a), identifierOf(b)))
    .map((item) => {
      const { value, refused } = declarable(item, skipped.get(identifierOf(item)) ?? new Set())
      leftOut.push(...refused.map((field) => [identifierOf(item), field] as const))
      return escapeVariables(value) as JsonObject
    })
  const size = apis.length > MOST_FILES ? APIS_PER_FILE : 1
  const groups = Array.from({ length: Math.max(1, Math.ceil(apis.length / size)) }, (_group, index) =>
    apis.slice(index * size, (index + 1) * size),
  )
  const names = new Set<string>()
  const files = new Map<string, string>()
  for (const [index, group] of groups.entries()) {
    const stem = size === 1 ? fileStem(group[0], names) : `apis-${String(index + 1).padStart(3, '0')}`
    const { text, extension } = await declarationText({ tenant: live.tenant, resource_servers: group })
    files.set(`declared/${stem}${extension}`, text)
  }
  return { files, leftOut }
}

/** The values of a live API that a declaration can hold, and the fields that it cannot. */
export function declarable(
  item: JsonObject,
  skipped: ReadonlySet<string>,
): { readonly value: JsonObject; readonly refused: readonly string[] } {
  const known = Object.entries(item).filter(
    ([key, value]) => DECLARABLE.has(key) && !skipped.has(key) && value !== null,
  )
  const value = fromEntries(known)
  const refused = new Set(declaredMistakes(value).map((mistake) => String(mistake.path[0])))
  refused.delete('identifier')
  return { value: fromEntries(known.filter(([key]) => !refused.has(key))), refused: [...refused] }
}

/** A name that people recognise, from what tells APIs apart. */
export function fileStem(api: JsonObject | undefined, taken: Set<string>): string {
  if (api === undefined) return 'none'
  const identifier = identifierOf(api)
  const plain = identifier.replace(/^[a-z]+:\/\//i, '').toLowerCase()
  const slug = plain
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60)
  const hash = createHash('sha256').update(identifier).digest('hex').slice(0, 8)
  const name = slug === '' || taken.has(slug) ? `${slug === '' ? 'api' : slug}-${hash}` : slug
  taken.add(name)
  return name
}

export async function declarationText(
  content: JsonObject,
  header = HEADER,
): Promise<{ readonly text: string; readonly extension: string }> {
  const { dump } = await import('js-yaml')
  const yaml = dump(content, { lineWidth: -1, noRefs: true })
  // YAML writers leave characters that nobody sees as they are.
  if (visibleJson(yaml) === yaml) return { text: header + yaml, extension: '.yaml' }
  return { text: `${visibleJson(JSON.stringify(content, null, 2))}\n`, extension: '.json' }
}
