import type { JudgedFinding } from '../compare/front.ts'
import { parsePath } from '../schema/path.ts'
import { rowAt } from '../schema/row-at.ts'

/** What the caller allows beyond what is safe and agreed. */
export interface RepairWishes {
  /** Findings were named, and only these are asked for. */
  readonly isNamed: boolean
  readonly acceptWeakened: boolean
  readonly includeBreaking: boolean
}

/** Why a finding is not in the plan, whatever its values are; null where nothing speaks against it. */
export function whyNotPutBack(finding: JudgedFinding, { isNamed }: Pick<RepairWishes, 'isNamed'>): string | null {
  const { kind, origin } = finding
  switch (kind) {
    case 'unreadable':
      return 'what could not be read cannot be put back'
    case 'not-compared':
      return 'it was not compared, so the right value is not known'
    case 'unknown-field':
      return 'this version does not know the field, what its value does and how to send it'
    case 'weaker-declaration':
      return 'the code changed, not the tenant: change the code'
    case 'missing':
      return 'a new API gets another id, and the grants of the old one are gone: create it with the tool that declares it, then create the grants again'
    case 'unmanaged':
      return 'tenant-drift never deletes an API: declare it (tenant-drift adopt), record it (tenant-drift record), or delete it by hand'
    case 'undeclared':
      if (finding.base === undefined && finding.origin === null) return 'nobody declares it and it is not recorded'
      if (!isNamed) return 'nobody declares it: name it with --only to put back what is recorded'
      break
    case 'changed':
      if (!isNamed && origin === 'pending')
        return 'the code is about to change it: apply the code, or name it with --only'
      if (!isNamed && origin === 'conflict')
        return 'both sides changed it: name it with --only to put what is declared into the tenant'
  }
  return notWritable(finding)
}

function notWritable({ path }: JudgedFinding): string | null {
  const row = rowAt(parsePath(path)?.slice(0, 1) ?? [path])
  if (row === null) return 'this version does not know the field'
  if (row.writable === 'both') return null
  return row.words?.mend === undefined
    ? 'the tenant lets nobody set it here'
    : `nobody can set it back. ${row.words.mend}`
}

/** Why what could be put back is not, by what it does to the tenant. */
export function whyNotDone(
  { becomes, breaks, lost }: { readonly becomes: string; readonly breaks: boolean; readonly lost: string | null },
  { isNamed, acceptWeakened, includeBreaking }: RepairWishes,
): string | null {
  if (becomes === 'less-safe' && !acceptWeakened)
    return 'it is less safe than the live value: give --accept-weakened to put it back'
  if (isNamed || includeBreaking) return null
  if (breaks) return 'it can stop clients: give --include-breaking, or name it with --only, to put it back'
  return lost === null
    ? null
    : `the live value could not be restored later (${lost}): give --include-breaking, or name it with --only, to put it back`
}
