import type { CustomResourceOptions, Input, Output } from '@pulumi/pulumi'
import { CustomResource } from '@pulumi/pulumi/resource.js'
import type { Drift, Observed } from '../schema/observed.ts'
import type { DeclaredResourceServer } from '../schema/resource-server.ts'
import { RESOURCE_SERVER_TYPE } from '../schema/state-contract.ts'
import { RESOURCE_SERVER_PROVIDER } from './contract.ts'
import { type CheckArgs, type DeepInput, refuseImport, secretPaths } from './inputs.ts'
import { tellAtTheEnd } from './tell-at-the-end.ts'

type CheckedFields = Omit<DeclaredResourceServer, 'id'>

/** One declared API, in the field names of the Management API, beside what the check itself takes. */
export type ResourceServerCheckArgs = CheckArgs & {
  readonly [Field in keyof CheckedFields]: DeepInput<CheckedFields[Field]>
} & {
  /** The tenant's id of the API: another one means that it was deleted and created again. (The SDK drops an input named `id`.) */
  readonly expectedId?: Input<string>
}

/**
 * Compares one declared API with the live tenant in every preview. Changes nothing in the tenant: "create" and "delete" in the display are
 * about the check. A check alone cannot know of APIs that nobody declares; `TenantCheck` can.
 */
export class ResourceServerCheck extends CustomResource {
  /** Lets policies find resources of this class. */
  static readonly __pulumiType = RESOURCE_SERVER_TYPE

  declare public readonly identifier: Output<string>
  declare public readonly observed: Output<Observed>
  /** Differences by property path; empty in sync. */
  declare public readonly drift: Output<Drift>

  constructor(name: string, args: ResourceServerCheckArgs, options?: CustomResourceOptions) {
    refuseImport(name, options)
    const inputs = {
      ...args,
      secretInputs: secretPaths(args).then(topLevel),
      observed: undefined,
      drift: undefined,
      __provider: RESOURCE_SERVER_PROVIDER,
    }
    super(RESOURCE_SERVER_TYPE, name, inputs, options)
    tellAtTheEnd(this)
  }
}

/** A field is kept as a whole, so a secret in it makes the whole field one. */
function topLevel(paths: readonly string[] | undefined): readonly string[] | undefined {
  return paths === undefined ? undefined : [...new Set(paths.map((path) => path.split(/[.[]/, 1)[0] ?? path))]
}
