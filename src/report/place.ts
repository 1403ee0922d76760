import type { Report, ReportFinding } from '../schema/report.ts'

/** A place in the repository: never absolute, never outside of it. */
export interface RepositoryPlace {
  /** Relative, with `/`; as it stands, not yet made safe for any format. */
  readonly file: string
  /** Counts from 1. */
  readonly line: number
}

/** Where nothing else is known: every repository that is checked has it, or could. */
const CONFIG = 'tenant-drift.yaml'

/** Where a finding is declared; else the first declared file, else the configuration, line 1: a scanner that shows results needs a place. */
export function placeIn(report: Report, finding: Pick<ReportFinding, 'file' | 'line'> | null): RepositoryPlace {
  const own = finding?.file === null || finding === null ? null : repositoryPath(finding.file)
  if (own !== null) return { file: own, line: finding?.line ?? 1 }
  for (const source of report.sources) {
    const file = repositoryPath(source)
    if (file !== null) return { file, line: 1 }
  }
  return { file: CONFIG, line: 1 }
}

/** The path as one inside the repository; null where it is absolute, leads out of it, or is no path of a file (`pulumi:...`). */
export function repositoryPath(path: string): string | null {
  const file = path.replaceAll('\\', '/').replace(/^(\.\/)+/, '')
  if (file === '' || file.startsWith('/') || /^[a-z][\w+.-]*:/i.test(file)) return null
  return file.split('/').includes('..') ? null : file
}

/** The path as a relative URI: everything that is not a plain character is percent-encoded. */
export function uriOf(file: string): string {
  return file
    .split('/')
    .map((part) => encodeURIComponent(part.toWellFormed()))
    .join('/')
}
