import { inputVariable } from '../../src/action/inputs.ts'
import { actionInputs } from '../../src/schema/action-inputs.ts'
import { withMarked } from './marked.ts'

/** action.yml with its inputs, and the variables that hand them over: a composite action gets none by itself. */
export function actionFile(text: string): string {
  const inputs = actionInputs().map(
    ({ name, sentence, fallback }) =>
      `  ${name}:\n    description: ${quoted(sentence)}\n    default: ${quoted(fallback)}`,
  )
  const handed = actionInputs().map(({ name }) => `        ${inputVariable(name)}: \${{ inputs.${name} }}`)
  return withMarked(withMarked(text, 'inputs', inputs.join('\n'), 'yaml'), 'environment', handed.join('\n'), 'yaml')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
