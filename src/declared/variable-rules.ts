import { MistakesError } from '../schema/errors.ts'
import type { Lookup } from './expand.ts'
import { MistakeBook } from './mistake-book.ts'
import type { VariableUse } from './variable-uses.ts'

/** What a value needs, to be found and hidden wherever it comes up. */
const SHORTEST_SECRET = 8
/** Beside other text in a secret field: less could be guessed from the rest. */
const SHORTEST_PART = 16

export interface VariableRules {
  /** Values of credentials. A variable that holds one, or a part of one, is secret. */
  readonly credentials?: readonly string[]
  /** Names of variables that are secret, whatever these sources do with them: the other side of a comparison may use them so. */
  readonly secretVariables?: ReadonlySet<string>
  /**
   * Where a change is judged: names that its base uses outside of secret fields. What the environment holds under another name a change could print, for
   * nobody of this run ever said what it is. Null: no change is judged.
   */
  readonly plainInBase?: ReadonlySet<string> | null
  /** Told of each secret value before any message can hold it. */
  readonly onSecret?: (value: string) => void
}

/** Names of variables by what a declaration does with them. */
export interface VariableNames {
  readonly secret: ReadonlySet<string>
  readonly plain: ReadonlySet<string>
}

export function variableNames(uses: readonly VariableUse[]): VariableNames {
  const names = (isSecret: boolean) => new Set(uses.filter((use) => use.isSecret === isSecret).map(({ name }) => name))
  return { secret: names(true), plain: names(false) }
}

/** Judges where variables stand, before any of them is replaced. */
export class VariableJudge {
  readonly rules: VariableRules
  readonly lookup: Lookup
  /** Variables that the caller gave by name; all others come from the environment. */
  readonly given: Readonly<Record<string, string>>
  readonly #told = new Set<string>()

  constructor(rules: VariableRules, lookup: Lookup, given: Readonly<Record<string, string>>) {
    this.rules = rules
    this.lookup = lookup
    this.given = given
  }

  /**
   * Notes what is refused, and tells of every secret value.
   * @throws MistakesError `invalid_declaration`: nothing may be replaced then, for the value would stand in other messages
   */
  check(uses: readonly VariableUse[]): void {
    const secret = this.#secretNames(uses)
    for (const name of secret) this.#tell(name)
    const book = new MistakeBook()
    for (const use of uses) {
      const why = use.isSecret ? this.#whyWeak(use) : this.#whyNotPlain(use.name, secret)
      if (why === null) continue
      this.#tell(use.name)
      book.addAt(use.source, use.path, why)
    }
    if (!book.isEmpty) throw new MistakesError('invalid_declaration', book.all())
  }

  /** Whether a variable may stand in the open, as far as `uses` tell. */
  plainBy(uses: readonly VariableUse[]): (name: string) => boolean {
    const secret = this.#secretNames(uses)
    return (name) => this.#whyNotPlain(name, secret) === null
  }

  #secretNames(uses: readonly VariableUse[]): ReadonlySet<string> {
    const holdsCredential = uses.filter(({ name }) => this.#isCredential(this.lookup(name)))
    return new Set([
      ...(this.rules.secretVariables ?? []),
      ...variableNames(uses).secret,
      ...holdsCredential.map(({ name }) => name),
    ])
  }

  #whyNotPlain(name: string, secret: ReadonlySet<string>): string | null {
    if (secret.has(name)) {
      const why = this.#isCredential(this.lookup(name)) ? 'holds a credential' : 'stands for a secret'
      return `the variable ${name} ${why}, so it may only be used in a secret field (signing_secret)`
    }
    const { plainInBase = null } = this.rules
    if (plainInBase === null || plainInBase.has(name) || Object.hasOwn(this.given, name)) return null
    if (this.lookup(name) === undefined) return null
    return `the variable ${name} comes from the environment, and the base of this change does not use it outside of secret fields: give it with --var, or under variables in the configuration`
  }

  #whyWeak({ name, isWhole }: VariableUse): string | null {
    const { length } = this.lookup(name) ?? { length: Infinity }
    if (length < SHORTEST_SECRET) {
      return `the variable ${name} is shorter than ${SHORTEST_SECRET} characters, and a value this short cannot be hidden`
    }
    if (isWhole || length >= SHORTEST_PART) return null
    return `the variable ${name} is only a part of this secret and shorter than ${SHORTEST_PART} characters: make it the whole value`
  }

  #isCredential(value: string | undefined): boolean {
    if (value === undefined || value === '') return false
    return (this.rules.credentials ?? []).some(
      (credential) =>
        value === credential ||
        (credential.length >= SHORTEST_SECRET && value.includes(credential)) ||
        (value.length >= SHORTEST_SECRET && credential.includes(value)),
    )
  }

  #tell(name: string): void {
    const value = this.lookup(name)
    if (value === undefined || this.#told.has(name)) return
    this.#told.add(name)
    this.rules.onSecret?.(value)
  }
}
