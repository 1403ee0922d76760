import { MistakesError } from '../schema/errors.ts'

/** Why a file was not written: of its name, as messages have it, and never of what it holds. */
export function notWritten(message: string): MistakesError {
  return new MistakesError('invalid_config', [{ file: null, line: null, column: null, message }])
}
