import { leakFinder, type Planted } from '../gate/planted.ts'
import { GROUPS, type GroupName, type Said, type Surface } from './surface.ts'
import { openWorld, type World } from './world.ts'

export interface GroupFigures {
  readonly surfaces: number
  readonly texts: number
  readonly bytes: number
  /** Texts that hold a piece of a secret. */
  readonly found: number
  /** Texts that hold a person where nobody asked for persons, or an address. */
  readonly named: number
  /** Surfaces that did not say what they are there to say, so that they prove nothing. */
  readonly silent: number
}

export interface SecretsTally {
  readonly planted: number
  readonly groups: Readonly<Record<GroupName, GroupFigures>>
  /** What was found, and what was silent. */
  readonly lines: readonly string[]
}

/** Each surface in a world of its own, for each kind of secret. */
export async function runSecrets(
  surfaces: readonly Surface[],
  kinds: readonly number[],
  open: (kind: number) => Promise<World> = openWorld,
): Promise<SecretsTally> {
  const groups = Object.fromEntries(
    GROUPS.map((group) => [group, { surfaces: 0, texts: 0, bytes: 0, found: 0, named: 0, silent: 0 }]),
  ) as Record<GroupName, GroupFigures>
  const lines: string[] = []
  let planted = 0
  for (const kind of kinds) {
    for (const surface of surfaces) {
      const world = await open(kind)
      try {
        const said = await surface.run(world)
        planted += world.planted.size
        const { figures, notes } = judge(surface, said, world)
        groups[surface.group] = added(groups[surface.group], figures)
        lines.push(...notes.map((note) => `${surface.group}, ${surface.title}, secrets of kind ${kind}: ${note}`))
      } finally {
        await world.close()
      }
    }
  }
  return { planted, groups, lines }
}

function judge(
  { shows }: Surface,
  said: Said,
  { planted, persons, addresses }: World,
): { readonly figures: GroupFigures; readonly notes: readonly string[] } {
  const secrets = finder(planted)
  const [asked, unasked] = [finder(addresses), finder(new Map([...persons, ...addresses]))]
  const found = said.flatMap(secrets)
  const people = said.flatMap((each) => (each[2] === 'persons' ? asked(each) : unasked(each)))
  const isSilent = !said.some(([, text]) => shows.test(text))
  const bytes = said.reduce((sum, [, text]) => sum + text.length, 0)
  return {
    figures: {
      surfaces: 1,
      texts: said.length,
      bytes,
      found: found.length,
      named: people.length,
      silent: isSilent ? 1 : 0,
    },
    notes: [
      ...found,
      ...people,
      ...(isSilent ? [`nothing says ${shows.source}:\n${said.map(([, text]) => text.slice(0, 300)).join('\n')}`] : []),
    ],
  }
}

/** Says of a text what it holds, in a line; nothing where it holds nothing. */
function finder(planted: Planted): (said: Said[number]) => readonly string[] {
  const find = leakFinder(planted)
  return ([where, text]) => {
    const pieces = find(text)
    return pieces.length === 0 ? [] : [`${where}: ${pieces.join(', ')}`]
  }
}

function added(one: GroupFigures, other: GroupFigures): GroupFigures {
  return {
    surfaces: one.surfaces + other.surfaces,
    texts: one.texts + other.texts,
    bytes: one.bytes + other.bytes,
    found: one.found + other.found,
    named: one.named + other.named,
    silent: one.silent + other.silent,
  }
}
