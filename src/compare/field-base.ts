import { own, sameJson, type Json } from '../schema/json.ts'
import { beginsWith, type Path } from '../schema/path.ts'
import { SECRET_NOT_KEPT } from '../schema/secret-digest.ts'
import type { RowNode } from '../schema/tree.ts'
import { normalAt, rawAt } from './diff.ts'
import { normalise, type Normal } from './normalise.ts'
import type { BaseValue } from './origin.ts'
import type { FieldScene } from './scene.ts'

/** What one field was before this code: in the base, or, where the base says nothing of it, as recorded. */
export type FieldBase =
  | { readonly known: 'none' | 'silent' | 'not-kept' }
  | {
      readonly known: 'value'
      readonly raw: Json | undefined
      /** The code says it in the very same words. */
      readonly isUnedited: boolean
      /** Computed when asked for: a field that nobody disturbed is never brought into normal form. */
      readonly normal: () => Normal
      /** Places inside of which the base cannot tell what it said. */
      readonly dark: readonly Path[]
    }

/** The declared side; its normal form is computed once, and stands for an equal base too. */
export interface DeclaredValue {
  readonly raw: Json | undefined
  readonly normal: () => Normal
}

export function fieldBase(scene: FieldScene, node: RowNode, declared?: DeclaredValue): FieldBase {
  const { context, input } = scene
  if (!context.hasBase) return { known: 'none' }
  const dark = input.baseDark.filter(([key]) => key === node.key)
  if (dark.some((path) => path.length === 1)) return { known: 'not-kept' }
  if (input.base !== null && Object.hasOwn(input.base, node.key))
    return known(node, own(input.base, node.key), declared, dark)
  // A secret is never recorded.
  if (input.recorded === null || node.row.compare === 'secret') return { known: 'silent' }
  return known(node, own(input.recorded, node.key), declared, [])
}

function known(
  node: RowNode,
  raw: Json | undefined,
  declared: DeclaredValue | undefined,
  dark: readonly Path[],
): FieldBase {
  let normal: Normal | undefined
  const isUnedited = declared !== undefined && sameJson(declared.raw, raw)
  return {
    known: 'value',
    raw,
    isUnedited,
    dark,
    normal: () => (normal ??= isUnedited ? declared.normal() : normalise(node, raw)),
  }
}

/** Whether a path lies where the base cannot tell what it said, or where nobody can understand what it says. */
export function isDark(base: Extract<FieldBase, { readonly known: 'value' }>, path: Path): boolean {
  return [...base.normal().problems.map((problem) => problem.path), ...base.dark].some((place) =>
    beginsWith(path, place),
  )
}

/** The base's value at a path, to tell the origin of a difference there. */
export function baseAt(base: FieldBase, path: Path): BaseValue {
  if (base.known !== 'value') return { known: base.known }
  if (base.dark.some((dark) => beginsWith(path, dark) || beginsWith(dark, path))) return { known: 'not-kept' }
  const { value, problems } = base.normal()
  const isUnclear = problems.some((problem) => beginsWith(path, problem.path) || beginsWith(problem.path, path))
  return isUnclear ? { known: 'other' } : { known: 'value', value: normalAt(value, path) }
}

export function secretBaseAt(base: FieldBase): BaseValue {
  if (base.known !== 'value') return { known: base.known }
  return base.raw === SECRET_NOT_KEPT ? { known: 'not-kept' } : { known: 'value', value: base.raw ?? undefined }
}

/** As it was written, for people; undefined where nothing stands there, or nothing is known. */
export function shownBase(base: FieldBase, node: RowNode, path: Path): Json | undefined {
  return base.known === 'value' ? shownAt(node, base.raw, base.normal().value, path) : undefined
}

/** The value at a path as it was written, null included; else its normal form (the thumbprint of a declared key). */
export function shownAt(node: RowNode, raw: Json | undefined, normal: Json | undefined, path: Path): Json | undefined {
  const written = rawAt(node, raw, path)
  return written === undefined ? normalAt(normal, path) : written
}
