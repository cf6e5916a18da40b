#!/usr/bin/env bash
# What an Idempotency-Key may look like, what it is bound to, and what a replay shows.
set -uo pipefail
# shellcheck source=lib/story.sh
source "$(dirname "$0")/lib/story.sh"

name="Keyed $RANDOM$RANDOM"
post() { request POST /v1/buildings "{\"name\": \"$1\"}" -H "Idempotency-Key: $2"; }
letters() { head -c "$1" /dev/zero | tr '\0' k; }
mark=$RANDOM$RANDOM

long="$mark$(letters $((255 - ${#mark})))"
post "$name long" "$long"
check "a key of 255 characters is taken" has_status 201
post "$name long" "\"$long\""
check "quoted it is the same key" equal "$STATUS $(header Idempotency-Replayed)" "201 true"
post "$name longer" "${long}k"
check "one of 256 is refused" equal "$STATUS $(body .code)" "400 malformed"
post "$name empty" '""'
check "an empty one is refused" has_status 400
post "$name spaced" 'two words'
check "so is one with a space" has_status 400
post "$name half" '"half'
check "so is one with half its quotes" has_status 400
post "$name umlaut" $'\xc3\xbcber'
check "so is one that is not ASCII" has_status 400
request GET "/v1/buildings?namePrefix=$(uri "$name")"
check "nothing that was refused was created" has_body '[.items[].name] == [$name]' --arg name "$name long"

# A replay shows the resource as it is now, not as it was.
post "$name" "now-$mark"
id=$(body .id)
workflow=$(body .workflow.id)
request PATCH "/v1/buildings/$id" '{"floors": 7}'
post "$name" "now-$mark"
check "a replay has the present version" has_body '.floors == 7 and .version == 2'
check "its tag is the present one" equal "$(header ETag)" '"2"'
check "its Location is the same" equal "$(header Location)" "/v1/buildings/$id"
check "and so is its workflow" equal "$(body .workflow.id)" "$workflow"
request POST /v1/buildings "{ \"kind\":\"other\",  \"name\": \"$name\" }" -H "Idempotency-Key: now-$mark"
check "the same request written in another way is the same" equal "$STATUS $(body .id)" "201 $id"
post "$name, another" "now-$mark"
check "another request under the key is refused" has_status 422

# A failed request leaves its key free.
request POST /v1/buildings '{"name": 17}' -H "Idempotency-Key: failed-$mark"
check "an invalid request fails" has_status 422
post "$name repaired" "failed-$mark"
check "its key is free for the repaired one" equal "$STATUS $(header Idempotency-Replayed)" "201 "

# Many at once with one key, again and again until each has had its answer: one building.
race="race-$mark"
race() {
    local answer
    for _ in {1..20}; do
        answer=$(curl -sS -m 20 -w '\n%{http_code}\n' "$LINTEL_URL/v1/buildings" -H 'Content-Type: application/json' \
            -H "Idempotency-Key: $race" -d "{\"name\": \"$name raced\"}")
        [ "$(tail -n 1 <<<"$answer")" = 409 ] || break
        sleep 0.2
    done
    echo "$answer"
}
for number in {1..24}; do race >"$SCRATCH/race.$number" & done
wait
cat "$SCRATCH"/race.* >"$SCRATCH/race"
check "each gets 201 in the end" equal "$(grep -c '^201$' "$SCRATCH/race")" 24
check "all with one building" equal "$(grep '^{' "$SCRATCH/race" | jq -r .id | sort -u | wc -l)" 1
check "all with one workflow" equal "$(grep '^{' "$SCRATCH/race" | jq -r '.workflow.id // empty' | sort -u | wc -l)" 1

# A retry needs no key: it checks the form of one and remembers nothing under it. The key that a building was created
# with is free there, and stays what it was for the building.
nothing=00000000-0000-7000-8000-000000000017
for round in first second; do
    request POST "/v1/intents/$nothing/retry" '' -H "Idempotency-Key: now-$mark"
    check "the $round retry under a used key is a retry" equal "$STATUS $(body .code) $(header Idempotency-Replayed)" \
        "404 not_found "
done
request POST "/v1/intents/$nothing/retry" '' -H 'Idempotency-Key: two words'
check "a key that cannot be one is refused there too" equal "$STATUS $(body .code)" "400 malformed"
post "$name" "now-$mark"
check "the building's replay is still one" equal "$STATUS $(body .id) $(header Idempotency-Replayed)" "201 $id true"
