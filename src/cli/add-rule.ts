import { dump } from 'js-yaml'
import { readPlainFile } from '../declared/front.ts'
import { isJsonObject, own, sameJson, type Json, type JsonObject } from '../schema/json.ts'

type Steps = readonly string[]

/**
 * The text of a file with one more rule in the list at `at` (`accept`, or `tenants.NAME.accept`; empty: the file is the list), everything else
 * as it was written. A rule for the same place is renewed: of two, the second would hide nothing. Null where the file is written in a way that this cannot extend: what comes out is read back and must say the old value
 * and the rule, nothing else.
 */
export async function addRule(file: string, text: string, at: Steps, rule: JsonObject): Promise<string | null> {
  const before = text.trim() === '' ? null : await readPlainFile(file, text)
  const wanted = withRule(before?.value ?? null, at, rule)
  if (wanted === null) return null
  const ways = file.toLowerCase().endsWith('.json')
    ? [() => `${JSON.stringify(wanted, null, 2)}\n`]
    : [() => renewYaml(text, before, at, rule), () => editYaml(text, before, at, rule)]
  for (const way of ways) {
    const edited = way()
    const after = edited === null ? null : await readPlainFile(file, edited).catch(() => null)
    if (after !== null && sameJson(after.value, wanted)) return edited
  }
  return null
}

/** Two rules for one place: whatever live value, reason and last day they have, the first of them hides what is there. */
export function isSameRule(one: object, other: object): boolean {
  const [a, b] = [one, other] as readonly [JsonObject, JsonObject]
  return ['resource_server', 'path', 'kind'].every((key) => sameJson(own(a, key), own(b, key)))
}

function sameAt(list: Json | undefined, rule: JsonObject): number {
  return Array.isArray(list) ? list.findIndex((each) => isJsonObject(each) && isSameRule(each, rule)) : -1
}

function withRule(value: Json, at: Steps, rule: JsonObject): Json | null {
  const [step, ...rest] = at
  if (step === undefined) {
    if (value === null) return [rule]
    if (!Array.isArray(value)) return null
    const there = sameAt(value as Json, rule)
    return there < 0 ? [...(value as readonly Json[]), rule] : (value as readonly Json[]).with(there, rule)
  }
  if (value !== null && !isJsonObject(value)) return null
  const inner = withRule(own(value ?? {}, step) ?? null, rest, rule)
  return inner === null ? null : { ...value, [step]: inner }
}

interface Plain {
  readonly value: Json
  readonly place: (path: readonly (string | number)[]) => {
    readonly line: number | null
    readonly column: number | null
  }
}

function editYaml(text: string, plain: Plain | null, at: Steps, rule: JsonObject): string | null {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n')
  const list = plain === null ? undefined : valueAt(plain.value, at)
  if (plain !== null && Array.isArray(list) && list.length > 0) {
    const there = sameAt(list, rule)
    const { line, column } = plain.place([...at, there < 0 ? list.length - 1 : there])
    if (line === null || column === null) return null
    const dash = (lines[line - 1] ?? '').lastIndexOf('-', column - 1)
    if (dash < 0) return null
    const end = endOfBlock(lines, line, dash)
    if (there < 0) return insert(lines, end, ruleLines(rule, dash))
    return [...lines.slice(0, line - 1), ...ruleLines(rule, dash), ...lines.slice(end), ''].join('\n')
  }
  if (at.length === 0) return [...lines, ...ruleLines(rule, 0), ''].join('\n')
  const key = at.at(-1) ?? ''
  if (plain !== null && list !== undefined) {
    const { line } = plain.place(at)
    const found = line === null ? null : /^(\s*)([^#:]+:)\s*(?:\[\s*\]|null|~)?\s*(#.*)?$/.exec(lines[line - 1] ?? '')
    if (line === null || found === null) return null
    const [, indent = '', name = '', comment] = found
    const head = `${indent}${name}${comment === undefined ? '' : ` ${comment}`}`
    return [...lines.slice(0, line - 1), head, ...ruleLines(rule, indent.length + 2), ...lines.slice(line), ''].join(
      '\n',
    )
  }
  if (at.length === 1) return [...lines, `${key}:`, ...ruleLines(rule, 2), ''].join('\n')
  const around = at.slice(0, -1)
  const first = plain === null ? undefined : Object.keys((valueAt(plain.value, around) ?? {}) as JsonObject)[0]
  if (plain === null || first === undefined) return null
  const { line, column } = plain.place([...around, first])
  if (line === null || column === null) return null
  const indent = column - 1
  return insert(lines, endOfBlock(lines, line, indent - 1), [
    `${' '.repeat(indent)}${key}:`,
    ...ruleLines(rule, indent + 2),
  ])
}

/** The values that differ, each in its line, and the comments around them as they are. Null where there is no such rule, or it is not written so. */
function renewYaml(text: string, plain: Plain | null, at: Steps, rule: JsonObject): string | null {
  const list = plain === null ? undefined : valueAt(plain.value, at)
  const there = sameAt(list, rule)
  const item = Array.isArray(list) ? (list as readonly Json[])[there] : undefined
  if (plain === null || !isJsonObject(item)) return null
  const lines = text.split('\n')
  for (const [key, value] of Object.entries(rule)) {
    if (sameJson(own(item, key), value)) continue
    const { line } = plain.place([...at, there, key])
    const found =
      line === null ? null : /^(\s*(?:-\s+)*[\w"']+\s*:\s+)\S.*?(\s+#.*?)?(\r?)$/.exec(lines[line - 1] ?? '')
    if (line === null || found === null) return null
    const [, before = '', comment = '', end = ''] = found
    lines[line - 1] = before + dump(value, { lineWidth: -1, flowLevel: 0 }).trimEnd() + comment + end
  }
  return lines.join('\n')
}

function valueAt(value: Json, at: Steps): Json | undefined {
  let found: Json | undefined = value
  for (const step of at) found = isJsonObject(found) ? own(found, step) : undefined
  return found
}

/** Index of the line after the last one that lies deeper than `indent`, from `line` (counted from 1) on; blank lines and comments at the end stay outside. */
function endOfBlock(lines: readonly string[], line: number, indent: number): number {
  let end = line
  for (let index = line; index < lines.length; index++) {
    const content = lines[index] ?? ''
    if (content.trim() === '') continue
    if (content.search(/\S/) <= indent) break
    end = index + 1
  }
  return end
}

function insert(lines: readonly string[], index: number, added: readonly string[]): string {
  return [...lines.slice(0, index), ...added, ...lines.slice(index), ''].join('\n')
}

function ruleLines(rule: JsonObject, indent: number): readonly string[] {
  const text = dump([rule], { lineWidth: -1, noRefs: true }).replace(/\n$/, '')
  return text.split('\n').map((line) => `${' '.repeat(indent)}${line}`)
}
