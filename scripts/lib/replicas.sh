# shellcheck shell=bash
# Replicas of the services: SERVICE-1 ... SERVICE-N, each with its own ops port.

READY_TIMEOUT=${READY_TIMEOUT:-30}

replica_index() { echo "${1##*-}"; }
ops_key() { echo "$(service_prefix "$1")_$2_OPS_PORT"; }
ops_port() { recall "$(ops_key "${1%-*}" "$(replica_index "$1")")"; }
rest_port() { recall HTTP_PORT; }
rest_url() { echo "http://127.0.0.1:$(rest_port)"; }
drain_seconds() { echo $(($(seconds_of "$(setting_of "$1" DRAIN_DELAY 500ms)") + $(seconds_of "$(setting_of "$1" DRAIN_TIMEOUT 25s)"))); }

# The replicas of a service that have a process, lowest first.
replicas_of() { known_processes | grep -E "^$1-[0-9]+\$" | sort -t- -k2n || true; }

# --- settings --------------------------------------------------------------------------------------------------------

# Every setting that .env.example documents for one process, NAME of "# NAME=value" lines included.
setting_names() { sed -n 's/^#\{0,1\} \{0,1\}\([A-Z][A-Z0-9_]*\)=.*/\1/p' "$LINTEL_ROOT/.env.example" | sort -u; }

# Settings given in the environment of scripts/up are remembered until they are given anew; an empty one is forgotten.
remember_settings() {
    local name
    for name in $(setting_names); do
        case $name in *_PORT | *_URL | *_IMAGE | *_PASSWORD | LINTEL_* | REPLICA) continue ;; esac
        [ -n "${!name+set}" ] || continue
        case $name in *_REPLICAS) require_number "$name" "${!name}" 0 64 ;; esac
        remember "$name" "${!name}"
    done
}

# setting_of SERVICE NAME DEFAULT: the service's own value (WORKFLOWS_LOG_LEVEL) goes before the common one (LOG_LEVEL).
setting_of() {
    local value
    value=$(recall "$(service_prefix "$1")_$2")
    [ -n "$value" ] || value=$(recall "$2")
    echo "${value:-$3}"
}

# The environment of a replica: what the stack decides, and the settings that were given.
replica_settings() {
    local service=$1 replica=$2 prefix name
    prefix=$(service_prefix "$service")
    setting NATS_URL "$(nats_url)"
    setting DATABASE_URL "$(database_url "$service")"
    setting OPS_PORT "$(ops_port "$replica")"
    setting REPLICA "$replica"
    if service_listens "$service"; then
        setting HTTP_PORT "$(rest_port)"
        # A restart overlaps: the new process listens before the old one stops.
        setting HTTP_REUSE_PORT on
    fi
    # Common settings first, so that the service's own win.
    while read -r name; do
        is_stack_value "$name" || setting "$name" "$(recall "$name")"
    done < <(sed -n 's/^\([A-Z][A-Z0-9_]*\)=.*/\1/p' "$ENV_FILE")
    while read -r name; do
        is_stack_value "$name" || setting "$name" "$(recall "${prefix}_$name")"
    done < <(sed -n "s/^${prefix}_\([A-Z][A-Z0-9_]*\)=.*/\1/p" "$ENV_FILE")
}
# A setting that was forgotten (empty) is the service's default.
setting() { [ -z "$2" ] || printf '%s=%s\n' "$1" "$(quoted "$2")"; }

# Values of the scripts themselves, and those of one service, which another must not see.
is_stack_value() {
    local prefix
    case $1 in *_PORT | REPLICAS | *_REPLICAS | *_PASSWORD) return 0 ;; esac
    while read -r prefix; do
        case $1 in "${prefix}"_*) return 0 ;; esac
    done < <(awk 'NF { print $4 }' <<<"$SERVICE_TABLE")
    return 1
}

# --- one replica -----------------------------------------------------------------------------------------------------

replica_is_ready() { curl -fsS -o /dev/null -m 2 "http://127.0.0.1:$(ops_port "$1")/health/ready" 2>/dev/null; }

# What a replica would be started with now; one that was started with something else is replaced by scripts/up.
replica_fingerprint() { { current_release && replica_settings "${1%-*}" "$1"; } | sha256sum | cut -c1-16; }
is_current() { [ "$(cat "$(process_dir "$1")/fingerprint" 2>/dev/null)" = "$(replica_fingerprint "$1")" ]; }

begin_replica() {
    local replica=$1 service=${1%-*}
    claim_port "$(ops_key "$service" "$(replica_index "$replica")")" \
        $(($(service_ops_port "$service") + $(replica_index "$replica") - 1)) "ops of $replica"
    replica_settings "$service" "$replica" |
        write_process "$replica" "$SERVICE_USER" TERM "$(readlink -f "$(installed_binary "$service")")"
    replica_fingerprint "$replica" >"$(process_dir "$replica")/fingerprint"
    start_process "$replica"
}

wait_replica() { wait_ready "$1" "$READY_TIMEOUT" replica_is_ready "$1"; }

# SIGTERM, then the time it may take to finish what it has, and a little more, then SIGKILL.
end_replica() { stop_process "$1" $(($(drain_seconds "${1%-*}") + 3)); }

end_replicas() {
    local replica
    for replica in "$@"; do end_replica "$replica" & done
    wait
}

# --- many replicas ---------------------------------------------------------------------------------------------------

# start_missing SERVICE COUNT: begins replicas 1..COUNT that are not running; prints nothing, waits for none.
start_missing() {
    local service=$1 count=$2 index
    for ((index = 1; index <= count; index++)); do
        keeps_running "$service-$index" replica_is_ready "$service-$index" || {
            stop_process "$service-$index" 5
            begin_replica "$service-$index"
        }
    done
}

# wait_service SERVICE COUNT: until replicas 1..COUNT are ready.
wait_service() {
    local index
    for ((index = 1; index <= $2; index++)); do wait_replica "$1-$index" || return 1; done
}

end_surplus() {
    local surplus
    mapfile -t surplus < <(replicas_of "$1" | awk -F- -v count="$2" '$NF > count')
    [ "${#surplus[@]}" -eq 0 ] || end_replicas "${surplus[@]}"
}

# scale_service SERVICE COUNT: new replicas are ready when it returns, removed ones have finished their work.
scale_service() {
    start_missing "$1" "$2"
    wait_service "$1" "$2" || return 1
    end_surplus "$1" "$2"
}

# roll_service SERVICE [REPLICA...]: replaces the replicas one after the other, the new one ready before the next goes.
# A service with a single replica gets a second one for that time, so that somebody always answers: workers share their
# queue group, mains their port.
roll_service() {
    local service=$1 replica before
    shift
    before=$(replicas_of "$service" | wc -l)
    if [ "$before" -eq 1 ]; then
        scale_service "$service" 2 || { end_surplus "$service" 1 && return 1; }
    fi
    for replica in "$@"; do
        end_replica "$replica"
        begin_replica "$replica"
        wait_replica "$replica" || return 1
    done
    if [ "$before" -eq 1 ]; then scale_service "$service" 1; fi
}
