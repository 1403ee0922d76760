import type { DeclaredApi, DeclaredState } from '../schema/declared.ts'
import { MistakesError } from '../schema/errors.ts'
import { near } from '../schema/near.ts'
import { lookupVariables, type Lookup } from '../declared/expand.ts'
import { findFiles, type DeclaredFiles, type ReadContext } from '../declared/files.ts'
import { loadFiles } from '../declared/load-files.ts'
import { leftOutTexts } from '../declared/passed-by.ts'
import { splitSource } from '../declared/source-kind.ts'
import { MistakeBook } from '../declared/mistake-book.ts'
import { combineInTurns, NOTHING_MORE, secretsIn, type SourceState } from '../declared/state.ts'
import { variableNames, VariableJudge, type VariableNames, type VariableRules } from '../declared/variable-rules.ts'
import type { VariableUse } from '../declared/variable-uses.ts'
import { nodeFiles } from './node-files.ts'
import type { ProjectFiles } from './trusted-project.ts'
import type { Environment } from '../schema/environment.ts'

export { exportStack } from './export-stack.ts'
export { nodeFiles } from './node-files.ts'
export { OWNERS, wholeInput } from './pulumi-ignored.ts'
export { providerKind, providerPath, providerStyle, rowsByAttribute } from './provider-names.ts'
export type { ProviderKind } from './provider-names.ts'
export { pathOf, pulumiEnvironment } from './pulumi-environment.ts'
export { withoutEncrypted } from './pulumi-secret.ts'

export interface ParseOptions extends VariableRules {
  readonly variables: Readonly<Record<string, string>>
  /** Where a variable that is not among `variables` may come from, as `TENANT_DRIFT_VAR_name`. `pulumi:` hands it to the CLI; nothing else of it is looked at. */
  readonly env?: Environment
  /** What the sources are read as; only messages differ. */
  readonly role?: 'declared' | 'base'
  /** Sources that name nothing declare nothing: as of an earlier commit, which may have had none of them yet. */
  readonly mayBeAbsent?: boolean
}

export interface ReadOptions extends ParseOptions {
  /** The folder that relative paths begin from. */
  readonly cwd: string
  /** Where a change is judged: what its base holds, with paths relative to `cwd`. A project of Pulumi is then read from there. */
  readonly trusted?: ProjectFiles | null
}

/** A kind of SOURCE, and what its APIs are worth as a base. */
interface SourceKind
  extends Pick<DeclaredApi, 'lacksSecrets' | 'holdsComputed' | 'isReadBack'>, Pick<DeclaredState, 'lacksElsewhere'> {
  /** The declared files it names, or what it says by itself. Null where the mistake is noted already. */
  readonly read: (
    path: string,
    context: ReadContext,
  ) => Promise<{ readonly files: readonly string[] } | { readonly later: Later } | SourceState | null>
}

/** Reads what a source says once the variables of all of them were judged. Null where the mistake is noted already. */
type Later = () => Promise<SourceState | null>

/** What may stand before the colon of a SOURCE, each loaded when it is named. Another way to declare APIs is another row. */
const SOURCE_KINDS: Readonly<Record<string, SourceKind>> = {
  files: { read: async (path, context) => ({ files: await findFiles(path, context) }) },
  'pulumi-stack': {
    read: async (path, context) => (await import('./pulumi-stack.ts')).readPulumiStack(path, context),
    lacksSecrets: true,
    lacksElsewhere: true,
    isReadBack: true,
  },
  pulumi: {
    read: async (path, context) => (await import('./pulumi-project.ts')).readPulumiProject(path, context),
    lacksSecrets: true,
    lacksElsewhere: true,
    isReadBack: true,
  },
  'pulumi-preview': {
    read: async (path, context) => (await import('./pulumi-preview.ts')).readPulumiPreview(path, context),
    lacksElsewhere: true,
  },
  a0deploy: {
    read: async (path, context) => ({ later: await (await import('./a0deploy.ts')).openDeployFiles(path, context) }),
    lacksElsewhere: true,
  },
  tfplan: {
    read: async (path, context) => (await import('./tfplan.ts')).readTerraformPlan(path, context),
    lacksElsewhere: true,
  },
  tfstate: {
    read: async (path, context) => (await import('./tfstate.ts')).readTerraformState(path, context),
    holdsComputed: true,
    lacksElsewhere: true,
    isReadBack: true,
  },
}

/**
 * What the sources declare: each an existing file, a glob, or `KIND:PATH`. Throws a `MistakesError` (`invalid_declaration`) with all mistakes
 * at once; a declaration is never read as less than it says.
 */
export function readDeclared(sources: readonly string[], options: ReadOptions): Promise<DeclaredState> {
  return parseDeclaredFiles(sources, nodeFiles(options.cwd, options.env, options.trusted), options)
}

/** `readDeclared` over a file system of the caller's: one commit of a repository, or a test's. */
export async function parseDeclaredFiles(
  sources: readonly string[],
  files: DeclaredFiles,
  options: ParseOptions,
): Promise<DeclaredState> {
  const opened = await openDeclared(sources, files, options)
  return opened.read()
}

