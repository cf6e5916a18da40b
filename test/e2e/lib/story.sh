# shellcheck shell=bash
# What stories share: checks, requests, and a hand on the stack that is the same with scripts/up and in containers.
# LINTEL_URL, NATS_URL and LINTEL_DRIVER (local or compose) come from scripts/e2e.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
# shellcheck source=../../../scripts/lib/stack.sh
source "$ROOT/scripts/lib/stack.sh"
# shellcheck source=../../../scripts/lib/compose.sh
source "$ROOT/scripts/lib/compose.sh"
: "${LINTEL_URL:?scripts/e2e runs the stories}"

SCRATCH=$(mktemp -d)
CHECKS=0
FAILED=0
STATUS=
BODY=
trap 'rm -rf "$SCRATCH"; echo "1..$CHECKS"; [ "$FAILED" -eq 0 ]' EXIT

# check WHAT COMMAND...: one line of the report; a failed check does not end the story.
check() {
    local what=$1
    shift
    CHECKS=$((CHECKS + 1))
    if "$@" >"$SCRATCH/check" 2>&1; then
        echo "ok $CHECKS - $what"
    else
        FAILED=$((FAILED + 1))
        echo "not ok $CHECKS - $what"
        printf '  command: %s\n  status: %s  body: %s\n' "$*" "${STATUS:-}" "${BODY:0:500}"
        sed 's/^/  /' "$SCRATCH/check"
    fi
}

# skip WHAT WHY: what cannot be told here.
skip() {
    CHECKS=$((CHECKS + 1))
    echo "ok $CHECKS - $1 # SKIP $2"
}

# request METHOD PATH [BODY] [CURL_ARGUMENT...]: sets STATUS and BODY; header reads what else came. STATUS is 000 when
# there was no answer.
request() {
    local method=$1 path=$2 body=${3:-} arguments=()
    shift 2
    [ $# -eq 0 ] || shift
    if [ -n "$body" ]; then arguments=(-H 'Content-Type: application/json' --data-raw "$body"); fi
    : >"$SCRATCH/headers"
    STATUS=$(curl -sS -m 20 -X "$method" -D "$SCRATCH/headers" -o "$SCRATCH/body" -w '%{http_code}' \
        "${arguments[@]}" "$@" "$LINTEL_URL$path" 2>"$SCRATCH/curl") || STATUS=000
    BODY=$(cat "$SCRATCH/body" 2>/dev/null || true)
    rm -f "$SCRATCH/body"
}
header() { sed -n "s/^$1: *\(.*\)\r\{0,1\}\$/\1/Ip" "$SCRATCH/headers" | tr -d '\r' | tail -n 1; }

# uri TEXT: percent-encoded.
uri() { jq -rn --arg text "$1" '$text | @uri'; }

has_status() { [ "$STATUS" = "$1" ]; }
# A jq expression that must be true of the body; further arguments go to jq (--arg name value).
has_body() {
    local expression=$1
    shift
    jq -e "$@" "$expression" <<<"$BODY"
}
body() { jq -r "$1" <<<"$BODY"; }
equal() { [ "$1" = "$2" ] || { echo "'$1' is not '$2'" && return 1; }; }
eventually() { wait_until "$@"; }

# --- the stack -------------------------------------------------------------------------------------------------------

scale() {
    case $LINTEL_DRIVER in
    local) "$ROOT/scripts/scale" "$1" "$2" ;;
    # Alone: whoever else is scaled keeps the number that it was given.
    compose) compose up -d --no-build --no-recreate --no-deps --scale "$1=$2" "$1" && compose_wait ;;
    esac
}

restart() {
    case $LINTEL_DRIVER in
    local) "$ROOT/scripts/restart" "$1" ;;
    compose) compose restart "$1" && compose_wait ;;
    esac
}

container() { compose ps -q "$1" | sed -n "${2:-1}p"; }
part_pid() {
    case $LINTEL_DRIVER in
    local) process_pid "$1${2:+-$2}" ;;
    compose) docker inspect -f '{{.State.Pid}}' "$(container "$1" "${2:-1}")" ;;
    esac
}

