#!/usr/bin/env bash
# The conventions of REST: tags and conditions, merge patches, methods, media types, parents, what a missing thing says.
set -uo pipefail
# shellcheck source=lib/story.sh
source "$(dirname "$0")/lib/story.sh"

patch='Content-Type: application/merge-patch+json'
nobody=00000000-0000-7000-8000-000000000000
points_at() { has_body '[.errors[].pointer] | index($pointer) != null' --arg pointer "$1"; }
is_problem() {
    has_status "$1" && equal "$(header Content-Type)" application/problem+json &&
        has_body '.code == $code and .status == $status and (.traceId | test("^[0-9a-f]{32}$"))' \
            --arg code "$2" --argjson status "$1"
}
create() { request POST /v1/buildings "$1" && has_status 201; }

# --- tags and conditions
create '{"name": "Tagged", "address": {"city": "Old", "street": "1 A St"}, "attributes": {"a": 1, "b": {"c": 2}}}'
id=$(body .id)
request GET "/v1/buildings/$id" '' -H 'If-None-Match: "1"'
check "an unchanged building is 304" has_status 304
check "304 has no body" equal "$BODY" ""
check "304 has the tag" equal "$(header ETag)" '"1"'
request GET "/v1/buildings/$id" '' -H 'If-None-Match: "7", W/"1"'
check "one of several tags, weakly compared, is enough" has_status 304
request GET "/v1/buildings/$id" '' -H 'If-None-Match: "2"'
check "another tag is answered with the building" has_status 200
request PATCH "/v1/buildings/$id" '{"floors": 2}' -H "$patch" -H 'If-Match: "9"'
check "If-Match with another version is 412" is_problem 412 precondition
request PATCH "/v1/buildings/$id" '{"floors": 2}' -H "$patch" -H 'If-Match: W/"1"'
check "If-Match never matches a weak tag" is_problem 412 precondition
request PATCH "/v1/buildings/$id" '{"floors": 2}' -H "$patch" -H 'If-Match: nonsense'
check "an If-Match that is no tag is 400" is_problem 400 malformed
request PATCH "/v1/buildings/$id" '{"floors": 2}' -H "$patch" -H 'If-Match: "1"'
check "If-Match with the version changes it" has_body '.floors == 2 and .version == 2'
check "the new tag comes back" equal "$(header ETag)" '"2"'
request DELETE "/v1/buildings/$id" '' -H 'If-Match: "1"'
check "an old version is not deleted" is_problem 412 precondition

# --- merge patches
request PATCH "/v1/buildings/$id" '{"address": {"city": "New"}, "attributes": {"b": {"d": 3}, "a": null}}' -H "$patch"
check "a patch reaches into objects" has_body \
    '.address == {"city": "New", "street": "1 A St"} and .attributes == {"b": {"c": 2, "d": 3}}'
request PATCH "/v1/buildings/$id" '{"floors": null, "address": null, "attributes": null}' -H "$patch"
check "null removes, or sets the default" has_body \
    '(has("floors") or has("address") | not) and .attributes == {} and .version == 4'
request PATCH "/v1/buildings/$id" '{}' -H "$patch"
check "a patch that changes nothing keeps the version" has_body '.version == 4'
request PATCH "/v1/buildings/$id" '{"name": "Typed as JSON"}'
check "application/json is taken as a merge patch" has_body '.name == "Typed as JSON"'
request PATCH "/v1/buildings/$id" '{"colour": "red", "address": {"planet": "Mars"}}' -H "$patch"
check "unknown fields are refused" is_problem 422 invalid
check "the outer one is pointed at" points_at /colour
check "the inner one is pointed at, in the same answer" points_at /address/planet
request PATCH "/v1/buildings/$id" '{"name": null}' -H "$patch"
check "what is required cannot be removed" is_problem 422 invalid
check "and is pointed at" points_at /name
request PATCH "/v1/buildings/$id" '[1]' -H "$patch"
check "a patch that is no object is refused" is_problem 422 invalid
request PATCH "/v1/buildings/$id" '{"id": "'$nobody'", "version": 9}' -H "$patch"
check "what the service sets is not for callers" points_at /version
request PATCH "/v1/buildings/$nobody" '{"floors": 1}' -H "$patch"
check "a missing building is not patched" is_problem 404 not_found

