import { isJsonObject, own, type Json, type JsonObject } from './json.ts'

/** Files that people name in the wrong place, by what reads them. */
export type FileKind =
  | 'declared'
  | 'config'
  | 'report'
  | 'snapshot'
  | 'tfstate'
  | 'tfplan'
  | 'tf-encrypted'
  | 'tf-code'
  | 'pulumi-stack'
  | 'pulumi-checkpoint'
  | 'pulumi-preview'
  | 'pulumi-project'
  | 'a0deploy'
  | 'a0deploy-api'
  | 'a0deploy-config'
  | 'api-list'

interface KnownFile {
  readonly kind: FileKind
  readonly what: string
  /** What to write in its place, `FILE` and `FOLDER` for the file and where it lies. */
  readonly write: string
  readonly is: (value: JsonObject) => boolean
}

const has = (value: JsonObject, ...keys: readonly string[]): boolean =>
  keys.every((key) => own(value, key) !== undefined)
const hasMap = (value: JsonObject, key: string): boolean => isJsonObject(own(value, key))
const hasList = (value: JsonObject, key: string): boolean => Array.isArray(own(value, key))
const hasText = (value: JsonObject, key: string): boolean => typeof own(value, key) === 'string'

/** Sections of the deploy CLI's YAML that nothing else has under such a name. */
const DEPLOY_LISTS = [
  'resourceServers',
  'clientGrants',
  'rulesConfigs',
  'emailTemplates',
  'databases',
  'clients',
  'connections',
  'actions',
  'organizations',
  'logStreams',
]

/** What a file is, told by its own keys alone; the first one that fits. Nothing of its values is ever said. */
const KNOWN_FILES: readonly KnownFile[] = [
  {
    kind: 'report',
    what: 'a report of tenant-drift',
    write: 'name it with --previous, or show it with `tenant-drift report FILE`',
    is: (value) => has(value, 'schemaVersion', 'verdict') && hasList(value, 'findings'),
  },
  {
    kind: 'snapshot',
    what: 'a snapshot or record of tenant-drift',
    write: 'name it with --live, or with --recorded',
    is: (value) => has(value, 'schemaVersion', 'takenAt', 'digest') && hasList(value, 'items'),
  },
  {
    kind: 'tf-encrypted',
    what: 'an encrypted state of OpenTofu',
    write: 'give what `tofu show -json` prints, as tfstate:FILE',
    is: (value) => has(value, 'encrypted_data'),
  },
  {
    kind: 'tfplan',
    what: 'a Terraform plan',
    write: 'write tfplan:FILE',
    is: (value) => has(value, 'format_version') && (has(value, 'planned_values') || hasList(value, 'resource_changes')),
  },
  {
    kind: 'tfstate',
    what: 'a Terraform state',
    write: 'write tfstate:FILE, or better tfplan: with a plan of the code',
    is: (value) =>
      (typeof own(value, 'version') === 'number' && (has(value, 'lineage') || has(value, 'terraform_version'))) ||
      (hasText(value, 'format_version') && (hasMap(value, 'values') || hasText(value, 'terraform_version'))),
  },
  {
    kind: 'pulumi-stack',
    what: 'what `pulumi stack export` prints',
    write: 'write pulumi-stack:FILE',
    is: (value) => hasMap(value, 'deployment'),
  },
  {
    kind: 'pulumi-checkpoint',
    what: 'a file of a Pulumi backend',
    write: 'give what `pulumi stack export` prints, as pulumi-stack:FILE',
    is: (value) => hasMap(value, 'checkpoint'),
  },
  {
    kind: 'pulumi-preview',
    what: 'what `pulumi preview --json` prints',
    write: 'write pulumi-preview:FILE',
    is: (value) => hasList(value, 'steps') || hasMap(value, 'changeSummary'),
  },
  {
    kind: 'pulumi-project',
    what: 'the file of a Pulumi project',
    write: 'write pulumi:FOLDER, or pulumi-preview: with what `pulumi preview --json` prints',
    is: (value) => hasText(value, 'name') && has(value, 'runtime'),
  },
  {
    kind: 'tf-code',
    what: 'Terraform code',
    write:
      'make a plan of it against an empty state, and give what `terraform show -json PLANFILE` prints, as tfplan:FILE',
    is: (value) =>
      (hasMap(value, 'resource') && !has(value, 'identifier')) ||
      (hasMap(value, 'terraform') && !has(value, 'resource_servers')) ||
      (hasMap(value, 'provider') && hasMap(value, 'variable')),
  },
  {
    kind: 'a0deploy-config',
    what: 'a configuration of the Auth0 deploy CLI',
    write: 'name the files that it exports, as a0deploy:FOLDER, and where it is not called config.json add #FILE',
    is: (value) => Object.keys(value).some((key) => /^AUTH0_[A-Z_]+$/.test(key)),
  },
  {
    kind: 'a0deploy',
    what: 'a file of the Auth0 deploy CLI',
    write: 'write a0deploy:FILE',
    is: (value) => !has(value, 'resource_servers') && DEPLOY_LISTS.some((key) => hasList(value, key)),
  },
  {
    kind: 'a0deploy-api',
    what: 'one API, as the Auth0 deploy CLI and the Management API write it',
    write:
      'write a0deploy:FOLDER with the folder that resource-servers/ lies in, or put the API into a list, under resource_servers',
    is: (value) => hasText(value, 'identifier') && !has(value, 'resource_servers'),
  },
  {
    kind: 'api-list',
    what: 'what the Management API lists',
    write: 'declare a tenant as it stands with `tenant-drift init`',
    is: (value) => hasList(value, 'resource_servers') && has(value, 'start', 'limit'),
  },
  {
    kind: 'config',
    what: 'a configuration of tenant-drift',
    write: 'name it with --config; with --declared name what is declared',
    is: (value) =>
      !has(value, 'resource_servers') &&
      (has(value, 'declared') || hasMap(value, 'tenants') || hasList(value, 'accept')),
  },
  {
    kind: 'declared',
    what: 'a declared file of tenant-drift',
    write: 'write only FILE, without a kind before it',
    is: (value) => hasList(value, 'resource_servers') || hasList(value, 'managed_elsewhere'),
  },
]

