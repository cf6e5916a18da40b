#!/usr/bin/env bash
# A POST that is sent again with its Idempotency-Key has one effect.
set -uo pipefail
# shellcheck source=lib/story.sh
source "$(dirname "$0")/lib/story.sh"

name="Twice $RANDOM$RANDOM"
key="story-$RANDOM-$RANDOM"
request POST /v1/buildings "{\"name\": \"$name\"}" -H "Idempotency-Key: $key"
check "the first is created" has_status 201
check "the first is no replay" equal "$(header Idempotency-Replayed)" ""
id=$(body .id)

request POST /v1/buildings "{\"name\": \"$name\"}" -H "Idempotency-Key: $key"
check "the second has the same status" has_status 201
check "the second has the same building" equal "$(body .id)" "$id"
check "the second says that it is a replay" equal "$(header Idempotency-Replayed)" true

request POST /v1/buildings "{\"name\": \"$name\"}" -H "Idempotency-Key: \"$key\""
check "a quoted key is the same key" equal "$(body .id)" "$id"

request POST /v1/buildings "{\"name\": \"$name, another\"}" -H "Idempotency-Key: $key"
check "another body under the key is refused" has_status 422

# At once, over many connections: one wins, the others replay it or are told that it is still running.
race="race-$RANDOM-$RANDOM"
seq 20 | xargs -P 20 -I{} curl -sS -m 20 -o /dev/null -w '%{http_code}\n' "$LINTEL_URL/v1/buildings" \
    -H 'Content-Type: application/json' -H "Idempotency-Key: $race" -d "{\"name\": \"$name, raced\"}" >"$SCRATCH/statuses"
check "of twenty at once each is answered 201 or 409" equal "$(grep -cvE '^(201|409)$' "$SCRATCH/statuses")" 0

uri=$(jq -rn --arg name "$name" '$name | @uri')
request GET "/v1/buildings?namePrefix=$uri"
check "there is one building for each key" has_body '[.items[].name] | sort == [$name, $name + ", raced"]' --arg name "$name"

one_workflow_each() {
    request GET "/v1/buildings?namePrefix=$uri"
    local id
    for id in $(body '.items[].id'); do
        request GET "/v1/buildings/$id/workflows"
        has_body '.items | length == 1' || return 1
    done
}
check "each building has one workflow" eventually 10 one_workflow_each
