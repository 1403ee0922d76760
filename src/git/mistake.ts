import { MistakesError } from '../schema/errors.ts'

/** What git, a repository or a ref lacks. What git itself says may be in any language and about anything: callers know what they asked. */
export function gitMistake(message: string): MistakesError {
  return new MistakesError('invalid_config', [{ file: null, line: null, column: null, message }])
}
