import { trustedPath } from '../git/program.ts'
import type { Environment } from '../schema/environment.ts'

/** What a program needs to run at all, and to find its own settings. */
const PLACES = [
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LANGUAGE',
  'TZ',
  'TERM',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'KUBECONFIG',
  // Windows.
  'SYSTEMROOT',
  'SYSTEMDRIVE',
  'WINDIR',
  'COMSPEC',
  'PATHEXT',
  'USERPROFILE',
  'USERNAME',
  'HOMEDRIVE',
  'HOMEPATH',
  'APPDATA',
  'LOCALAPPDATA',
  'PROGRAMDATA',
  'PROGRAMFILES',
]

/** Pulumi's own, and what reaches the backends and the keepers of secrets that it can have: S3, Azure, Google, Vault, PostgreSQL. */
const FAMILIES =
  /^(PULUMI|LC|XDG|AWS|AZURE|ARM|MSI|IDENTITY|GOOGLE|GCLOUD|GCS|GCP|CLOUDSDK|CLOUDFLARE|VAULT|ALICLOUD|OCI)_|^PG[A-Z]+$|^(HTTPS?|NO|ALL|FTP)_PROXY$/i

/**
 * What the Pulumi CLI is started with. Built from what it needs: the credentials of tenants have names that their owners chose, so no list of what to leave
 * out is complete. PATH has no folder in which a change could put a program.
 */
export function pulumiEnvironment(env: Environment, outsideOf: readonly string[]): Record<string, string> {
  const kept = Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && (PLACES.includes(name.toUpperCase()) || FAMILIES.test(name)) ? [[name, value] as const] : [],
  )
  return {
    ...Object.fromEntries(kept),
    PATH: trustedPath({ path: pathOf(env), outsideOf }),
    PULUMI_SKIP_UPDATE_CHECK: 'true',
  }
}

/** Windows spells it `Path`. */
export function pathOf(env: Environment): string | undefined {
  return env['PATH'] ?? env['Path']
}
