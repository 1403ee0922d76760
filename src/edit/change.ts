import type { Json, JsonObject } from '../schema/json.ts'
import type { Path } from '../schema/path.ts'
import { variablesIn } from '../declared/expand.ts'

/** What is to be said in the declared files from now on. */
export type DeclarationEdit =
  | {
      readonly kind: 'set'
      readonly identifier: string
      /** From the field on; items of keyed lists by their key. */
      readonly path: Path
      /** Undefined takes away what stands there; a whole field is never taken away. */
      readonly value: Json | undefined
      /** Name of a variable that is written in the place of a value. */
      readonly variable?: string
    }
  /** The whole API is taken out. */
  | { readonly kind: 'remove'; readonly identifier: string }
  /** A whole API is put in: into the one file there is, else into a file of its own beside the others. */
  | {
      readonly kind: 'add'
      readonly identifier: string
      readonly value: JsonObject
      readonly file: { readonly name: string; readonly text: string }
    }

export type SetChange = Extract<DeclarationEdit, { readonly kind: 'set' }>
export type AddChange = Extract<DeclarationEdit, { readonly kind: 'add' }>
export type RemoveChange = Extract<DeclarationEdit, { readonly kind: 'remove' }>

/** Why a change was not made, and what to do. */
export interface Refused {
  readonly why: string
  /** Another tool's source declares the API: only that tool can change it. */
  readonly isElsewhere: boolean
}

/** A change cannot be made. */
export class Refusal extends Error implements Refused {
  readonly why: string
  readonly isElsewhere: boolean

  constructor(why: string, isElsewhere = false) {
    super(why)
    this.why = why
    this.isElsewhere = isElsewhere
  }
}

/** A variable in what would go: this run's value is not the only one it has. */
export function refuseVariables(lost: readonly Json[]): void {
  const names = [...new Set(lost.flatMap(variablesIn))]
  if (names.length === 0) return
  const which = names.map((name) => `\${${name}}`).join(', ')
  throw new Refusal(
    `its value uses ${which}: change the variable (--var, TENANT_DRIFT_VAR_${names[0] ?? ''} or variables in the configuration), or edit the file by hand`,
  )
}
