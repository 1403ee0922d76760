import type { FilePlace } from './errors.ts'
import type { JsonObject } from './json.ts'
import type { NotKnown } from './not-known.ts'
import { parsePath, pathText } from './path.ts'

/** A line of a declared file, counted from 1. */
export type SourceLine = Pick<FilePlace, 'file' | 'line'>

/** One declared API. `values` are the wire's own names and values, `identifier` included; `null` in it means "must not be set". */
export interface DeclaredApi {
  readonly identifier: string
  readonly values: JsonObject
  /** Path of the file as it was given (relative stays relative, slashes forward); null where it is in no file. */
  readonly file: string | null
  /** Line (from 1) where the API begins. */
  readonly line: number | null
  /** Line of each property path (`signing_alg`, `scopes.read:orders`) that the files name; paths without one take the API's line. */
  readonly lines: Readonly<Record<string, number>>
  /** The same for the paths that `extends` took from another file than `file`. */
  readonly inherited?: Readonly<Record<string, SourceLine>>
  /** What the source itself calls the place: a URN, a Terraform address. Absent for files that people write. */
  readonly at?: string
  /** The same for fields that stand at another place than the API, as scopes in a resource of their own do. */
  readonly fieldsAt?: Readonly<Record<string, string>>
  /** The source cannot know every secret, so that the absence of one in it means nothing. */
  readonly lacksSecrets?: true
  /**
   * The source holds what the tenant computed too, and does not tell it from what somebody wrote. What it does not hold it may not have known: an older
   * version of the tool lacks the setting.
   */
  readonly holdsComputed?: true
  /** A refresh, and an apply, write what the tenant has into the source: that live equals it proves nothing. */
  readonly isReadBack?: true
  /** Top-level fields of such a source that the code writes for sure: an apply sets them, and takes nothing over. */
  readonly written?: readonly string[]
  /** The tenant's own id of the API, as the source read it when it made the API. */
  readonly tenantId?: string
  /** It declares nothing but scopes, of an API that it may name by the tenant's id. */
  readonly isScopesOnly?: true
  /** What the source says and nobody could read. As declared it was not compared; as base there is none for that path. */
  readonly notKnown?: readonly NotKnown[]
  /** Its scopes are some of those that the API has: the others are declared elsewhere, or nowhere. */
  readonly isSomeScopes?: true
  /** Paths of fields that this kind of source has no word for: their absence in it means nothing. */
  readonly cannotSay?: readonly string[]
}

/**
 * Where `path` of an API is declared: its own line, else that of the nearest part around it that a file names, else where the API begins.
 * Computing the lines of a file may cost a second look at its text, so ask only for what is reported.
 */
export function placeOf(api: DeclaredApi, path: string): SourceLine {
  const steps = parsePath(path) ?? []
  for (let length = steps.length; length > 0; length--) {
    const part = pathText(steps.slice(0, length))
    if (Object.hasOwn(api.lines, part)) return { file: api.file, line: api.lines[part] ?? null }
    const elsewhere =
      api.inherited !== undefined && Object.hasOwn(api.inherited, part) ? api.inherited[part] : undefined
    if (elsewhere !== undefined) return elsewhere
  }
  return { file: api.file, line: api.line }
}

/** What the source calls the place of `path`: a URN, an address; null for files. */
export function addressOf(api: DeclaredApi, path: string): string | null {
  const [field = ''] = parsePath(path) ?? []
  const elsewhere = api.fieldsAt !== undefined && Object.hasOwn(api.fieldsAt, field) ? api.fieldsAt[field] : undefined
  return elsewhere ?? api.at ?? null
}

/** All that one set of sources declares. Identifiers are unique; order is by identifier in code units. */
export interface DeclaredState {
  /** The tenant that the sources name, as they wrote it; null where they name none. */
  readonly tenant: string | null
  readonly apis: readonly DeclaredApi[]
  /** Globs of identifiers that are somebody else's. */
  readonly managedElsewhere: readonly string[]
  /** The sources have no way to say so: as a base they know of no API that is somebody else's, and deny none. */
  readonly lacksElsewhere?: true
  /** APIs that the sources hold and leave alone: what they say of them is not known, as a base too. */
  readonly notKnownApis?: readonly string[]
  /** What looks like a declaration beside the sources, and is not read, in sentences. */
  readonly leftOut?: readonly string[]
  /** Things worth saying that are no mistakes (a literal secret in a file). */
  readonly warnings: readonly { readonly file: string | null; readonly line: number | null; readonly message: string }[]
}

/** The lines of an API are getters that cost a second look at its file: they are handed on, not asked. */
export function withValues(api: DeclaredApi, values: JsonObject): DeclaredApi {
  return Object.create(api, { values: { value: values, enumerable: true } }) as DeclaredApi
}

/** The same API with the tenant's id of it, as somebody knows it. */
export function withTenantId(api: DeclaredApi, tenantId: string): DeclaredApi {
  return Object.create(api, { tenantId: { value: tenantId, enumerable: true } }) as DeclaredApi
}
