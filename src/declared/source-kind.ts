/** `KIND:PATH`, or a path alone, as a SOURCE is written. A kind has two letters or more: with one, it is a disk. */
export function splitSource(source: string): { readonly kind: string | null; readonly path: string } {
  const [, kind = null, path = source] = /^([A-Za-z][A-Za-z0-9-]+):(.*)$/s.exec(source) ?? []
  return { kind, path }
}

export function joinSource(kind: string | null, path: string): string {
  return kind === null ? path : `${kind}:${path}`
}
