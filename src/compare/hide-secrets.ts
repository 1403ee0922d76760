import type { DeclaredApi } from '../schema/declared.ts'
import { worstSeverity } from '../schema/examples.ts'
import { HIDDEN, type Finding, type Shown } from '../schema/finding.ts'
import { isJsonObject, own, type JsonObject } from '../schema/json.ts'
import { judged } from '../schema/judge.ts'
import { parsePath, pathText } from '../schema/path.ts'
import { makeFinding, sortFindings } from './make-finding.ts'
import { isSameValue } from './normal-form.ts'
import type { SecretFields } from './secret-values.ts'
import type { TenantInput } from './types.ts'
import { SIGNING_SECRET } from '../schema/secret-field.ts'

/**
 * Of a field that the program made a secret, findings say that it differs and nothing else: a path would name a part of it, and direction
 * and severity would tell which way: so the worst is assumed. All that is wrong in one such field is one finding. (The signing secret is hidden where it is compared.)
 * That a declaration became weaker would tell the way by itself: of such a field every change of the code is said, whichever way it went (`edited`, see
 * `veiledEdits`).
 */
export function hideSecrets(
  findings: readonly Finding[],
  secretsOf: (identifier: string | null) => SecretFields,
  edited: readonly Finding[],
): readonly Finding[] {
  const merged = new Map<string, Finding>()
  const told = findings.filter((finding) => !isWeakerSecret(finding, secretsOf(finding.identifier)))
  for (const finding of [...told, ...edited]) {
    const veiled = veil(finding, secretsOf(finding.identifier))
    const { identifier, path, counts, origin, kind } = veiled
    const key = JSON.stringify([identifier, path, counts, origin === 'pending', veiled === finding && kind])
    const first = merged.get(key)
    merged.set(key, first === undefined || veiled === finding ? veiled : graver(first, veiled))
  }
  return edited.length === 0 ? [...merged.values()] : sortFindings([...merged.values()])
}

/** Of APIs that the code declares as its base did: each secret field of which the code says something else now. */
export function veiledEdits(
  tenant: string,
  { declared, base }: Pick<TenantInput, 'declared' | 'base'>,
  secretsOf: (identifier: string | null) => SecretFields,
): readonly Finding[] {
  const before = new Map(base?.apis.map(({ identifier, values }) => [identifier, values]))
  return declared.apis.flatMap((api) => {
    const was = before.get(api.identifier)
    return was === undefined ? [] : editsOf(tenant, api, was, secretsOf(api.identifier))
  })
}

function isWeakerSecret({ kind, path }: Finding, secrets: SecretFields): boolean {
  const field = parsePath(path)?.[0] ?? ''
  return kind === 'weaker-declaration' && field !== SIGNING_SECRET && secrets.has(field)
}

function editsOf(tenant: string, declared: DeclaredApi, base: JsonObject, secrets: SecretFields): readonly Finding[] {
  const subject = { tenant, identifier: declared.identifier, declaredApi: declared }
  return [...secrets].flatMap((field) => {
    const [was, is] = [own(base, field), own(declared.values, field)]
    if (field === SIGNING_SECRET || was === undefined) return []
    if (is !== undefined && isSameValue(field, was, is)) return []
    const finding = makeFinding(subject, {
      kind: 'weaker-declaration',
      path: [field],
      origin: null,
      counts: false,
      judgement: judged('neutral', worstSeverity(field)),
      secret: true,
      declared: is,
      base: was,
      live: was,
    })
    return [{ ...finding, ...(is === undefined ? {} : { declared: HIDDEN }), base: HIDDEN, live: HIDDEN }]
  })
}

function veil(finding: Finding, secrets: SecretFields): Finding {
  const { base, ...rest } = finding
  if (finding.path === '') {
    if (!secrets.has('name')) return finding
    const { declared, live } = finding
    return { ...rest, ...nameless('declared', declared), ...nameless('base', base), ...nameless('live', live) }
  }
  const field = parsePath(finding.path)?.[0] ?? ''
  if (field === SIGNING_SECRET || !secrets.has(field) || finding.kind === 'weaker-declaration') return finding
  return {
    ...rest,
    path: pathText([field]),
    declared: HIDDEN,
    live: HIDDEN,
    direction: 'neutral',
    impact: null,
    severity: finding.kind === 'unreadable' ? 'high' : worstSeverity(field),
  }
}

/** What could not be read hides the rest; a conflict is said even where there is a drift beside it. */
function graver(a: Finding, b: Finding): Finding {
  const kept = b.kind === 'unreadable' ? b : a
  return a.origin === 'conflict' || b.origin === 'conflict' ? { ...kept, origin: 'conflict' } : kept
}

function nameless(side: 'declared' | 'base' | 'live', plate: Shown | undefined): Partial<Record<typeof side, Shown>> {
  if (!isJsonObject(plate)) return plate === undefined ? {} : { [side]: plate }
  const { name: _secret, ...others } = plate
  return { [side]: others }
}
