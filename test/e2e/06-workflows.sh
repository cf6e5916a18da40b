#!/usr/bin/env bash
# Workflows as REST shows them.
set -uo pipefail
# shellcheck source=lib/story.sh
source "$(dirname "$0")/lib/story.sh"

nobody=00000000-0000-7000-8000-000000000000
request POST /v1/buildings '{"name": "Worked on"}'
id=$(body .id)
workflow=$(body .workflow.id)
summary=$(jq -c .workflow <<<"$BODY")

is_completed() { request GET "/v1/workflows/$workflow" && has_body '.status == "completed"'; }
check "the workflow is carried out" eventually 10 is_completed
check "a workflow is read" has_status 200
check "it has every common field" has_body \
    '[.id, .name, .status, .buildingId, .version, .owner, .attributes, .metadata, .createdAt, .updatedAt] | all(. != null)'
check "it has a deletedAt that says never" has_body 'has("deletedAt") and .deletedAt == null'
check "it is what the building's answer said" equal "$(jq -c '{id, name, buildingId}' <<<"$BODY")" "$(jq -c '{id, name, buildingId}' <<<"$summary")"
check "its times are RFC 3339 in UTC with milliseconds" has_body \
    '.createdAt | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$")'
tag=$(header ETag)
check "its tag is its version" equal "$tag" "\"$(body .version)\""
request GET "/v1/workflows/$workflow" '' -H "If-None-Match: $tag"
check "unchanged it is 304" has_status 304

request GET "/v1/workflows?buildingId=$id"
check "it is in the list of its building" has_body '[.items[].id] == [$id]' --arg id "$workflow"
request GET "/v1/workflows?buildingId=$id&status=failed"
check "a status narrows" has_body '.items == []'
request GET "/v1/buildings/$id/workflows?name=building-onboarding"
check "a name does, too" has_body '.items | length == 1'
request GET '/v1/workflows?status=asleep'
check "an unknown status is refused" has_status 422
request GET '/v1/workflows?pageSize=1'
check "a page is a page" has_body '(.items | length) == 1'
request GET "/v1/workflows/$nobody"
check "an unknown workflow is 404" equal "$STATUS $(body .code)" "404 not_found"
request GET /v1/workflows/seventeen
check "so is one whose id is no UUID" equal "$STATUS $(body .code)" "404 not_found"
request GET "/v1/buildings/$nobody/workflows"
check "so are those of an unknown building" equal "$STATUS $(body .code)" "404 not_found"
request GET "/v1/buildings/$id/workflows?pageToken=AAAA"
check "a foreign token is refused by the worker as by main" equal "$STATUS $(body .code)" "400 malformed"
