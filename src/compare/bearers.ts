import type { Bearer, Finding } from '../schema/finding.ts'

/** A finding about the whole tenant, of these of its APIs alone. */
export function ofBearers<F extends Finding>(finding: F, on: readonly Bearer[]): F {
  return { ...finding, apis: on.length, on }
}

/** The part of a finding about the whole tenant that is one API's: as if that API had been compared alone. */
export function ofBearer<F extends Finding>(finding: F, { identifier, fingerprint, ...own }: Bearer): F {
  const { on: _on, apis: _apis, ...rest } = finding
  return { ...rest, ...own, identifier, fingerprint } as F
}
