/**
 * Why something could not be read or understood. Callers switch on the code, never on the text.
 * What a tenant's own answers become: docs/tenant.md has a row for each.
 */
export const ERROR_CODES = {
  unauthorized: 'the tenant refused the token or the client credentials',
  insufficient_scope: 'the token lacks read:resource_servers',
  wrong_audience: 'the token or the audience belongs to another API or tenant',
  not_found: 'the tenant has no such address',
  bad_request: 'the tenant refused the request as invalid',
  rate_limited: 'the rate limit did not let the reading end within its deadline',
  request_limit: 'the run would need more requests than it may send',
  timed_out: 'the tenant did not answer within the deadline',
  unreachable: 'no connection: name, network, refused, reset, TLS, or a proxy that lets nothing through',
  server_error: 'the tenant answered with a server error',
  malformed_body: 'the answer is not complete JSON',
  unexpected_shape: 'the answer is JSON, but not of the shape that the endpoint has',
  unstable_list: 'the list changed while it was read, again and again',
  implausible_list: 'the list lacks the Management API of its own tenant, so it proves nothing',
  incomplete_inventory: 'the tenant refuses to list all its APIs',
  snapshot_too_old: 'the snapshot file is older than allowed',
  snapshot_other_tenant: 'the snapshot file was taken of another tenant',
  snapshot_altered: 'the snapshot file does not match its own digest',
  snapshot_incomplete: 'the snapshot file is not a complete reading',
  key_without_thumbprint: 'the tenant names no thumbprint of its encryption key, so the key cannot be compared',
  wrong_type: 'a live value has a JSON type that the field cannot have',
  secret_unreadable: 'the live signing secret could not be read',
  declared_unreadable: 'a declared value could not be read, so it was not compared',
  invalid_declaration: 'the declared state has mistakes',
  invalid_config: 'the configuration has mistakes',
  not_fetched: 'the followed repository, which says what is declared, could not be fetched',
  invalid_report: 'the file is not a report of tenant-drift, or it is one of another version',
  history_unusable: 'the history could not be read or written',
  unknown_input: 'an input is not known yet',
  bug: 'a bug in tenant-drift kept it from checking the tenant',
} as const

export type ErrorCode = keyof typeof ERROR_CODES

/** Where a mistake stands. `line` and `column` count from 1. */
export interface FilePlace {
  readonly file: string | null
  readonly line: number | null
  readonly column: number | null
}

export const NOWHERE: FilePlace = { file: null, line: null, column: null }

/** One mistake in a declared file or a configuration: what, where, what to do. Never holds a secret value. */
export interface Mistake extends FilePlace {
  readonly message: string
}

/** The one base class of expected failures. Its message never holds a token, a secret or a response body. */
export class TenantDriftError extends Error {
  override readonly name: string = 'TenantDriftError'
  readonly code: ErrorCode
  /** What the reader can do about it; one sentence. */
  readonly advice: string

  constructor(code: ErrorCode, message: string, advice: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
    this.advice = advice
  }
}

/** All mistakes of a declaration or configuration at once. */
export class MistakesError extends TenantDriftError {
  override readonly name = 'MistakesError'
  readonly mistakes: readonly Mistake[]

  constructor(code: 'invalid_declaration' | 'invalid_config', mistakes: readonly Mistake[]) {
    const lines = mistakes.map((each) => `${placeText(each)}${each.message}`)
    const advice = code === 'invalid_config' ? 'Fix it and run again.' : 'Fix these places and run again.'
    super(code, lines.join('\n'), advice)
    this.mistakes = mistakes
  }
}

/** What a log says of a mistake of ours: where it happened, too. */
export function bugText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : 'unknown error'
}

/** A mistake that stands in no file. */
export function mistake(message: string): Mistake {
  return { ...NOWHERE, message }
}

export function configMistake(...messages: readonly string[]): MistakesError {
  return new MistakesError('invalid_config', messages.map(mistake))
}

export function declarationMistake(...messages: readonly string[]): MistakesError {
  return new MistakesError('invalid_declaration', messages.map(mistake))
}

/** An error with a code, as Node's are that come from the system. It says nothing else. */
export function systemError(code: string): Error {
  return Object.assign(new Error(code), { code })
}

/** The code that Node gives an error (`ENOENT`); empty where it has none. */
export function systemCode(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null
  return typeof code === 'string' ? code : ''
}

/** A place as a sentence names it: `file:line:column`, or as much of it as is known; empty when nothing is. */
export function placeName({ file, line, column }: FilePlace): string {
  return file === null ? '' : [file, line, column].filter((part) => part !== null).join(':')
}

/** The same before a message: `file:line:column: `, or as much of it as is known; empty when nothing is. */
export function placeText(place: FilePlace): string {
  const name = placeName(place)
  return name === '' ? '' : `${name}: `
}
