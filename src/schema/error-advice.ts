import type { ErrorCode } from './errors.ts'

/** What to do about an error code, for people: on the page, and for `explain`. Where a message knows more, it says more. */
export const ERROR_ADVICE = {
  unauthorized:
    'Get a new token; check that client id, secret or key belong to `AUTH0_DOMAIN`, and that the application is authorized for the Management API.',
  insufficient_scope:
    'Grant `read:resource_servers` to the application (*APIs*, *Auth0 Management API*, *Machine to Machine Applications*).',
  wrong_audience: 'Set `AUTH0_AUDIENCE` to `https://TENANT/api/v2/` of the tenant itself.',
  not_found: 'Check `AUTH0_DOMAIN`.',
  bad_request: 'Check domain, token and grant types; a newer tenant-drift may know more.',
  rate_limited: 'Run it when the tenant is less busy, or raise `TENANT_DRIFT_DEADLINE`.',
  request_limit: 'Allow more, or look at fewer APIs with `--target`.',
  timed_out: 'Run again; then look at the network, or raise `TENANT_DRIFT_DEADLINE`.',
  unreachable: 'Check `AUTH0_DOMAIN`, the proxy variables, `NODE_EXTRA_CA_CERTS`.',
  server_error: "Run again; see Auth0's status page.",
  malformed_body: 'Run again; then look at what lies between here and the tenant.',
  unexpected_shape: 'Run again; then look at what lies between here and the tenant, and update tenant-drift.',
  unstable_list: 'Run again when nobody changes the APIs.',
  implausible_list: 'Check that domain, audience and credentials belong to one tenant.',
  incomplete_inventory: 'Declared APIs are compared; use `ResourceServerCheck`, or ask Auth0 about the limit.',
  snapshot_too_old: 'Take a new one, or raise `TENANT_DRIFT_MAX_AGE`.',
  snapshot_other_tenant: 'Take one of this tenant.',
  snapshot_altered: 'Take a new one.',
  snapshot_incomplete: 'Take a new one.',
  key_without_thumbprint: 'Look at the key in the dashboard; everything else was compared.',
  wrong_type: 'Look at it in the dashboard; update tenant-drift.',
  secret_unreadable: 'Run again; a snapshot file holds no secrets.',
  declared_unreadable:
    'The message says which; `pulumi stack export --show-secrets`, or read the code in place of the state (`tfplan:`, `pulumi-preview:`).',
  invalid_declaration: 'Mend the places that the message names ([declared.md](declared.md)).',
  invalid_config: 'Set what the message names.',
  not_fetched:
    'Do what the message says ([watch.md](watch.md)); the last commit that was fetched is judged until then.',
  invalid_report: 'Give a file that `tenant-drift check --output json=FILE` wrote.',
  unknown_input: 'Run after the resource that makes it.',
  bug: 'Look for `bug` in the log of `serve`, and report what stands there; a push that came just before it may be the cause.',
  history_unusable: 'Do what the message says; the verdict of a check stands without it.',
} as const satisfies Readonly<Record<ErrorCode, string>>
