#!/usr/bin/env bash
# Expired idempotency keys are forgotten; the processes that do it live on.
set -uo pipefail
# shellcheck source=lib/story.sh
source "$(dirname "$0")/lib/story.sh"

key=housekeeping-$RANDOM$RANDOM
keys_left() { database main "SELECT count(*) FROM idempotency_keys WHERE key = '$key'"; }
is_forgotten() { equal "$(keys_left)" 0; }

check "keys are kept for a second" configure main IDEMPOTENCY_TTL 1s
check "and looked through every second" configure main PURGE_INTERVAL 1s
check "by the workers, too" configure workflows PURGE_INTERVAL 1s
pid=$(part_pid main 1)
worker=$(part_pid workflows 1)
request POST /v1/buildings '{"name": "Short memory"}' -H "Idempotency-Key: $key"
check "a building is created with a key" has_status 201
first=$(body .id)
check "the key is forgotten after its time" eventually 20 is_forgotten
request POST /v1/buildings '{"name": "Short memory"}' -H "Idempotency-Key: $key"
check "the key makes another building then" has_status 201
check "which is another one" has_body ".id != \"$first\""
check "the key is forgotten again" eventually 20 is_forgotten
check "main is the process it was" equal "$(part_pid main 1)" "$pid"
check "so is the worker" equal "$(part_pid workflows 1)" "$worker"

configure workflows PURGE_INTERVAL ""
configure main PURGE_INTERVAL ""
configure main IDEMPOTENCY_TTL ""
