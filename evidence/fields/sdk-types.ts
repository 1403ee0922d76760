/** A type of an SDK that is made from the API's own schema: its members, its values, or another name for something. Type texts are the SDK's own. */
export type SdkType =
  | { readonly kind: 'object'; readonly members: ReadonlyMap<string, string> }
  | { readonly kind: 'values'; readonly values: readonly string[] }
  | { readonly kind: 'alias'; readonly text: string }

export type SdkTypes = ReadonlyMap<string, SdkType>

/** Of `auth0` on npm: one file of declarations. */
export function nodeTypes(text: string): SdkTypes {
  const types = new Map<string, SdkType>()
  for (const [, name = '', body = ''] of text.matchAll(/^export interface (\w+)[^{\n]*\{\n(.*?)^\}/gms)) {
    const members = [...body.matchAll(/^ {4}(\w+)\??: ([^;]+);/gm)]
    types.set(name, { kind: 'object', members: new Map(members.map(([, key = '', type = '']) => [key, type])) })
  }
  for (const [, name = '', body = ''] of text.matchAll(/^export declare const (\w+): \{\n(.*?)^\};/gms))
    types.set(name, { kind: 'values', values: textsIn(body) })
  for (const [, name = '', type = ''] of text.matchAll(/^export type (\w+) = ([^;]+);/gm))
    if (!types.has(name)) types.set(name, { kind: 'alias', text: type })
  return types
}

/** Of `auth0-python`: a module for each type. */
export function pythonTypes(modules: readonly string[]): SdkTypes {
  const types = new Map<string, SdkType>()
  for (const text of modules) {
    for (const [, name = '', body = ''] of text.matchAll(/^class (\w+)\(\w*Model\):\n((?: {4}.*\n|\n)*)/gm)) {
      const members = [...body.matchAll(/^ {4}(\w+): (.+?)(?: = .*)?$/gm)]
      types.set(name, { kind: 'object', members: new Map(members.map(([, key = '', type = '']) => [key, type])) })
    }
    for (const [, name = '', type = ''] of text.matchAll(
      /^(\w+) = (typing\.(?:.|\n)*?)(?=\n\n|\n"""|\n*$(?![\s\S]))/gm,
    )) {
      const values = type.includes('Literal[') ? textsIn(type) : []
      types.set(name, values.length > 0 ? { kind: 'values', values } : { kind: 'alias', text: type })
    }
  }
  return types
}

function textsIn(text: string): readonly string[] {
  return [...text.matchAll(/"([^"]+)"/g)].map(([, value = '']) => value)
}
