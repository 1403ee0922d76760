import type { JudgedFinding } from '../compare/front.ts'
import { providerPath, providerStyle } from '../sources/front.ts'
import { showName } from '../words/show.ts'
import { valueOf } from '../words/told.ts'
import { addressOf, placeOf } from '../schema/declared.ts'
import { printable } from '../words/printable.ts'
import type { Compared } from '../run/front.ts'

/** Where another tool's source declares a setting, and what that tool calls it. */
export function settingElsewhere({ sides }: Compared, finding: JudgedFinding): string {
  const api = sides.declared.apis.find(({ identifier }) => identifier === finding.identifier)
  if (api === undefined) return ''
  const address = addressOf(api, finding.path)
  const { file, line } = placeOf(api, finding.path)
  const inFile = file === null ? null : `${file}${line === null ? '' : `:${line}`}`
  const place = [address, inFile].flatMap((part) => (part === null ? [] : [printable(part, 2000)])).join(', ')
  const name = address === null ? finding.path : providerPath(finding.path, providerStyle(address))
  if (name === null) return `, which has no setting for it: ${place}`
  const value = finding.kind === 'missing' ? 'take it out' : (valueOf(finding, 'live') ?? 'not set')
  return `: set ${name === '' ? 'the API' : showName(name)} in ${place} to: ${value}`
}
