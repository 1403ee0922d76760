/** How a script reaches the tenant. */
export type Transport = 'sh' | 'auth0'

const HEAD = String.raw`
say() { printf '%s\n' "$1" >&2; }
stop() { say "stopped: $1"; exit 1; }
sent=0
nothing='; nothing was sent'

way=repair
case "$#:${'$'}{1:-}" in
  0:) ;;
  1:--inverse) way=inverse ;;
  *) stop "the only flag is --inverse$nothing" ;;
esac
command -v jq >/dev/null 2>&1 || stop "jq is not installed$nothing"

needs_secret() {
  jq -n -e --arg name "$1" '($ENV[$name] // "") | length >= 16' >/dev/null ||
    stop "$1 is not exported, or has fewer than 16 characters: it must hold the signing secret$nothing"
}`

const CURL = String.raw`
command -v curl >/dev/null 2>&1 || stop "curl is not installed$nothing"
case "${'$'}{AUTH0_API_TOKEN:-}" in
  '') stop "AUTH0_API_TOKEN is not set: a token of the Management API with read:resource_servers and update:resource_servers$nothing" ;;
  *[!A-Za-z0-9._~+/=-]*) stop "AUTH0_API_TOKEN has characters that a token cannot have$nothing" ;;
esac

# curl, with the token from a file that is none: nobody sees it among the arguments of a process.
ask() {
  curl -q -sS -g --proto "$proto" --max-redirs 0 ${'$'}{direct:+--noproxy "$direct"} --connect-timeout 20 --max-time 60 \
    -H @<(printf 'authorization: Bearer %s\n' "$AUTH0_API_TOKEN") -H 'content-type: application/json' \
    -w '\n%{http_code}' "$@"
}

# They set answer and status; a refused rate is asked again, for nothing of it was done. Without the secret, unless the tenant does not take that question.
get() {
  again ask "$origin/api/v2/resource-servers/$1?fields=signing_secret&include_fields=false"
  if [ "$status" = 400 ]; then get_secret "$1"; fi
}
get_secret() { again ask "$origin/api/v2/resource-servers/$1"; }
patch() { again send "$1" "$2"; }
send() { printf '%s' "$2" | ask -X PATCH --data-binary @- "$origin/api/v2/resource-servers/$1"; }
again() {
  local try
  for try in 1 2 4 8 16 0; do
    answer=$("$@") || { status='no answer'; return 0; }
    status=${'$'}{answer##*$'\n'}
    answer=${'$'}{answer%$'\n'*}
    if [ "$status" != 429 ] || [ "$try" = 0 ]; then return 0; fi
    sleep "$try"
  done
}`

const AUTH0 = String.raw`
command -v auth0 >/dev/null 2>&1 || stop "the Auth0 CLI (auth0) is not installed$nothing"
umask 077
body_file=$(mktemp "${'$'}{TMPDIR:-/tmp}/tenant-drift.XXXXXX") || stop "no file could be made for a body$nothing"
trap 'rm -f "$body_file"' EXIT

# The CLI tells no status: an answer that is not what was asked for is seen by its contents, and every PATCH is read again.
get() {
  answer=$(auth0 api get "resource-servers/$1" -q fields=signing_secret -q include_fields=false \
    --tenant "$tenant" --no-input --no-color </dev/null) && status=200 || status='no answer'
}
get_secret() {
  answer=$(auth0 api get "resource-servers/$1" --tenant "$tenant" --no-input --no-color </dev/null) &&
    status=200 || status='no answer'
}
patch() {
  printf '%s' "$2" >"$body_file" || stop 'no body could be written'
  answer=$(auth0 api patch "resource-servers/$1" --tenant "$tenant" --no-input --no-color <"$body_file") &&
    status=200 || status='no answer'
  : >"$body_file"
}`

