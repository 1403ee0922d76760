import { readCredentialFile } from '../notify/front.ts'
import { own } from '../schema/json.ts'
import type { Io } from './io.ts'

/** Where a token stands: a variable, or a file in its place. */
export interface NamedToken {
  readonly token_variable?: string | undefined
  readonly token_file?: string | undefined
}

/** What is said of where it stands. */
export function placeOfToken({ token_variable: variable, token_file: file }: NamedToken): string {
  return variable === undefined ? `file ${file}` : `variable ${variable}`
}

/** The token, now, hidden from then on; '' where the variable is not set, or the file is empty. `why` goes behind its place. */
export function readToken(
  { token_variable: variable, token_file: file }: NamedToken,
  folder: string,
  { env, secrets }: Pick<Io, 'env' | 'secrets'>,
): string | { readonly why: string } {
  const found = variable === undefined ? readCredentialFile(folder, file ?? '') : (own(env, variable) ?? '')
  if (typeof found !== 'string') return found
  const token = found.trim()
  secrets.add(token)
  return token
}
