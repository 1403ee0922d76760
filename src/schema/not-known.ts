import { parsePath, type Path } from './path.ts'

/**
 * Why something that a source says of an API could not be read. `fails`: it is a setting that we know and compare, so that a run without it proves
 * nothing. Otherwise it is a notice: it must stop nobody, and must not be hidden.
 */
export const NOT_KNOWN = {
  encrypted: {
    fails: true,
    words: 'it is encrypted in the source',
    advice:
      'Give the source in clear (`--show-secrets`, for `pulumi stack export` and `pulumi preview --json`), or let the live policy pack compare.',
  },
  undecrypted: {
    fails: true,
    words: 'the source has no value where the decrypted value should be',
    advice:
      'Export once more with the passphrase that the stack was encrypted with: with a wrong one every secret becomes null.',
  },
  unresolved: {
    fails: true,
    words: 'the code takes it from a value that is not known before an apply',
    advice: 'Write the value into the code, or read it from an argument and not from what the tenant computes.',
  },
  keyless: {
    fails: true,
    words: 'the source holds the key without its PEM, as after an import',
    advice:
      'Read the code in place of the state (`tfplan:`, `pulumi-preview:`), or apply the code once, so that the state holds the PEM.',
  },
  unread: {
    fails: true,
    words: 'the source has it in a form that this version cannot read',
    advice: 'Update tenant-drift, or declare it in a file of your own.',
  },
  unmapped: {
    fails: false,
    words: 'this version of tenant-drift does not know it',
    advice: 'Update tenant-drift, or look at it in the dashboard.',
  },
  ignored: {
    fails: false,
    words: 'the code ignores changes of it (`ignoreChanges`)',
    advice: 'Nothing to do: the code does not declare what it ignores.',
  },
  lost: {
    fails: false,
    words: 'a refresh has moved it from the inputs to the outputs',
    advice: 'Run `pulumi up` once, or read the program in place of the stack (`pulumi-preview:`).',
  },
} as const satisfies Record<string, { readonly fails: boolean; readonly words: string; readonly advice: string }>

export type NotKnownReason = keyof typeof NOT_KNOWN

/** Something that a source says of an API and that could not be read: neither absent, nor "says nothing", nor in sync. */
export interface NotKnown {
  /** A property path in the catalogue's names; of what no row has, in the source's own. */
  readonly path: string
  readonly why: NotKnownReason
}

/** The places that are not known, to look a path up in. */
export function notKnownPaths(places: readonly NotKnown[]): readonly Path[] {
  return places.map(({ path }) => parsePath(path) ?? [path])
}