# signal_part NAME [INDEX] SIGNAL: to a replica (workflows 2 KILL) or to nats, postgres-main, postgres-workflows.
signal_part() {
    local signal=${!#} pid
    pid=$(part_pid "$1" "$([ $# -eq 3 ] && echo "$2")")
    [ -n "$pid" ] && kill "-$signal" "$pid"
}

# stop_part, start_part: nats, postgres-main, postgres-workflows; a service is scaled instead.
stop_part() {
    case $LINTEL_DRIVER in
    local) sv -w 20 down "$(process_dir "$1")" >/dev/null ;;
    compose) compose stop "$1" ;;
    esac
}
start_part() {
    case $LINTEL_DRIVER in
    local) sv -w 20 up "$(process_dir "$1")" >/dev/null ;;
    compose) compose start "$1" ;;
    esac
}

# ops_address SERVICE INDEX: host:port of the ops listener of a replica.
ops_address() {
    case $LINTEL_DRIVER in
    local) echo "127.0.0.1:$(ops_port "$1-$2")" ;;
    compose)
        echo "$(docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' \
            "$(container "$1" "$2")"):$(service_ops_port "$1")"
        ;;
    esac
}

# ops SERVICE INDEX PATH: what the ops listener of one replica answers.
ops() { curl -sS -m 5 "http://$(ops_address "$1" "$2")$3"; }

# database SERVICE SQL: rows as psql prints them unaligned, from the service's own Postgres.
database() {
    case $LINTEL_DRIVER in
    local) superuser_psql "$1" -d "$1" -At -c "$2" ;;
    compose)
        docker exec "$(container "postgres-$1")" \
            sh -c 'PGPASSWORD=$POSTGRES_PASSWORD exec psql -XqAt -h 127.0.0.1 -U "$0" -d "$0" -c "$1"' "$1" "$2"
        ;;
    esac
}

# configure SERVICE NAME VALUE: restarts the service with a setting, without a gap where replicas allow it; an empty
# value is the default again. What a story sets it takes back: configuration outlives it.
configure() {
    case $LINTEL_DRIVER in
    local)
        LINTEL_BIN=$STATE/current "$ROOT/scripts/up" --set "$(service_prefix "$1")_$2=$3" >"$SCRATCH/configure" 2>&1 ||
            { cat "$SCRATCH/configure" && return 1; }
        ;;
    compose)
        if [ -n "$3" ]; then export "$2=$3"; else unset "$2"; fi
        compose up -d --no-build --no-deps --scale "$1=$(containers "$1" | wc -l)" "$1" && compose_wait
        ;;
    esac
}

containers() { compose ps -q "$1"; }

# replica_count SERVICE: how many there are; each can be asked by its index (ops), signalled and looked at.
replica_count() {
    case $LINTEL_DRIVER in
    local) replicas_of "$1" | wc -l ;;
    compose) containers "$1" | wc -l ;;
    esac
}

# logs_of SERVICE: what its replicas have logged lately, in no common order.
logs_of() {
    case $LINTEL_DRIVER in
    local) cat "$STATE"/log/"$1"-*/current ;;
    compose)
        local id
        for id in $(containers "$1"); do docker logs "$id" 2>&1; done
        ;;
    esac
}

# program SERVICE ARGUMENT...: runs the program of a service once, with nothing but the environment of `env` before it.
program() {
    local service=$1
    shift
    case $LINTEL_DRIVER in
    local) env -i "${PROGRAM_ENVIRONMENT[@]}" timeout -s KILL 8 "$STATE/current/bin/$(binary_of "$service")" "$@" ;;
    compose)
        local setting arguments=()
        for setting in "${PROGRAM_ENVIRONMENT[@]}"; do arguments+=(-e "$setting"); done
        docker run --rm --network none --entrypoint timeout "${arguments[@]}" \
            "$(docker inspect -f '{{.Config.Image}}' "$(container "$service")")" -s KILL 8 /usr/local/bin/lintel "$@"
        ;;
    esac
}

# is_ready SERVICE INDEX: `yes` or `no`.
is_ready() { if ops "$1" "$2" /health/ready 2>/dev/null | jq -e '.status == "ok"' >/dev/null 2>&1; then echo yes; else echo no; fi; }
all_ready() {
    local service index
    for service in $(all_services); do
        for ((index = 1; index <= $(replica_count "$service"); index++)); do
            [ "$(is_ready "$service" "$index")" = yes ] || return 1
        done
    done
}
