import type { CustomResourceOptions, Input, Inputs } from '@pulumi/pulumi'
import outputs from '@pulumi/pulumi/output.js'
import type { AcceptRule } from '../schema/accept-rule.ts'

/** A value whose parts may be outputs of other resources. */
export type DeepInput<T> = Input<
  T extends readonly (infer Item)[]
    ? readonly DeepInput<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: DeepInput<T[Key]> }
      : T
>

/** What either check takes beside what it declares. */
export interface CheckArgs {
  /** What was declared before, where the stack has no state: one or more SOURCEs (files, globs, `pulumi-stack:FILE`). */
  readonly base?: Input<string | readonly Input<string>[]>
  /** `refuse` makes an `up` fail while there is drift; by default it is stored and shown until it is mended. */
  readonly onDrift?: Input<'record' | 'refuse'>
  /**
   * Differences that are accepted for a while: a `tenant-drift.yaml`, a file that holds a list of rules, or the rules themselves. The nearest
   * `tenant-drift.yaml` upwards unless given.
   */
  readonly rules?: Input<string | readonly DeepInput<AcceptRule>[]>
}

/**
 * Property paths of the inputs that are Pulumi secrets, so that the provider keeps digests of them and shows nothing of them. The engine
 * tells a dynamic provider no more than the clear values. `undefined` where there are none.
 */
export async function secretPaths(args: Inputs): Promise<readonly string[] | undefined> {
  const paths = await Promise.all(Object.entries(args).map(([key, value]) => secretPathsIn(value, key)))
  const found = paths.flat().sort()
  return found.length === 0 ? undefined : found
}

async function secretPathsIn(value: unknown, path: string): Promise<readonly string[]> {
  if (outputs.Output.isInstance(value)) return (await outputs.isSecret(value)) ? [path] : []
  if (value instanceof Promise) return secretPathsIn(await value, path)
  if (typeof value !== 'object' || value === null) return []
  const parts = await Promise.all(
    Object.entries(value).map(([key, part]) =>
      secretPathsIn(part, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`),
    ),
  )
  return parts.flat()
}

/** @throws Error where a check is to be imported: Pulumi would end in a TypeError of its own, because an imported resource has no code yet. */
export function refuseImport(name: string, options: CustomResourceOptions | undefined): void {
  if (options?.import === undefined) return
  throw new Error(
    `${name}: a check cannot be imported, because nothing exists that could be imported; leave out the option import, and pulumi up creates the check`,
  )
}
