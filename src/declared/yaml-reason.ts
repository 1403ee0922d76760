import { tooDeep } from './json-tree.ts'

export const YAML_LIMITS = {
  /** js-yaml's default of 10,000 is less than a thousand APIs that merge one set of defaults. */
  mergeKeys: 1_000_000,
  /** js-yaml 5.5's word for a key that stands twice. */
  duplicate: 'duplicated mapping key',
} as const

/** js-yaml's reasons that say too little, by how they begin. */
const HINTS: readonly (readonly [begin: string, text: string])[] = [
  ['tab characters', 'there is a tab in the indentation: use spaces'],
  [
    'unidentified alias',
    'an alias (*name) repeats an anchor (&name) that does not exist; put quotes around a string that begins with *',
  ],
  ['unknown scalar tag', 'a tag (!name) is not known here; put quotes around a string that begins with !'],
  ['unknown sequence tag', 'a tag (!name) is not known here'],
  ['unknown mapping tag', 'a tag (!name) is not known here'],
  ['cannot resolve a node', 'the value does not fit the tag (!!name) before it'],
  ['object-based map', 'a key must be a plain string'],
  ['tag name cannot contain', 'a tag (!name) is not valid; put quotes around a string that begins with !'],
  ['undeclared tag handle', 'a tag (!name) is not known here; put quotes around a string that begins with !'],
  ['deficient indentation', 'a quote or a bracket before this line is not closed, or the indentation is too small'],
  ['recursive alias', 'an alias (*name) lies inside the anchor (&name) that it repeats'],
]

/** A reason without a word of the file: js-yaml quotes names and tags, which may be the beginning of an unquoted secret. */
export function yamlReason(reason: string, maxDepth: number): string {
  if (reason.startsWith('nesting exceeded')) return tooDeep(maxDepth)
  const hint = HINTS.find(([begin]) => reason.startsWith(begin))
  return `not valid YAML: ${hint?.[1] ?? reason.replaceAll(/"[^"]*"|!<.*>|\(.*\)/g, '...')}`
}
