import path from 'node:path'
import type { JudgedFinding } from '../compare/front.ts'
import type { Compared } from '../run/front.ts'
import { splitSource } from '../declared/source-kind.ts'
import { addressOf, placeOf } from '../schema/declared.ts'
import type { Elsewhere } from '../schema/repair.ts'
import { providerPath, providerStyle } from '../sources/front.ts'
import { shellArgument } from '../words/shell.ts'

/**
 * How the tool that declares a setting puts it back by itself; null where our own files declare it, or that tool has no setting for it. `sources` are the SOURCEs
 * as they are read.
 */
export function repairElsewhere(
  { sides }: Compared,
  finding: JudgedFinding,
  sources: readonly string[],
): Elsewhere | null {
  const api = sides.declared.apis.find(({ identifier }) => identifier === finding.identifier)
  if (api === undefined) return null
  const address = addressOf(api, finding.path)
  if (address === null) return deployCli(placeOf(api, finding.path).file, sources)
  const style = providerStyle(address)
  if (providerPath(finding.path, style) === null) return null
  return style === 'pulumi'
    ? {
        tool: 'Pulumi',
        address,
        command: `pulumi up --refresh --target ${shellArgument(address)}`,
        note: 'Without --refresh Pulumi compares with its own state, sees no change and changes nothing.',
      }
    : {
        tool: 'Terraform',
        address,
        command: `terraform apply -target=${shellArgument(address)}`,
        note: 'Terraform does not put back what the configuration does not name: it takes the live value over.',
      }
}

/** The file that a SOURCE `a0deploy:` names, or the folder that it lies in. */
function deployCli(file: string | null, sources: readonly string[]): Elsewhere | null {
  if (file === null) return null
  const inputs = sources.map(splitSource).flatMap(({ kind, path: place }) => (kind === 'a0deploy' ? [place] : []))
  const within = (input: string) => {
    const [folder, place] = [path.posix.normalize(input), path.posix.normalize(file)]
    return place === folder || place.startsWith(`${folder}/`) || place.startsWith(`${path.posix.dirname(folder)}/`)
  }
  const input = inputs.find((each) => within(each)) ?? (sources.length === inputs.length ? inputs[0] : undefined)
  if (input === undefined) return null
  return {
    tool: 'the deploy CLI',
    address: file,
    command: `a0deploy import --input_file ${shellArgument(input)}`,
    note: 'The deploy CLI sends every API of the file again, changed or not.',
  }
}
