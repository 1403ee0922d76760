import { isSameTenant } from './tenant-address.ts'

const WHAT = {
  declared: 'the declared files are for',
  base: 'the base is for',
  recorded: 'the recorded snapshot was taken of',
} as const

/** The mistake where something says of which tenant it is (null: of none in particular), and another one is read; null where that is no mistake. */
export function otherTenant(what: keyof typeof WHAT, of: string | null, read: string): string | null {
  return of === null || isSameTenant(of, read) ? null : `${WHAT[what]} ${of}, and this run reads ${read}`
}
