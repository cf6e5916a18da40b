#!/usr/bin/env bash
# A building is created with its workflow, read, listed, changed and deleted.
set -uo pipefail
# shellcheck source=lib/story.sh
source "$(dirname "$0")/lib/story.sh"

city="City $RANDOM$RANDOM"
request POST /v1/buildings "$(jq -nc --arg city "$city" '{name: "Flagship store", kind: "store",
    address: {street: "1 Main St", city: $city, country: "US"}, yearBuilt: 1962, floors: 3,
    attributes: {color: "red"}}')"
check "a building is created" has_status 201
check "it is what was asked for" has_body \
    '.name == "Flagship store" and .kind == "store" and .floors == 3 and .attributes == {"color": "red"} and .version == 1'
check "its workflow has been started by a worker" has_body \
    '.id as $id | .workflow | .buildingId == $id and (.id | length) == 36 and .status != "pending"'
id=$(body .id)
workflow=$(body .workflow.id)
check "Location names it" equal "$(header Location)" "/v1/buildings/$id"
check "it has an ETag" equal "$(header ETag)" '"1"'

request GET "/v1/buildings/$id"
check "it is read" has_status 200
check "it is the same" has_body '.id == $id and .address.city == $city' --arg id "$id" --arg city "$city"

request GET "/v1/buildings?city=$(jq -rn --arg city "$city" '$city | @uri')"
check "it is in the list of its city, alone" has_body '[.items[].id] == [$id]' --arg id "$id"
request GET '/v1/buildings?pageSize=1'
check "a page holds what was asked for" has_body '(.items | length) == 1'

request GET "/v1/buildings/$id/workflows"
check "its workflows are listed" has_body '[.items[].id] == [$workflow]' --arg workflow "$workflow"
request GET "/v1/workflows/$workflow"
check "its workflow is read" has_body '.buildingId == $id' --arg id "$id"

request PATCH "/v1/buildings/$id" '{"name": "Flagship", "yearBuilt": null}' -H 'If-Match: "1"' \
    -H 'Content-Type: application/merge-patch+json'
check "it is changed" has_status 200
check "the change is a merge" has_body '.name == "Flagship" and (has("yearBuilt") | not) and .floors == 3 and .version == 2'
request PATCH "/v1/buildings/$id" '{"name": "Late"}' -H 'If-Match: "1"'
check "a change to an old version is refused" has_status 412

request DELETE "/v1/buildings/$id"
check "it is deleted" has_status 204
request GET "/v1/buildings/$id"
check "it is gone" has_status 404
check "the error is a problem document" equal "$(header Content-Type)" application/problem+json
request GET "/v1/buildings?city=$(jq -rn --arg city "$city" '$city | @uri')"
check "it is gone from the list" has_body '.items == []'
