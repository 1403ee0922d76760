import { own, type Json } from '../schema/json.ts'
import type { Path } from '../schema/path.ts'
import { NO_DIFFERENCE, undeclaration, type FieldComparison } from './compare-fields.ts'
import type { RowNode } from '../schema/tree.ts'
import { fieldBase, secretBaseAt } from './field-base.ts'
import { makeFinding } from './make-finding.ts'
import { originOf } from './origin.ts'
import { judgeField, unreadableField, type FieldScene } from './scene.ts'

/** Compares a secret by its digests, where the code or its base declares one. Findings say hidden, and nothing of the digest. */
export function compareSecret(scene: FieldScene, node: RowNode): FieldComparison {
  const path: Path = [node.key]
  const { secret } = scene.input
  const declares = Object.hasOwn(scene.declared, node.key)
  const base = fieldBase(scene, node)
  const before = secretBaseAt(base)
  const found = secret?.status === 'read' ? (secret.digest ?? undefined) : undefined
  if (!declares) {
    const taken = undeclaration(scene, node, base.known === 'value' ? base.raw : undefined)
    // Nobody asks the tenant for a secret that no code declares; where another reason made it known, it is compared once more.
    const isChanged = secret?.status === 'read' && before.known === 'value' && before.value !== found
    if (!isChanged) return { ...NO_DIFFERENCE, findings: [taken] }
    return { ...NO_DIFFERENCE, findings: [changed(scene, node, 'drift', before.value, undefined, found), taken] }
  }
  if (secret?.status !== 'read') {
    return { ...NO_DIFFERENCE, findings: [unreadableField(scene, { path, code: 'secret_unreadable' })] }
  }
  const wanted = own(scene.declared, node.key)
  if ((wanted ?? undefined) === found)
    return { ...NO_DIFFERENCE, adopted: before.known === 'value' && before.value !== found ? 1 : 0 }
  const origin = originOf(before, wanted ?? undefined, found)
  const shownBase = base.known === 'value' ? base.raw : undefined
  return { ...NO_DIFFERENCE, findings: [changed(scene, node, origin, shownBase, wanted, found)] }
}

function changed(
  scene: FieldScene,
  node: RowNode,
  origin: 'drift' | 'pending' | 'conflict',
  base: Json | undefined,
  declared: Json | undefined,
  live: Json | undefined,
) {
  const path: Path = [node.key]
  return makeFinding(scene.subject, {
    kind: 'changed',
    path,
    origin,
    counts: origin !== 'pending',
    judgement: judgeField(scene, node, path, declared ?? undefined, live),
    declared,
    base,
    live,
    secret: true,
  })
}
