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
    meaning: 'The tenant holds another value than the code declares.',
    mend: 'Change the tenant back, or take the live value into the code.',
  },
  missing: {
    title: 'A declared API is gone',
    meaning: 'The code declares this API and the tenant does not have it; a complete reading and a second look agree.',
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
      'Nobody declares this setting, and its value is not the recorded one or, without a record, not its default.',
    mend: 'Declare the setting, or record the tenant as it stands.',
  },
  'unknown-field': {
    title: 'A field this version does not know',
    meaning: 'The tenant returns a key that this version of tenant-drift has no rule for.',
    mend: 'Look at the field in the dashboard, then record the tenant as it stands. A newer tenant-drift may know the field.',
  },
  unreadable: {
    title: 'We could not look',
    meaning: 'This could not be read in full. Nothing is claimed about it: it is neither in sync nor missing.',
    mend: 'Follow the advice of its error code and run again.',
  },
  'not-compared': {
    title: 'Declared, and not compared',
    meaning:
      'A source declares something here that this version of tenant-drift does not know, so it was not compared.',
    mend: 'Update tenant-drift, or look at it in the dashboard.',
  },
  'weaker-declaration': {
    title: 'The declaration became less safe',
    meaning: 'This change declares a less safe value than the one that was declared before.',
    mend: 'Look at this in review: it is the code that weakens the API, not the tenant.',
  },
} as const satisfies Record<FindingKind, FindingInfo>
