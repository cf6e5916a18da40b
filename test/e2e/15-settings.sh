#!/usr/bin/env bash
# A setting that makes no sense stops the start with one clear line; help and version ask for nothing.
set -uo pipefail
# shellcheck source=lib/story.sh
source "$(dirname "$0")/lib/story.sh"

database=postgresql://user:secret-of-the-url@127.0.0.1:1/none
PROGRAM_ENVIRONMENT=("DATABASE_URL=$database")

# run SERVICE ARGUMENT...: sets CODE and OUTPUT.
run() {
    OUTPUT=$(program "$@" 2>&1)
    CODE=$?
}
# refuses WHAT SERVICE [ARGUMENT...]: exit code 78, one line, which has WHAT in it.
refuses() {
    local what=$1
    shift
    run "$@"
    check "$what: the start is refused" equal "$CODE" 78
    check "$what: in one line that names it" test "$(grep -c '' <<<"$OUTPUT") $(grep -c -e "$what" <<<"$OUTPUT")" = "1 1"
    [ "$CODE" = 78 ] || echo "$OUTPUT" | head -n 5
}
# bad SERVICE NAME=VALUE: from the environment.
bad() {
    PROGRAM_ENVIRONMENT=("DATABASE_URL=$database" "$2")
    refuses "${2%%=*}" "$1"
    PROGRAM_ENVIRONMENT=("DATABASE_URL=$database")
}

for service in $(all_services); do
    run "$service" --help
    check "$service --help ends well" equal "$CODE" 0
    check "it has every setting with its default" grep -qE 'DATABASE_CONNECTIONS.*|--database-connections' <<<"$OUTPUT"
    check "it shows no secret" test "$(grep -c secret-of-the-url <<<"$OUTPUT")" = 0
    run "$service" --version
    check "$service --version is one line" equal "$CODE $(grep -c '' <<<"$OUTPUT")" "0 1"
done

bad main HTTP_PORT=80000
bad main HTTP_PORT=http
bad main HTTP_PORT=-1
bad main REQUEST_DEADLINE=soon
bad main REQUEST_DEADLINE=-5s
bad main REQUEST_DEADLINE=5
bad main START_DEADLINE=5parsecs
bad main LOG_LEVEL=loud
bad main LOG_REQUESTS=some
bad main LOG_FORMAT=xml
bad main MIGRATE=perhaps
bad main HTTP_MAX_BODY=1e6
bad main DATABASE_CONNECTIONS=99999999999999999999
bad main IO_THREADS=-2
bad main JSON_MAX_DEPTH=0
bad main LIST_MAX_ITEMS=201
bad main NATS_MAX_PAYLOAD=1024
bad main READ_HEDGE=300
bad main READ_HEDGES=-1
bad main CHANGE_HEDGE=300
bad main CHANGE_HEDGES=-1
bad main INTENT_TIMEOUT=0s
bad main INTENT_BACKOFF=now
bad main INTENT_BACKOFF_MAX=1ms
bad main INTENT_MEASURE=0s
bad main INTENT_CLOSE_QUEUE=0
bad workflows DATABASE_BATCH=0
bad workflows DATABASE_BATCH_QUEUE=0
bad workflows NATS_MAX_HANDLED=0
bad workflows NATS_MAX_REFUSALS=-1
bad workflows REQUEST_DEADLINE_MAX=1s
bad workflows OPS_PORT=1.5
bad workflows WORKFLOW_KEY_TTL=forever
for service in inventory accounts deliveries; do
    bad "$service" STEP_KEY_TTL=forever
done

# What only shows when it is used: not 78, but as clear.
late() {
    PROGRAM_ENVIRONMENT=("DATABASE_URL=$database" OPS_PORT=0 "$2")
    run "$1"
    check "${2%%=*}: ends the start" test "$CODE" -ne 0 -a "$CODE" -ne 137
    check "${2%%=*}: with one clear line" test "$(grep -c "^lintel-$1: " <<<"$OUTPUT")" = 1
    PROGRAM_ENVIRONMENT=("DATABASE_URL=$database")
}
late main OPS_HOST=not/an/address
late workflows DATABASE_CONNECTIONS=0

PROGRAM_ENVIRONMENT=("DATABASE_URL=nonsense secret-of-the-url" OPS_PORT=0)
run main
check "a database URL that is none is refused" test "$CODE" -ne 0 -a "$CODE" -ne 137
check "without a word of the secret in it" test "$(grep -c secret-of-the-url <<<"$OUTPUT")" = 0
PROGRAM_ENVIRONMENT=("DATABASE_URL=")
refuses DATABASE_URL main
PROGRAM_ENVIRONMENT=("DATABASE_URL=$database")
refuses colour main --colour=red
refuses --http-port main --http-port=80000
run main surplus
check "a word too many is refused" equal "$CODE" 78
