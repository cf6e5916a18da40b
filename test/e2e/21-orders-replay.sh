#!/usr/bin/env bash
# scripts/demo orders: our sample, with too little of everything, and the online shop's 513 invoices where they are.
set -uo pipefail
# shellcheck source=lib/story.sh
source "$(dirname "$0")/lib/story.sh"

demo() {
    "$ROOT/scripts/demo" orders "$@" >"$SCRATCH/demo" 2>&1
    CODE=$?
    BODY=$(cat "$SCRATCH/demo")
}
says() { grep -qE -e "$1" <<<"$BODY" || { tail -n 30 <<<"$BODY" && return 1; }; }
proven() { [ "$CODE" = 0 ] && says '^Proven: no order lost; each has one workflow'; }

sample=$ROOT/test/demo/sample-sales.csv
demo --data "$sample" --run "story-$$"
check "the sample is replayed, and everything is proven" proven
check "a line that is no goods is refused with its line" says '^  line 4: invoice 900001: no goods: POST \(POSTAGE\)$'
check "so is one without a price" says '^  line 9: invoice 900004: no price$'
check "a credit without a sale is reported" says '^  line 12: invoice C900006: no earlier sale of 10005 to 70001$'
check "every invoice is an order" says '^5 orders with 10 lines in '
check "two of them came back in part, the others are completed" says '^  completed +3$'
check "to the penny" says '^Ordered GBP 115\.12, charged GBP 114\.92, refunded GBP [0-9.]+; the ledger says GBP '
check "all returns were taken" says '^Returns: 3 taken, 0 refused$'
check "without a terminal it prints plain lines" test "$(grep -c $'\r' "$SCRATCH/demo")" = 0
demo --data "$sample" --run "story-$$"
check "the same run again does nothing twice" says '^Ordered GBP 115\.12, charged GBP 114\.92, '
check "and is proven again" proven

demo --data "$sample" --stock 0.5
check "with half of the stock some orders are rejected" says '^    because of noStock +[1-9]'
check "and everything is proven" proven
demo --data "$sample" --mishaps 100
check "with a mishap each everything is proven" proven

real=$ROOT/../shared/data/online-retail-2010-12.csv
if [ ! -e "$real" ]; then
    skip "the online shop's invoices are replayed" "the file is not beside the checkout"
else
    demo --data "$real"
    check "the online shop's invoices are replayed, and everything is proven" proven
    check "all 424 that sell goods are orders" says '^424 orders with [0-9]+ lines in '
    check "none of them is rejected" says '^  completed +41[0-9]$'
    demo --data "$real" --stock 0.9 --limit 150 --mishaps 4
    check "with too little stock and with mishaps everything is proven, too" proven
fi

findings=$("$ROOT/scripts/doctor" --url "$LINTEL_URL") || true
check "scripts/doctor finds nothing that is stuck" test -n "$(grep '^ok      no stuck workflows$' <<<"$findings")"
