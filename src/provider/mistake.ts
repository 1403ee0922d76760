import { MistakesError } from '../schema/errors.ts'

/** One mistake of a program or its files, which has no line. */
export function mistake(message: string): MistakesError {
  return new MistakesError('invalid_declaration', [{ file: null, line: null, column: null, message }])
}
