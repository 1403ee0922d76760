import type { Json } from '../schema/json.ts'

/** The key of one instance: of `for_each` a text, of `count` a number; null without either. */
export type InstanceKey = string | number | null

/** A module inside modules, from the root: `module.outer.module.inner["a"]`. */
export type ModuleSteps = readonly { readonly name: string; readonly key: InstanceKey }[]

const KEY = String.raw`\[(?:"((?:[^"\\]|\\.)*)"|(\d+))\]`
const MODULE = new RegExp(String.raw`^module\.([\w-]+)(?:${KEY})?(?:\.|$)`)
const ADDRESS_REFERENCE = new RegExp(String.raw`^([\w-]+)\.([\w-]+)(?:${KEY})?(?:\.([\w-]+))?`)

/** The steps of `module_address`; none for the root, null where it cannot be understood. */
export function moduleSteps(address: Json | undefined): ModuleSteps | null {
  if (address === undefined || address === null) return []
  if (typeof address !== 'string') return null
  const steps: { name: string; key: InstanceKey }[] = []
  let rest = address
  while (rest !== '') {
    const [whole, name, text, number] = MODULE.exec(rest) ?? []
    if (whole === undefined || name === undefined) return null
    steps.push({ name, key: instanceKey(text, number) })
    rest = rest.slice(whole.length)
  }
  return steps
}

/** What an expression refers to: `auth0_resource_server.x["a"].id`, `module.m.id`, `each.value.id`, `var.name`. */
export interface Reference {
  /** `auth0_resource_server`, `module`, `each`, `var`, `local`, `data`. */
  readonly root: string
  readonly name: string
  /** Null where the expression names none, or one that is computed (`x[each.key]`). */
  readonly key: InstanceKey
  readonly member: string | null
}

/** Null where it is a bare word. */
export function parseReference(text: string): Reference | null {
  const [, root, name, quoted, number, member] = ADDRESS_REFERENCE.exec(text) ?? []
  if (root === undefined || name === undefined) return null
  return { root, name, key: instanceKey(quoted, number), member: member ?? null }
}

function instanceKey(quoted: string | undefined, number: string | undefined): InstanceKey {
  if (number !== undefined) return Number(number)
  return quoted === undefined ? null : unquoteHcl(quoted)
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

/** A text as HCL quotes it in an address: `\"`, and `$${` for `${`. */
function unquoteHcl(text: string): string {
  return text
    .replaceAll(/\\(u[0-9a-fA-F]{4}|.)/g, (_, escape: string) =>
      escape.length === 5 ? String.fromCharCode(Number.parseInt(escape.slice(1), 16)) : (ESCAPES[escape] ?? escape),
    )
    .replaceAll('$${', () => '${')
    .replaceAll('%%{', () => '%{')
}
