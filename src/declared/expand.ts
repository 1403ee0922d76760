import { fromEntries, isJsonObject, type Json, type JsonObject } from '../schema/json.ts'
import { MAX_DEPTH } from './source-text.ts'
import type { SourcePath } from './source-tree.ts'
import { tooDeep } from './json-tree.ts'
import type { Environment } from '../schema/environment.ts'
import { VARIABLE_PREFIX } from '../schema/variables.ts'

/** Looks a variable up; undefined where nobody gave it. */
export type Lookup = (name: string) => string | undefined

export interface Expansion {
  readonly value: Json
  readonly mistakes: readonly { readonly path: SourcePath; readonly message: string }[]
  /** False where the value is endless in one way or another, so that nobody may look into it any further. */
  readonly isWhole: boolean
}

/** More values than any tenant has; a small YAML file of nested aliases can mean billions. */
const MAX_VALUES = 10_000_000
/** Steps of a path that say where endless nesting begins. */
const SHOWN_DEPTH = 3
const VARIABLE_REFERENCE = /\$\$\{|\$\{([^}]*)\}?/g
const PRIVATE_KEY = 'PRIVATE KEY-----'
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/

/** Puts environment variables named `TENANT_DRIFT_VAR_name` behind the given ones. Never the whole environment: a pull request could print it. */
export function lookupVariables(variables: Readonly<Record<string, string>>, env: Environment): Lookup {
  return (name) => {
    if (Object.hasOwn(variables, name)) return variables[name]
    const inEnvironment = `${VARIABLE_PREFIX}${name}`
    return Object.hasOwn(env, inEnvironment) ? env[inEnvironment] : undefined
  }
}

/** The texts of a value as a declared file says them: `${` begins a variable there. */
export function escapeVariables(value: Json): Json {
  if (typeof value === 'string') return value.replaceAll('${', () => '$${')
  if (Array.isArray(value)) return (value as readonly Json[]).map(escapeVariables)
  if (!isJsonObject(value)) return value
  return fromEntries(Object.entries(value).map(([key, member]) => [key, escapeVariables(member)] as const))
}

const NO_NAMES = { names: [], isWhole: false } as const

/** The variables of one text, and whether it is one of them and nothing else. What is no name is a mistake of its own. */
export function namesIn(text: string): { readonly names: readonly string[]; readonly isWhole: boolean } {
  if (!text.includes('${')) return NO_NAMES
  const names: string[] = []
  let isWhole = false
  // `matchAll` would copy the pattern for each text.
  VARIABLE_REFERENCE.lastIndex = 0
  for (let found = VARIABLE_REFERENCE.exec(text); found !== null; found = VARIABLE_REFERENCE.exec(text)) {
    const [whole, name] = found
    if (name === undefined || !whole.endsWith('}') || !VARIABLE_NAME.test(name)) continue
    names.push(name)
    isWhole ||= whole.length === text.length
  }
  return { names, isWhole }
}

/** Names of the variables in all texts of a value, each once. */
export function variablesIn(value: Json): readonly string[] {
  if (typeof value === 'string') return namesIn(value).names
  if (typeof value !== 'object' || value === null) return []
  return [...new Set(Object.values(value).flatMap(variablesIn))]
}

/**
 * The value with `${name}` replaced in every text (`$${` stands for `${`; what a variable brings is not read again; without a `lookup`, `${` means nothing), and what no declaration
 * may hold: private keys anywhere, numbers that JSON lacks, endless nesting, more than `mostValues`. Unchanged parts are the same objects.
 */
export function expand(value: Json, lookup: Lookup | null, mostValues = MAX_VALUES): Expansion {
  if (isPlain(value, lookup, { left: mostValues }, 0)) return { value, mistakes: [], isWhole: true }
  const walk = new ExpandWalk(lookup, mostValues)
  try {
    return { value: walk.any(value, 0), mistakes: walk.mistakes, isWhole: true }
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    return { value: null, mistakes: walk.mistakes.slice(-1), isWhole: false }
  }
}

