/** Variables of a process, by name. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A text that is set and not blank, trimmed; null for any other: an empty variable is how pipelines say "not set". */
export function nonBlank(text: string | undefined): string | null {
  const trimmed = text?.trim() ?? ''
  return trimmed === '' ? null : trimmed
}

/** Without credentials and settings of the tenant that AUTH0_DOMAIN names: they are for no other one. */
export function withoutAuth0(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('AUTH0_')))
}