const STEP = String.raw`
undone=0
step() {
  local name=$1 id whole found body plan
  IFS= read -r plan || stop "the plan of $name is damaged$(so_far)"
  id=$(printf '%s' "$plan" | jq -r --arg way "$way" '
    .id + (if .[$way] == null then " nothing" elif .[$way].secrets == {} then " get" else " get_secret" end)') ||
    stop "the plan of $name is damaged$(so_far)"
  whole=${'$'}{id#* }
  id=${'$'}{id%% *}
  case $id in
    '' | *[!0-9a-f]*) stop "the plan of $name is damaged$(so_far)" ;;
  esac
  case $whole in
    get | get_secret) ;;
    nothing)
      say "$name: nothing here can be undone"
      undone=1
      return 0
      ;;
    *) stop "the plan of $name is damaged$(so_far)" ;;
  esac
  get "$id"
  [ "$status" = 200 ] || stop "$name could not be read: the tenant answered $status$(so_far)"
  found=$(printf '%s\n%s\n' "$plan" "$answer" | jq -s -r --arg way "$way" '
    def holds($live): .field as $field | if has("value") then ($live | has($field)) and $live[$field] == .value else ($live | has($field) | not) end;
    .[0] as $plan | .[1] as $live | $plan[$way] as $do
    | if length != 2 or ($live | type) != "object" or $live.id != $plan.id or $live.identifier != $plan.identifier then "another API"
      elif all($do.before[]; holds($live)) then "as seen"
      elif all($do.after[]; holds($live)) then "done"
      else [$do.before[] | select(holds($live) | not) | .field] | "changed " + join(", ") end') || found=unreadable
  case $found in
    'as seen') ;;
    done) stop "$name already has the values of this plan: make a new plan$(so_far)" ;;
    'changed '*) stop "$name was changed since the plan was made (${'$'}{found#changed }): make a new plan$(so_far)" ;;
    *) stop "$name was not found by its id: make a new plan$(so_far)" ;;
  esac
  body=$(printf '%s' "$plan" | jq -c --arg way "$way" '
    .[$way] | .body + (.secrets | with_entries(.value = ($ENV[.value] | if (. // "" | length) < 16 then error("no secret") else . end)))' 2>/dev/null) ||
    stop "the plan of $name is damaged$(so_far)"
  patch "$id" "$body"
  case $status in
    200 | 201) ;;
    'no answer') stop "no answer came to the change of $name, so it is not known whether it was made: check it (tenant-drift check)" ;;
    *) stop "$name was not changed: the tenant answered $status$(so_far)" ;;
  esac
  sent=$((sent + 1))
  $whole "$id"
  [ "$status" = 200 ] || stop "$name was changed, but could not be read again: the tenant answered $status"
  printf '%s\n%s\n' "$plan" "$answer" | jq -s -e --arg way "$way" '
    def reads($want): if ($want | type) == "object" then type == "object" and (. as $it | all($want | to_entries[]; .key as $key | .value as $value | ($it | has($key)) and ($it[$key] | reads($value))))
      elif ($want | type) == "array" then type == "array" and length == ($want | length) and (. as $it | all(range(0; $want | length); . as $at | $it[$at] | reads($want[$at])))
      else . == $want end;
    .[1] as $live | .[0][$way] as $do
    | all($do.after[]; . as $one | if has("value") then ($live | has($one.field)) and ($live[$one.field] | reads($one.value)) else ($live | has($one.field) | not) end)
      and all($do.secrets | to_entries[]; $live[.key] == $ENV[.value])' >/dev/null ||
    stop "$name was changed, but now differs from what was sent: check it (tenant-drift check)"
  say "$name: done, and read again"
}
so_far() { if [ "$sent" = 0 ]; then printf '; nothing was sent'; else printf '; %s changed before it' "$sent"; fi; }
finish() {
  say "$sent changed. Now prove it: tenant-drift check"
  exit "$undone"
}
`

export const COMMON = { head: HEAD, step: STEP } as const

export const TRANSPORTS: Readonly<Record<Transport, { readonly needs: string; readonly script: string }>> = {
  sh: {
    needs:
      'bash 3.2, curl 7.55, jq 1.5, and AUTH0_API_TOKEN with the scopes read:resource_servers and update:resource_servers',
    script: CURL,
  },
  auth0: {
    needs:
      'bash 3.2, jq 1.5, and the Auth0 CLI, logged in with the scopes read:resource_servers and update:resource_servers',
    script: AUTH0,
  },
}
