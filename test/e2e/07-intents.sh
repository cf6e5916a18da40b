#!/usr/bin/env bash
# Nobody works: buildings are created all the same, what was promised is shown, and kept once somebody works again.
set -uo pipefail
# shellcheck source=lib/story.sh
source "$(dirname "$0")/lib/story.sh"

# pending_are COUNT: so many intents of our buildings are pending.
pending_are() {
    request GET '/v1/intents?state=pending&pageSize=200'
    equal "$(jq -r '[.items[] | select(.resourceId | IN($ARGS.positional[]))] | length' --args "${ids[@]}" <<<"$BODY")" "$1"
}
gauge() { ops main 1 /metrics | sed -n "s/^$1 //p"; }

check "all workers are taken away" scale workflows 0
ids=()
for number in 1 2 3; do
    request POST /v1/buildings "{\"name\": \"Promised $number\"}" -H "Idempotency-Key: promised-$number-$$-$RANDOM"
    check "building $number is created" has_status 201
    check "its workflow is pending and has no id" has_body '.workflow | .status == "pending" and (has("id") | not)'
    ids+=("$(body .id)")
done
check "each promise is shown" pending_are 3
intent=$(jq -c --arg id "${ids[0]}" '.items[] | select(.resourceId == $id)' <<<"$BODY")
check "with what is asked of whom" equal "$(jq -r '.subject + " " + .state' <<<"$intent")" "workflows.create pending"
check "and when it is tried next" equal "$(jq -r '.nextAttemptAt | test("^20.*Z$")' <<<"$intent")" true
request GET '/v1/intents?state=failed'
check "none has failed" has_body 'all(.items[]; .resourceId as $id | ($ours | split(" ") | index($id)) == null)' --arg ours "${ids[*]}"
tried() {
    request GET '/v1/intents?pageSize=200'
    has_body 'any(.items[]; .resourceId == $id and .attempts > 0 and (.lastError | length) > 0)' --arg id "${ids[0]}"
}
check "it is tried again by itself, and says why in vain" eventually 10 tried
metrics_show() { [ "$(gauge 'lintel_intents{state="pending"}')" -ge 3 ] && awk -v age="$(gauge lintel_intents_oldest_age_seconds)" 'BEGIN { exit !(age > 0) }'; }
check "metrics show how many are pending and how old the oldest is" eventually 15 metrics_show

request GET "/v1/buildings/${ids[0]}"
check "the building itself is there" has_status 200
request GET /v1/workflows
check "what needs a worker says that there is none" equal "$STATUS $(body .code)" "503 unavailable"
check "and when to come again" test -n "$(header Retry-After)"
ready() { [ "$(curl -s -o /dev/null -w '%{http_code}' -m 5 "$LINTEL_URL/health/ready")" = 200 ]; }
check "main is ready: it can do its own work" ready

request POST "/v1/intents/$(jq -r .id <<<"$intent")/retry"
check "an intent can be tried at once by hand" has_body '.state == "pending"'
request POST /v1/intents/00000000-0000-7000-8000-000000000000/retry
check "an unknown one is 404" has_status 404

check "workers come back" scale workflows 3
check "the promises are kept within seconds" eventually 10 pending_are 0
one_workflow_each() {
    local id
    for id in "${ids[@]}"; do
        request GET "/v1/buildings/$id/workflows"
        has_body '[.items[].status] == ["completed"]' || return 1
    done
}
check "each building has exactly one workflow, and it is carried out" eventually 10 one_workflow_each
sleep 3
check "and keeps exactly one" one_workflow_each
metrics_are_clear() { [ "$(gauge 'lintel_intents{state="pending"}')" = 0 ]; }
check "metrics show that nothing is pending" eventually 15 metrics_are_clear
