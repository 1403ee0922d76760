import { isJsonObject, type Json } from '../../src/schema/json.ts'

/** Stands in every place where a secret may be: it must never be seen again. */
export const PLANTED = 'planted-0123456789abcdef'

/** Whether the planted value still stands where secrets stand, and nowhere else: damage may have put it under a name that says nothing. */
export function isOnlySecret(text: string): boolean {
  const places = text.split(PLANTED).slice(0, -1)
  return places.every((before) => /"(signing_secret|access_token|client_secret)":"$/.test(before))
}

/** Texts that no JSON value of ours becomes by itself; each stands for what is written in its place. */
export const RAW: Readonly<Record<string, () => string>> = {
  '@huge': () => '1e400',
  '@tiny': () => '-1e-400',
  '@digits': () => '9'.repeat(400),
  '@minus-zero': () => '-0',
  '@lone': () => '"\\ud800"',
  '@pair-turned': () => '"\\udc00\\ud800"',
  '@deep': () => '['.repeat(5000) + ']'.repeat(5000),
  '@deep-objects': () => '{"a":'.repeat(300) + '1' + '}'.repeat(300),
  '@prototype': () => '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
  '@twice': () => '{"a":1,"a":2}',
  '@nothing': () => '',
  '@not-a-number': () => 'NaN',
  '@comment': () => '/* no */ 1',
  '@zero-byte': () => '"\\u0000\\u001b[31m\\u202e"',
}

/** Values that surprise whoever expects another. */
export const STRANGE: readonly Json[] = [
  '',
  ' ',
  '__proto__',
  'toString',
  '<script>',
  '${env}',
  '::error::x',
  0,
  -1,
  1.5,
  true,
  null,
  [],
  {},
  [[]],
]

export interface Wound {
  readonly at: number
  readonly how: 'value' | 'key' | 'gone' | 'more'
  readonly value: Json
}

/** The value with one place of it changed; places are counted in the order of writing, from the whole on. */
export function wounded(value: Json, { at, how, value: instead }: Wound): Json {
  const target = at % countOf(value)
  let place = -1
  const visit = (one: Json): Json => {
    place += 1
    if (place === target && how === 'value') return instead
    if (place === target && how === 'more') return grown(one, instead)
    const isHere = place === target
    if (Array.isArray(one)) return (one as readonly Json[]).map(visit)
    if (!isJsonObject(one)) return one
    const entries = Object.entries(one).map(([key, member]) => [key, visit(member)] as const)
    if (!isHere || entries.length === 0) return Object.fromEntries(entries)
    const [first, ...rest] = entries
    if (how === 'gone') return Object.fromEntries(rest)
    return Object.fromEntries([[JSON.stringify(instead), first?.[1] ?? null], ...rest])
  }
  return visit(value)
}

function grown(value: Json, more: Json): Json {
  if (Array.isArray(value)) return [...(value as readonly Json[]), more]
  return isJsonObject(value) ? { ...value, more } : [value, more]
}

function countOf(value: Json): number {
  if (typeof value !== 'object' || value === null) return 1
  return Object.values(value as Record<string, Json>).reduce<number>((sum, child) => sum + countOf(child), 1)
}

/** As JSON, with what stands for raw texts written so. */
export function textOf(value: Json): string {
  return JSON.stringify(value).replaceAll(/"(@[a-z-]+)"(?!:)/g, (whole, name: string) => RAW[name]?.() ?? whole)
}