# --- every fault at once
request POST /v1/buildings '{"kind": "castle", "floors": 1.9, "yearBuilt": true, "location": {"latitude": 91}, "colour": 1}'
check "an invalid building is refused" is_problem 422 invalid
for pointer in /name /kind /floors /yearBuilt /location/latitude /location/longitude /colour; do
    check "$pointer is pointed at" points_at "$pointer"
done

# --- parents
create '{"name": "Headquarters", "kind": "headquarters"}'
head=$(body .id)
create "{\"name\": \"Store\", \"kind\": \"store\", \"parentId\": \"$head\"}"
store=$(body .id)
check "a store belongs to its headquarters" has_body '.parentId == $head' --arg head "$head"
create "{\"name\": \"Shelf\", \"parentId\": \"$store\"}"
shelf=$(body .id)
request GET "/v1/buildings?parentId=$head"
check "the headquarters' stores are listed" has_body '[.items[].id] == [$store]' --arg store "$store"
request POST /v1/buildings "{\"name\": \"Orphan\", \"parentId\": \"$nobody\"}"
check "a parent must exist" is_problem 422 invalid
check "the parent is pointed at" points_at /parentId
request PATCH "/v1/buildings/$head" "{\"parentId\": \"$head\"}" -H "$patch"
check "a building does not belong to itself" is_problem 422 invalid
request PATCH "/v1/buildings/$head" "{\"parentId\": \"$shelf\"}" -H "$patch"
check "nor in a circle" is_problem 422 invalid
check "the circle is pointed at" points_at /parentId
request PATCH "/v1/buildings/$shelf" "{\"parentId\": null}" -H "$patch"
check "it can be set free" has_body 'has("parentId") | not'

# --- deletion
request DELETE "/v1/buildings/$shelf"
check "deletion is 204" has_status 204
check "204 has no body" equal "$BODY" ""
request DELETE "/v1/buildings/$shelf"
check "it is deleted once" is_problem 404 not_found
request PATCH "/v1/buildings/$shelf" '{"floors": 1}' -H "$patch"
check "a deleted building is not patched" is_problem 404 not_found
request GET "/v1/buildings/$shelf/workflows"
check "nor are its workflows listed" is_problem 404 not_found

# --- methods, paths, media types
request GET "/v1/buildings/$store"
length=$(header Content-Length)
STATUS=$(curl -sS -m 20 -I -D "$SCRATCH/headers" -o "$SCRATCH/head" -w '%{http_code}' "$LINTEL_URL/v1/buildings/$store")
check "HEAD is GET without its body" equal "$STATUS $(header Content-Length) $(header ETag)" "200 $length \"1\""
request OPTIONS /v1/buildings
check "OPTIONS says what there is" equal "$STATUS $(header Allow | tr -d ' ' | tr , '\n' | sort | xargs)" "204 GET HEAD OPTIONS POST"
request PUT "/v1/buildings/$store" '{}'
check "another method is 405" is_problem 405 method_not_allowed
check "with the methods there are" equal "$(header Allow | tr -d ' ' | tr , '\n' | sort | xargs)" "DELETE GET HEAD OPTIONS PATCH"
request GET /v1/castles
check "an unknown path is 404" is_problem 404 not_found
request GET "/v1/buildings/$nobody"
check "an unknown id is 404" is_problem 404 not_found
request GET /v1/buildings/seventeen
check "an id that is no UUID is 404" is_problem 404 not_found
request POST /v1/buildings '' -H 'Content-Type: text/plain' --data-raw '{"name": "x"}'
check "text is not taken for JSON" is_problem 415 unsupported_media
request POST /v1/buildings '' -H 'Content-Type: application/json; charset=latin1' --data-raw '{"name": "x"}'
check "nor another charset than UTF-8" is_problem 415 unsupported_media
request GET '/v1/buildings?colour=red'
check "an unknown parameter is refused" is_problem 422 invalid
request GET "/v1/buildings/$store?colour=red"
check "on a single building, too" is_problem 422 invalid
request GET /openapi.json
check "the API describes itself" has_body '.openapi == "3.1.0" and (.paths | has("/v1/buildings"))'