/**
 * What a file is that was given where another kind is read, and what to write: `is a Terraform state: write tfstate:x.json`. Null where nobody knows it, or
 * where it is what was asked for. `path` null or `-`: it came through a pipe, or has no place.
 */
export function otherKind(value: Json, wanted: readonly FileKind[], path: string | null): string | null {
  if (Array.isArray(value)) {
    const items = value as readonly Json[]
    const isApis = items.length > 0 && items.every((item) => isJsonObject(item) && hasText(item, 'identifier'))
    return isApis ? 'is a list of APIs: put it under the key resource_servers' : null
  }
  if (!isJsonObject(value)) return null
  const known = KNOWN_FILES.find(({ is }) => is(value))
  if (known === undefined || wanted.includes(known.kind)) return null
  return `is ${known.what}: ${written(known.write, path)}`
}

/** Files that are not read as JSON or YAML at all, by the ends of their names. */
const BY_NAME: readonly (readonly [RegExp, FileKind, string])[] = [
  [/\.tfstate(\.backup)?$/i, 'tfstate', 'has the name of a Terraform state: write tfstate:FILE'],
  [/\.(tf|tofu)$/i, 'tf-code', `is Terraform code: ${writeOf('tf-code')}`],
  [
    /\.tfplan$/i,
    'tfplan',
    'has the name of a Terraform plan: give what `terraform show -json FILE` prints, as tfplan:',
  ],
]

/** The same by the name of a file alone, where its text is not looked at. */
export function otherKindByName(path: string): string | null {
  const found = BY_NAME.find(([pattern]) => pattern.test(path))
  return found === undefined ? null : written(found[2], path)
}

function writeOf(kind: FileKind): string {
  return KNOWN_FILES.find((known) => known.kind === kind)?.write ?? ''
}

function written(write: string, path: string | null): string {
  const file = path ?? 'FILE'
  const slash = file.lastIndexOf('/')
  const folder = path === null || path === '-' ? 'FOLDER' : slash <= 0 ? '.' : file.slice(0, slash)
  return write.replaceAll(/\b(FILE|FOLDER)\b/g, (word) => (word === 'FILE' ? file : folder))
}
