import { isJsonObject, listOf, type Json, type JsonObject } from '../schema/json.ts'
import type { SourcePath } from '../declared/source-tree.ts'

/** A resource as Pulumi writes it, and where. */
export interface PulumiEntry {
  readonly resource: JsonObject
  readonly at: SourcePath
}

/** The objects of a list, each with its place. */
export function entriesOf(list: Json | undefined, at: SourcePath): readonly PulumiEntry[] {
  return listOf(list).flatMap((resource, index) => (isJsonObject(resource) ? [{ resource, at: [...at, index] }] : []))
}
