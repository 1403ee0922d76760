import { posix } from 'node:path'
import { isJsonObject, listOf, memberOf, own, parseJson, type Json, type JsonObject } from '../schema/json.ts'
import type { ReadContext } from '../declared/files.ts'
import type { Keyword, KeywordLookup, Keywords } from './keywords.ts'
import { readJson } from '../declared/source-text.ts'
import type { SourceState } from '../declared/state.ts'

/** What the deploy CLI's own configuration says about its files. Credentials stand in it too: nothing but these two settings is taken from it. */
export interface DeployConfig extends Keywords {
  /** Names of APIs that the deploy CLI leaves alone. */
  readonly excluded: ReadonlySet<string>
  /** It manages no APIs at all, for this reason. */
  readonly leavesAll: string | null
  /** Fields of APIs that it neither exports nor applies. */
  readonly excludedFields: readonly string[]
  readonly warnings: SourceState['warnings']
}

const CONFIG = 'config.json'
const MAPPINGS = 'AUTH0_KEYWORD_REPLACE_MAPPINGS'
const EXCLUDED = 'AUTH0_EXCLUDED_RESOURCE_SERVERS'
const EXCLUDED_TYPES = 'AUTH0_EXCLUDED'
const INCLUDED_TYPES = 'AUTH0_INCLUDED_ONLY'
const EXCLUDED_FIELDS = 'EXCLUDED_PROPS'
const TYPE = 'resourceServers'

/** Why a file says nothing of it. */
const SAYS_NOTHING = {
  absent: 'is not a file: the name of the configuration of the deploy CLI follows the #',
  unreadable: 'cannot be read as a JSON object, so its keywords and exclusions are not known',
  strange: 'is not a configuration of the deploy CLI: it has no key AUTH0_...',
} as const

/**
 * Reads the file that the source names, else the `config.json` in the first of the folders that has one. Variables win over its keywords, as the
 * environment does there.
 */
export async function readDeployConfig(
  named: string | null,
  folders: readonly string[],
  context: ReadContext,
): Promise<DeployConfig> {
  const given: KeywordLookup = (name) => variable(context.lookup(name))
  for (const file of named === null ? folders.map((folder) => posix.join(folder, CONFIG)) : [named]) {
    const read = await configAt(file, context)
    if (typeof read !== 'string') return configOf(read, given)
    if (named !== null) context.book.addOf(file, SAYS_NOTHING[read])
    else if (read === 'unreadable')
      return { ...configOf({}, given), warnings: [{ file, line: null, message: SAYS_NOTHING[read] }] }
  }
  return configOf({}, given)
}

async function configAt(file: string, context: ReadContext): Promise<JsonObject | keyof typeof SAYS_NOTHING> {
  if ((await context.files.kindOf(file)) !== 'file') return 'absent'
  const value = await readObject(file, context)
  if (value === null) return 'unreadable'
  const isOurs = Object.keys(value).some((key) => key.startsWith('AUTH0_') || key === EXCLUDED_FIELDS)
  return isOurs ? value : 'strange'
}

function configOf(value: JsonObject, given: KeywordLookup): DeployConfig {
  const mappings = structured(own(value, MAPPINGS))
  return {
    given,
    mappings: new Map(
      Object.entries(isJsonObject(mappings) ? mappings : {}).map(([name, each]) => [name, mapping(each)]),
    ),
    excluded: new Set(textsIn(own(value, EXCLUDED))),
    leavesAll: leavesAll(value),
    excludedFields: textsIn(memberOf(structured(own(value, EXCLUDED_FIELDS)), TYPE)),
    warnings: [],
  }
}

/** Why all APIs are left alone; null where they are not. */
function leavesAll(config: JsonObject): string | null {
  if (textsIn(own(config, EXCLUDED_TYPES)).includes(TYPE)) return EXCLUDED_TYPES
  const only = textsIn(own(config, INCLUDED_TYPES))
  return only.length > 0 && !only.includes(TYPE) ? INCLUDED_TYPES : null
}

function textsIn(value: Json | undefined): readonly string[] {
  return listOf(structured(value)).filter((item) => typeof item === 'string')
}

async function readObject(file: string, { files }: ReadContext): Promise<JsonObject | null> {
  let text: string
  try {
    text = await files.read(file)
  } catch {
    return null
  }
  const reading = readJson(file, text.replace(/^\uFEFF/, ''))
  return reading.ok && isJsonObject(reading.source.value) ? reading.source.value : null
}

/** A variable is a text, so one that is valid JSON has to stand for a list, too. */
function variable(text: string | undefined): Keyword | undefined {
  return text === undefined ? undefined : { text, json: JSON.stringify(parseJson(text) ?? text) }
}

function mapping(value: Json): Keyword {
  return { text: typeof value === 'object' ? null : String(value), json: JSON.stringify(value) }
}

/** The deploy CLI also takes such a setting as a text of JSON. */
function structured(value: Json | undefined): Json | undefined {
  return typeof value === 'string' ? (parseJson(value) ?? value) : value
}
