/**
 * Whether an error is a bug, of ours or of what we are built from: the network makes none of these. Such a one is neither told as the network's
 * fault nor tried again.
 */
export function isBug(error: unknown): boolean {
  const kinds = [TypeError, RangeError, ReferenceError, SyntaxError, URIError]
  return kinds.some((kind) => error instanceof kind) || /^UND_ERR_(INVALID_|NOT_SUPPORTED)/.test(codeOf(error))
}

/** The innermost code of a chain of causes; happy eyeballs hands out an AggregateError that has one too. */
export function codeOf(error: unknown): string {
  let code = ''
  for (const each of chainOf(error))
    if ('code' in each && typeof each.code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(each.code)) code = each.code
  return code
}

export function chainOf(error: unknown): readonly Error[] {
  const chain: Error[] = []
  for (let next = error; next instanceof Error && chain.length < 5; next = next.cause) chain.push(next)
  return chain
}
