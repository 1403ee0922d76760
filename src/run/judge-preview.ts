import { judgeFindings, sortOut, type SortedFindings } from '../compare/front.ts'
import type { Agreed } from '../declared/agreed.ts'
import type { Compared } from './compare-sides.ts'

/**
 * What a comparison comes to in a preview: as the command judges it without settings of its own, for what else decides there are the policies. `isPart`:
 * not all of the program was compared.
 */
export function judgePreview(
  { comparison, isWhole }: Compared,
  { rules, shared }: Pick<Agreed, 'rules' | 'shared'>,
  { today, isPart }: { readonly today: string; readonly isPart: boolean },
): SortedFindings {
  return sortOut(
    judgeFindings(comparison, {
      gate: 'all',
      rules,
      usedElsewhere: shared,
      today,
      previous: null,
      onlyNew: false,
      failOn: 'any',
      strictRules: false,
      targets: null,
      isPart: isPart || !isWhole,
    }),
  )
}