/** Sources that were loaded: parsed, and nothing more. */
export interface OpenedDeclaration {
  /** The variables in them, by where they stand. */
  readonly variables: VariableNames
  /**
   * What they declare. `secretVariables`: names that turned out to be secret meanwhile, on the other side of a comparison.
   * @throws MistakesError `invalid_declaration`
   */
  read(secretVariables?: ReadonlySet<string>): Promise<DeclaredState>
}

/**
 * The first half of `parseDeclaredFiles`: where two sides are compared, both are opened before either is read, because a variable that stands for a secret on
 * one side is a secret on the other.
 * @throws MistakesError `invalid_declaration` where a variable stands where it may not; nothing was replaced then
 */
export async function openDeclared(
  sources: readonly string[],
  files: DeclaredFiles,
  options: ParseOptions,
): Promise<OpenedDeclaration> {
  const opened = await openSources(sources, files, options)
  return {
    variables: variableNames(opened.uses),
    read: async (secretVariables = new Set()) => (await opened.read(secretVariables)).state,
  }
}

/**
 * Reads the same sources again and again, over whatever file system is handed in: as files are edited. `more`: variables that nobody has given yet.
 * What it answers with says of every file what it holds, and what all of them declare together.
 */
export function rereading(
  sources: readonly string[],
  options: ParseOptions,
): (files: DeclaredFiles, more: Readonly<Record<string, string>>) => Promise<ReadAll> {
  return async (files, more) => {
    const opened = await openSources(sources, files, { ...options, variables: { ...options.variables, ...more } })
    return opened.read()
  }
}

/** All that was read of the sources. */
export interface ReadAll {
  readonly fromFiles: readonly SourceState[]
  readonly others: readonly SourceState[]
  readonly lookup: Lookup
  readonly state: DeclaredState
}

interface OpenedSources {
  readonly uses: readonly VariableUse[]
  readonly read: (secretVariables?: ReadonlySet<string>) => Promise<ReadAll>
}

async function openSources(
  sources: readonly string[],
  files: DeclaredFiles,
  options: ParseOptions,
): Promise<OpenedSources> {
  const { variables, onSecret } = options
  const book = new MistakeBook()
  const lookup = lookupVariables(variables, options.env ?? {})
  const uses: VariableUse[] = []
  const judge = new VariableJudge(options, lookup, variables)
  const { mayBeAbsent = false } = options
  const context: ReadContext = { files, lookup, book, judge, uses, mayBeAbsent, passedBy: [] }
  if (sources.length === 0) {
    book.addOf(null, `no ${options.role ?? 'declared'} source is given: name a file, a glob or KIND:PATH`)
  }
  const paths: string[] = []
  const others: Later[] = []
  for (const source of sources) {
    const read = await readSource(source, context)
    if (read === null) continue
    if ('files' in read) paths.push(...read.files)
    else others.push('later' in read ? read.later : () => Promise.resolve(read))
  }
  const loaded = await loadFiles(paths, context)
  judge.check(uses)
  if (loaded.isOpaque && uses.length > 0) throw new MistakesError('invalid_declaration', book.all())
  return {
    uses,
    async read(secretVariables = new Set()) {
      if (secretVariables.size > 0) {
        const secret = new Set([...(options.secretVariables ?? []), ...secretVariables])
        new VariableJudge({ ...options, secretVariables: secret }, lookup, variables).check(uses)
      }
      const fromFiles = await loaded.states()
      const states: SourceState[] = []
      for (const later of others) {
        const state = await later()
        if (state !== null) states.push(state)
      }
      const said = [...fromFiles, ...states]
      const all = mayBeAbsent && said.length === 0 ? [{ ...NOTHING_MORE, file: null, apis: [] }] : said
      for (const secret of secretsIn(all)) onSecret?.(secret)
      const leftOut = leftOutTexts(context.passedBy, loaded.read)
      const together = await combineInTurns(all, book)
      const state = leftOut.length === 0 ? together : { ...together, leftOut }
      return { fromFiles, others: states, lookup, state }
    },
  }
}

async function readSource(source: string, context: ReadContext): ReturnType<SourceKind['read']> {
  const { kind: name, path } = splitSource(source)
  const isFile = name === null || (await context.files.kindOf(source)) !== null
  if (isFile) return { files: await findFiles(source, context) }
  const kind = Object.hasOwn(SOURCE_KINDS, name) ? SOURCE_KINDS[name] : undefined
  if (kind === undefined) {
    const kinds = Object.keys(SOURCE_KINDS)
    const [meant] = near(name.toLowerCase(), kinds)
    const all = `known: ${kinds.join(', ')}, or a file or glob without a kind`
    context.book.addOf(
      source,
      `${name} is not a kind of source; ${meant === undefined ? all : `did you mean ${meant}:?`}`,
    )
    return null
  }
  const { read: readKind, ...worth } = kind
  const read = await readKind(path, context)
  if (read === null || 'files' in read) return read
  if (!('later' in read)) return { ...read, ...worth }
  return { later: () => read.later().then((state) => (state === null ? null : { ...state, ...worth })) }
}
