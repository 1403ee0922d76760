import type { ErrorCode } from './errors.ts'

/** What to do about an error code, for people: on the page, and for `explain`. Where a message knows more, it says more. */
export const ERROR_ADVICE = {
  unauthorized:
    'Get a new token. Check that client id, secret or key belong to `AUTH0_DOMAIN`, and that the application is authorized for the Management API.',
  insufficient_scope:
    'Grant `read:resource_servers` to the application (*APIs*, *Auth0 Management API*, *Machine to Machine Applications*).',
  wrong_audience: 'Set `AUTH0_AUDIENCE` to `https://TENANT/api/v2/` of the tenant itself.',
  not_found: 'Check `AUTH0_DOMAIN`.',
  bad_request: 'Check domain, token and grant types. If they are right, update tenant-drift.',
  rate_limited: 'Run it when the tenant is less busy, or raise `TENANT_DRIFT_DEADLINE`.',
  request_limit: 'Allow more with `--max-requests`, or check fewer APIs with `--target`.',
  timed_out: 'Run again. If it stays so, check the network, or raise `TENANT_DRIFT_DEADLINE`.',
  unreachable: 'Check `AUTH0_DOMAIN`, the proxy variables, `NODE_EXTRA_CA_CERTS`.',
  server_error: 'Run again. If it stays so, see the status page of Auth0.',
  malformed_body: 'Run again. If it stays so, check the proxy or gateway between here and the tenant.',
  unexpected_shape:
    'Run again. If it stays so, check the proxy or gateway between here and the tenant, and update tenant-drift.',
  unstable_list: 'Run again when nobody is changing the APIs of the tenant.',
  implausible_list: 'Check that domain, audience and credentials belong to one tenant.',
  incomplete_inventory:
    'Check named APIs with `--target` or `ResourceServerCheck`, or ask the support of Auth0 about the limit of your tenant.',
  snapshot_too_old: 'Take a new one, or raise `TENANT_DRIFT_MAX_AGE`.',
  snapshot_other_tenant: 'Take one of this tenant.',
  snapshot_altered: 'Take a new one.',
  snapshot_incomplete: 'Take a new one.',
  key_without_thumbprint: 'Look at the key in the dashboard; everything else was compared.',
  wrong_type: 'Look at it in the dashboard, or update tenant-drift.',
  secret_unreadable: 'Run again, and not with a snapshot file: it holds no secrets.',
  declared_unreadable:
    'The message says which value. Export with `pulumi stack export --show-secrets`, or read the code in place of the state (`tfplan:`, `pulumi-preview:`).',
  invalid_declaration: 'Fix the places that the message names ([declared.md](declared.md)).',
  invalid_config: 'Set what the message names.',
  not_fetched: 'Do what the message says ([watch.md](watch.md)). Until then the last commit that was fetched is used.',
  invalid_report: 'Give a file that `tenant-drift check --output json=FILE` wrote.',
  unknown_input: 'Run after the resource that makes it.',
  bug: 'Find the line with `bug` in the log of `serve`, and report it. A push just before it may be the cause.',
  history_unusable: 'Do what the message says. The verdict of a check does not depend on it.',
} as const satisfies Readonly<Record<ErrorCode, string>>
