import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { gapsIn } from '../../evidence/fields/gaps.ts'
import { providerGaps } from '../../evidence/fields/provider-gaps.ts'
import { nodeTypes, pythonTypes } from '../../evidence/fields/sdk-types.ts'
import { FIELDS } from '../../src/schema/fields.ts'

const MODULES = new URL('../../node_modules/', import.meta.url)
const read = (file: string): string => readFileSync(new URL(file, MODULES), 'utf8')

const PYTHON = [
  `import typing

class ResourceServer(UniversalBaseModel):
    """
    No member: it is text.
    """

    identifier: typing.Optional[str] = pydantic.Field(default=None)
    """
    The audience.
    """

    signing_alg: typing.Optional[SigningAlgorithmEnum] = None
    new_switch: typing.Optional[bool] = pydantic.Field(default=None)
    access_token: typing.Optional[ResourceServerAccessToken] = None

    if IS_PYDANTIC_V2:
        model_config: typing.ClassVar[pydantic.ConfigDict] = pydantic.ConfigDict(extra="allow", frozen=True)
`,
  `class ResourceServerAccessToken(UniversalBaseModel):
    claims_mapping: typing.Optional[ClaimsMapping] = None
    audience_list: typing.Optional[bool] = None
`,
  `class ClaimsMapping(UniversalBaseModel):
    custom_claims: typing.Optional[CustomClaims] = None
`,
  `CustomClaims = typing.List[CustomClaim]
"""
Each of them.
"""
`,
  `class CustomClaim(UniversalBaseModel):
    name: str
    expression: str
    fallback: typing.Optional[str] = None
`,
  `SigningAlgorithmEnum = typing.Union[
    typing.Literal["HS256", "RS256", "ES384"], typing.Any
]
`,
]

describe('the types of an SDK', () => {
  it('of auth0 for Node, as it is pinned here, know nothing that no row knows', () => {
    const types = nodeTypes(read('auth0/dist/cjs/management/api/types/types.d.ts'))
    expect(gapsIn(types, 'ResourceServer')).toEqual([])
    expect(gapsIn(types, 'GetResourceServerResponseContent')).toEqual([])
  })

  it('name what no row knows: keys at any depth, and values', () => {
    expect(gapsIn(pythonTypes(PYTHON), 'ResourceServer')).toEqual([
      'access_token.audience_list is in no row',
      'access_token.claims_mapping.custom_claims.*.fallback is in no row',
      'new_switch is in no row',
      'signing_alg: the value "ES384" is in no row',
    ])
  })

  it('are read deep enough to miss a row that is taken away', () => {
    const types = nodeTypes(read('auth0/dist/cjs/management/api/types/types.d.ts'))
    const gone = ['token_lifetime', 'token_encryption.encryption_key.kid', 'scopes.*.description']
    const fewer = FIELDS.filter(({ path }) => !gone.includes(path))
    expect(gapsIn(types, 'ResourceServer', fewer)).toEqual(gone.map((path) => `${path} is in no row`).toSorted())
  })

  it('that are laid out otherwise are no proof of anything', () => {
    expect(() => gapsIn(nodeTypes(''), 'ResourceServer')).toThrow('laid out otherwise')
    expect(() => providerGaps([''])).toThrow('laid out otherwise')
  })

  it('of the provider, as it is pinned here, have no attribute without a name, and a new one would be named', () => {
    const texts = ['resourceServer.d.ts', 'types/input.d.ts'].map((file) => read(`@pulumi/auth0/${file}`))
    expect(providerGaps(texts)).toEqual([])
    const newer = texts.map((text) =>
      text.replace(
        'export interface ResourceServerArgs {\n',
        'export interface ResourceServerArgs {\n    accessToken?: x;\n',
      ),
    )
    expect(providerGaps(newer)).toEqual(['the resource: the attribute accessToken has no name here'])
  })
})
