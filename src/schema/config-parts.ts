import * as z from 'zod'
import { A_DURATION, parseDuration } from './duration.ts'

export const textKey = (what: string) =>
  z
    .string({ error: ({ input }) => (input === undefined ? `${what} is missing` : `${what} must be a string`) })
    .min(1, { error: `${what} must not be empty` })
export const textsKey = (what: string) =>
  z.union(
    [textKey(what), z.array(textKey(`an item of ${what}`)).min(1, { error: `${what} must not be an empty list` })],
    {
      error: `${what} must be a string, or a list of strings`,
    },
  )
export const flagKey = (what: string) => z.boolean({ error: `${what} must be true or false` })
export const durationKey = (what: string) => {
  const error = `${what} must be ${A_DURATION}`
  return z
    .union([z.string(), z.number()], { error })
    .refine((value) => parseDuration(String(value)) !== null, { error })
}

/** In capitals, as everybody writes them: what has small letters in it is a value that somebody pasted. */
export const variableName = (what: string) =>
  z.string({ error: `${what} must be the name of an environment variable` }).regex(/^[A-Z_][A-Z0-9_]{0,79}$/, {
    error: `${what} must be the NAME of an environment variable, in capitals; never write a credential into this file`,
  })

/** What a shape says of keys that it does not know, or of what is no object. */
export function keysError(what: string): z.core.$ZodErrorMap {
  return (issue) => {
    if (issue.code !== 'unrecognized_keys') return `${what} must be an object`
    const known = isShape(issue.inst) ? Object.keys(issue.inst.shape) : []
    return `known in ${what}: ${known.filter((key) => key !== '$schema').join(', ')}`
  }
}

function isShape(value: unknown): value is { readonly shape: object } {
  return typeof value === 'object' && value !== null && 'shape' in value && typeof value.shape === 'object'
}

/** Exactly one of these keys. */
export function oneOfKeys(what: string, keys: readonly string[]) {
  const error = `${what} needs one of ${keys.slice(0, -1).join(', ')} and ${keys.at(-1)}`
  return [
    (value: object) => keys.filter((key) => (value as Record<string, unknown>)[key] !== undefined).length === 1,
    { error },
  ] as const
}
