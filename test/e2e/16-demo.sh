#!/usr/bin/env bash
# scripts/demo: our sample, twice, and the City of Seattle's 2,025 buildings where they are.
set -uo pipefail
# shellcheck source=lib/story.sh
source "$(dirname "$0")/lib/story.sh"

# A copy under a name of its own: the keys of its rows begin with it.
own_copy() {
    local copy=$SCRATCH/rows-$RANDOM$RANDOM.csv
    cp "$1" "$copy" && echo "$copy"
}
demo() {
    "$ROOT/scripts/demo" "$@" >"$SCRATCH/demo" 2>&1
    CODE=$?
    BODY=$(cat "$SCRATCH/demo")
}
says() { grep -qE -e "$1" <<<"$BODY"; }
shared() { [ "$(sed -n 's/^  .* \([0-9][0-9]*\) workflows .*/\1/p' <<<"$BODY" | awk '$1 > 0' | wc -l)" -ge "$1" ]; }

sample=$(own_copy "$ROOT/test/demo/sample-buildings.csv")
demo --data "$sample"
check "the sample goes in" equal "$CODE" 0
check "25 of its rows are taken and 8 refused" says '^  25 taken, 0 were there from an earlier run, 8 refused, 0 failed$'
check "a number that is none is refused with its line" says "^  line 26: YearBuilt is no number: 'nineteen sixty'$"
check "what the API refuses is told in its words" says '^  line 27: 422 /floors '
check "a name that is missing is not made up" says '^  line 29: 422 /name is required$'
check "a row that is there twice is refused once" says '^  line (13|30): 422 the Idempotency-Key was used with another request'
check "a cell too many is refused" says '^  line 32: 1 cell\(s\) more than columns$'
check "it says what the system holds" says '^  residential +[0-9]+'
check "it says how the workers shared the work" says '^How the 3 workers shared the work:$'
check "without a terminal it prints plain lines" test "$(grep -c $'\r' "$SCRATCH/demo")" = 0
demo --data "$sample"
check "a second run creates nothing" says '^  0 taken, 25 were there from an earlier run, 8 refused, 0 failed$'

request GET "/v1/buildings?city=$(uri 'Port Lintel')&kind=hotel&pageSize=200"
check "a building has become what its row says" has_body 'any(.items[]; .name == "Hôtel Étoile" and .floors == 11 and
    .yearBuilt == 1995 and .category == "Hotel" and .floorAreaM2 == 9615.5 and .address.street == "20 Quay St" and
    .location.latitude == 47.6014 and .attributes.oseBuildingId == "23" and .attributes.energyStarScore == 60)'

demo --data "$SCRATCH/nowhere.csv"
check "a file that is not there is one clear line" test "$CODE $(wc -l <"$SCRATCH/demo")" = "1 1"
LINTEL_URL=http://127.0.0.1:9 demo --data "$sample"
check "so is a stack that is not there" test "$CODE $(wc -l <"$SCRATCH/demo")" = "1 1"

real=$ROOT/../shared/data/seattle-buildings-2016.csv
if [ ! -e "$real" ]; then
    skip "the City of Seattle's buildings go in" "the file is not beside the checkout"
else
    copy=$(own_copy "$real")
    demo --data "$copy"
    check "the City of Seattle's buildings go in" equal "$CODE" 0
    check "every row of them is taken" says '^  2025 taken, 0 were there from an earlier run, 0 refused, 0 failed$'
    check "all three workers have had a share" shared 3
    check "no promise is left" says '^Promised workflows that no worker has confirmed yet: 0;'
    demo --data "$copy" --limit 200
    check "none of them goes in again" says '^  0 taken, 200 were there from an earlier run, 0 refused, 0 failed$'
    request GET "/v1/buildings?namePrefix=$(uri '5673-The Westin')&kind=hotel"
    check "one can be looked up" has_body '.items[0] | .floors == 41 and .yearBuilt == 1969 and .address.postalCode == "98101"
        and .attributes.neighborhood == "Downtown"'
fi
