import { rowsByAttribute } from '../../src/sources/provider-names.ts'
import { FIELDS } from '../../src/schema/fields.ts'

/** Attributes of the provider that stand for no setting of the tenant. */
const NO_SETTING: ReadonlySet<string> = new Set(['verificationLocation', 'disable'])

/** The provider's blocks, by the row that each stands for; null is the resource itself. */
const BLOCKS: readonly (readonly [type: string, row: string | null])[] = [
  ['ResourceServerArgs', null],
  ['ResourceServerAuthorizationDetail', 'authorization_details'],
  ['ResourceServerAuthorizationPolicy', 'authorization_policy'],
  ['ResourceServerProofOfPossession', 'proof_of_possession'],
  ['ResourceServerScopesScope', 'scopes'],
  ['ResourceServerSubjectTypeAuthorization', 'subject_type_authorization'],
  ['ResourceServerSubjectTypeAuthorizationClient', 'subject_type_authorization.client'],
  ['ResourceServerSubjectTypeAuthorizationUser', 'subject_type_authorization.user'],
  ['ResourceServerTokenEncryption', 'token_encryption'],
  ['ResourceServerTokenEncryptionEncryptionKey', 'token_encryption.encryption_key'],
]

/** Attributes of the provider's resource server that we have no name for. `texts` are its files of declarations. */
export function providerGaps(texts: readonly string[]): readonly string[] {
  return BLOCKS.flatMap(([type, path]) => {
    const pattern = new RegExp(`export interface ${type} \\{(.*?)\\n\\s*\\}\\n`, 's')
    const body = texts.map((text) => pattern.exec(text)?.[1]).find((found) => found !== undefined)
    if (body === undefined) throw new Error(`the provider has no type ${type}: its files are laid out otherwise now`)
    const known = rowsByAttribute(FIELDS.find((row) => row.path === path) ?? null, 'pulumi')
    return [...body.matchAll(/^\s+(\w+)\??: /gm)]
      .map(([, name = '']) => name)
      .filter((name) => !known.has(name) && !NO_SETTING.has(name))
      .map((name) => `${path ?? 'the resource'}: the attribute ${name} has no name here`)
  })
}
