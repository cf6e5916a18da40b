#!/usr/bin/env bash
# With API_TOKENS only their bearers may use the API; probes stay open.
set -uo pipefail
# shellcheck source=lib/story.sh
source "$(dirname "$0")/lib/story.sh"

first=token-$RANDOM$RANDOM
second=token-$RANDOM$RANDOM
is_refused() { has_status 401 && has_body '.code == "unauthenticated" and .status == 401'; }
with() { request GET /v1/buildings '' -H "Authorization: $1"; }

check "API_TOKENS is set" configure main API_TOKENS "$first,$second"
request GET /v1/buildings
check "without a token nothing is listed" is_refused
check "the answer says how to authenticate" grep -qi '^bearer' <<<"$(header WWW-Authenticate)"
request POST /v1/buildings '{"name": "Nobody"}'
check "nor created" is_refused
request DELETE /v1/buildings/00000000-0000-7000-8000-000000000000
check "nor deleted, nor is it told what there is" is_refused
with "Bearer wrong"
check "a wrong token is refused" is_refused
with "Bearer ${first%?}"
check "so is the beginning of one" is_refused
with "Bearer $first,$second"
check "so is the setting itself" is_refused
with "Bearer "
check "so is an empty one" is_refused
with "Basic $(printf 'user:%s' "$first" | base64)"
check "so is another scheme" is_refused
request GET "/v1/buildings?token=$first"
check "a token in the address is none" is_refused
with "Bearer $first"
check "the first token is let in" has_status 200
with "bearer $second"
check "so is the second, and the scheme has no case" has_status 200
request POST /v1/buildings '{"name": "Somebody"}' -H "Authorization: Bearer $second"
check "a bearer creates" has_status 201
for path in /health /health/live /health/ready /openapi.json; do
    request GET "$path"
    check "$path is open" has_status 200
done
check "the ops port is open" eventually 5 ops main 1 /metrics
logs_are_clean() { ! logs_of main | grep -qF -e "$first" -e "$second"; }
check "no log has a token" logs_are_clean

check "API_TOKENS is taken back" configure main API_TOKENS ''
request GET /v1/buildings
check "and everybody may again" has_status 200
