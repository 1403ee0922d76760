import type { CustomResourceOptions, Input, Output } from '@pulumi/pulumi'
import { CustomResource } from '@pulumi/pulumi/resource.js'
import settings from '@pulumi/pulumi/runtime/settings.js'
import type { Observed, TenantDrift } from '../schema/observed.ts'
import type { DeclaredResourceServer } from '../schema/resource-server.ts'
import { TENANT_TYPE } from '../schema/state-contract.ts'
import { IN_PREVIEW, TENANT_PROVIDER } from './contract.ts'
import { type CheckArgs, type DeepInput, refuseImport, secretPaths } from './inputs.ts'
import { tellAtTheEnd } from './tell-at-the-end.ts'

/** A tenant's declared state: either `files` or `resource_servers`. Relative paths begin at the folder of Pulumi.yaml. */
export interface TenantCheckArgs extends CheckArgs {
  /** SOURCEs of declared state: files, globs, or `KIND:PATH`. The provider reads them itself, so thousands of APIs stay quick. */
  readonly files?: Input<string | readonly Input<string>[]>
  /** Values for `${name}` in the files. */
  readonly variables?: Input<Readonly<Record<string, Input<string>>>>
  /** The declared APIs themselves; an empty list says that nothing is declared. */
  readonly resource_servers?: Input<readonly DeepInput<DeclaredResourceServer>[]>
  /** Globs of identifiers that somebody else manages. */
  readonly managedElsewhere?: Input<readonly Input<string>[]>
  /** The recorded snapshot; `tenant-drift.recorded.json` where it exists. */
  readonly recorded?: Input<string>
}

/**
 * What `--diff` leaves out: the packed declaration and ids say nothing to people and take the engine minutes for thousands of APIs, and the values of
 * variables may be those of an older version's state, which kept the secrets among them in clear.
 */
const HIDDEN_IN_DIFFS = ['declaration', 'ids', 'variables']

/** Compares a whole tenant with everything that is declared for it, APIs that nobody declares included, in one resource. */
export class TenantCheck extends CustomResource {
  /** Lets policies find resources of this class. */
  static readonly __pulumiType = TENANT_TYPE

  declare public readonly observed: Output<Observed>
  /** Differences by identifier and property path; empty in sync. */
  declare public readonly drift: Output<TenantDrift>

  constructor(name: string, args: TenantCheckArgs, options?: CustomResourceOptions) {
    refuseImport(name, options)
    const inputs = {
      ...args,
      secretInputs: secretPaths({ ...args }).then(fieldLevel),
      observed: undefined,
      drift: undefined,
      [IN_PREVIEW]: settings.isDryRun() || undefined,
      __provider: TENANT_PROVIDER,
    }
    super(TENANT_TYPE, name, inputs, { ...options, hideDiffs: [...HIDDEN_IN_DIFFS, ...(options?.hideDiffs ?? [])] })
    tellAtTheEnd(this)
  }
}

/** `resource_servers[0].scopes[1].description` makes the field `resource_servers[0].scopes` a secret. */
function fieldLevel(paths: readonly string[] | undefined): readonly string[] | undefined {
  if (paths === undefined) return undefined
  return [...new Set(paths.map((path) => /^[^.[]+(?:\[\d+\](?:\.[^.[]+)?)?/.exec(path)?.[0] ?? path))]
}
