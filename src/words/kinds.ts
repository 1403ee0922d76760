import type { FindingKind } from '../schema/finding.ts'

export interface FindingInfo {
  readonly title: string
  /** One sentence for people. */
  readonly meaning: string
  readonly mend: string
}

/** Every kind has its words here; a new kind does not compile until it has. */
export const FINDING_INFO = {
  changed: {
    title: 'Declared and live differ',
    meaning: 'The value in the tenant differs from the value that the code declares.',
    mend: 'Change the tenant back, or take the live value into the code.',
  },
  missing: {
    title: 'A declared API is gone',
    meaning:
      'The code declares this API, but the tenant does not have it. A complete reading and a second request confirm this.',
    mend: 'Create the API again, or take it out of the code.',
  },
  unmanaged: {
    title: 'An API that nobody declares',
    meaning: 'The tenant has this API and no code declares it.',
    mend: 'Declare it, list it under managed_elsewhere, or delete it in the tenant.',
  },
  undeclared: {
    title: 'A setting that nobody declares',
    meaning:
      'Nobody declares this setting, and its value differs from the record or, without a record, from its default.',
    mend: 'Declare the setting, or record the tenant as it stands.',
  },
  'unknown-field': {
    title: 'A field this version does not know',
    meaning: 'The tenant returns a key that this version of tenant-drift has no rule for.',
    mend: 'Look at the field in the dashboard, then record the tenant as it stands. A newer tenant-drift may know the field.',
  },
  unreadable: {
    title: 'It could not be read',
    meaning: 'This could not be read in full. Nothing is claimed about it: it is neither in sync nor missing.',
    mend: 'Follow the advice of its error code and run again.',
  },
  'not-compared': {
    title: 'Declared, and not compared',
    meaning: 'A source declares something here that this version of tenant-drift does not know. It was not compared.',
    mend: 'Update tenant-drift, or look at it in the dashboard.',
  },
  'weaker-declaration': {
    title: 'The declaration became less safe',
    meaning: 'This change declares a less safe value than the one that was declared before.',
    mend: 'Review this change: the code weakens the API, not somebody in the tenant.',
  },
} as const satisfies Record<FindingKind, FindingInfo>