/** Whether there is nothing to replace in a value and nothing to say about it: so it is for most, and this look costs half of a walk. */
function isPlain(value: Json, lookup: Lookup | null, values: { left: number }, depth: number): boolean {
  if (typeof value === 'string') {
    return !(lookup !== null && value.includes('${')) && !value.includes(PRIVATE_KEY)
  }
  if (typeof value === 'number')
    return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
  if (typeof value !== 'object' || value === null) return true
  if (depth >= MAX_DEPTH) return false
  if (Array.isArray(value)) {
    values.left -= value.length
    return values.left >= 0 && (value as readonly Json[]).every((item) => isPlain(item, lookup, values, depth + 1))
  }
  const object = value as JsonObject
  // `for in` is several times quicker than Object.keys on values fresh from a parser.
  for (const key in object) {
    values.left--
    if (values.left < 0 || !isPlain(object[key] as Json, lookup, values, depth + 1)) return false
  }
  return true
}

class Stop extends Error {}

class ExpandWalk {
  readonly lookup: Lookup | null
  readonly mostValues: number
  readonly mistakes: { path: SourcePath; message: string }[] = []
  readonly path: (string | number)[] = []
  seen = 0

  constructor(lookup: Lookup | null, mostValues: number) {
    this.lookup = lookup
    this.mostValues = mostValues
  }

  any(value: Json, depth: number): Json {
    if (typeof value === 'string') return this.text(value)
    if (typeof value === 'number') return this.number(value)
    if (typeof value !== 'object' || value === null) return value
    if (depth >= MAX_DEPTH) this.stop(tooDeep(MAX_DEPTH))
    if (this.seen > this.mostValues)
      this.stop(`the file expands to more than ${this.mostValues} values, because its aliases repeat each other`)
    if (isJsonObject(value)) return this.object(value, depth)
    return this.list(value, depth)
  }

  list(value: readonly Json[], depth: number): Json {
    let copy: Json[] | null = null
    for (const [index, item] of value.entries()) {
      this.seen++
      this.path.push(index)
      const next = this.any(item, depth + 1)
      this.path.pop()
      if (next !== item) copy ??= value.slice(0, index)
      copy?.push(next)
    }
    return copy ?? value
  }

  object(value: JsonObject, depth: number): Json {
    let copy: Record<string, Json> | null = null
    for (const key of Object.keys(value)) {
      this.seen++
      this.path.push(key)
      const item = value[key] as Json
      const next = this.any(item, depth + 1)
      this.path.pop()
      if (next === item) continue
      // A spread makes `__proto__` an own key, so writing to it stays harmless.
      copy ??= { ...value }
      copy[key] = next
    }
    return copy ?? value
  }

  number(value: number): Json {
    if (!Number.isFinite(value)) this.add('must be a finite number')
    else if (Number.isInteger(value) && !Number.isSafeInteger(value))
      this.add('is too large a number to be read exactly: put quotes around it')
    return value
  }

  text(value: string): Json {
    const expanded = this.lookup !== null && value.includes('${') ? this.replace(value, this.lookup) : value
    if (expanded.includes(PRIVATE_KEY)) {
      this.add(
        'this is a PRIVATE key: remove it, treat it as leaked, and declare the public key or its thumbprint_sha256',
      )
      return ''
    }
    return expanded
  }

  replace(value: string, lookup: Lookup): string {
    return value.replaceAll(VARIABLE_REFERENCE, (whole: string, name: string | undefined) => {
      if (name === undefined) return '${'
      if (!whole.endsWith('}') || !VARIABLE_NAME.test(name)) {
        this.add('${ begins a variable, and name} must follow: write $${ for the characters themselves')
        return whole
      }
      const given = lookup(name)
      if (given === undefined) {
        this.add(
          `the variable ${name} has no value: give it as a variable of this name or as TENANT_DRIFT_VAR_${name} in the environment`,
        )
      }
      return given ?? whole
    })
  }

  add(message: string): void {
    this.mistakes.push({ path: [...this.path], message })
  }

  stop(message: string): never {
    this.mistakes.push({ path: this.path.slice(0, SHOWN_DEPTH), message })
    throw new Stop()
  }
}
