# shellcheck shell=bash
# What every script shares: messages, the checkout, the state folder, its lock and its env file.

# Where Debian puts servers and tools; not in the PATH of every user.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

LINTEL_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

say() { printf '%s\n' "$*"; }
warn() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
fail() {
    warn "$*"
    exit 1
}
is_root() { [ "$(id -u)" -eq 0 ]; }
has() { command -v "$1" >/dev/null 2>&1; }

# Prints the comment block at the top of the running script: that is its help.
usage() { sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$0"; }

# A whole number within bounds, or the end with a message that names the option.
require_number() {
    local what=$1 value=$2 low=$3 high=$4
    if [[ "$value" =~ ^[0-9]{1,6}$ ]] && ((10#$value >= low && 10#$value <= high)); then return 0; fi
    fail "$what must be a whole number from $low to $high, not '$value'."
}

# --- the state folder ------------------------------------------------------------------------------------------------

# Postgres refuses to run as root and must reach its data as another user, so root's state is not in the checkout.
default_state() { if is_root; then echo /var/lib/lintel; else echo "$LINTEL_ROOT/.run"; fi; }
# use_state FOLDER: the state folder of this script and of the scripts that it calls.
use_state() {
    case $1 in
    /*) STATE=${1%/} ;;
    *) STATE=$PWD/${1%/} ;;
    esac
    ENV_FILE=$STATE/env
    export LINTEL_STATE=$STATE
}
use_state "${LINTEL_STATE:-$(default_state)}"

state_exists() { [ -f "$ENV_FILE" ]; }

require_state() {
    state_exists || fail "nothing has been started in $STATE yet; scripts/up does that" \
        "(LINTEL_STATE names another state folder)."
}

create_state() {
    mkdir -p "$STATE" || fail "cannot create the state folder $STATE; set LINTEL_STATE to a folder that can be written."
    [ -w "$STATE" ] || fail "the state folder $STATE cannot be written by $(id -un); set LINTEL_STATE to another."
    chmod go+x "$STATE"
    [ -f "$ENV_FILE" ] || (umask 077 && : >"$ENV_FILE")
}

# One script at a time changes a stack. The descriptor is closed for everything that outlives the script.
LOCK_FD=9
lock_state() {
    local wait=${LOCK_TIMEOUT:-900} holder
    exec 9>>"$STATE/lock"
    if ! flock -n $LOCK_FD; then
        holder=$(cat "$STATE/lock.holder" 2>/dev/null || true)
        say "Waiting for ${holder:-another script} to finish with $STATE ..."
        flock -w "$wait" $LOCK_FD || fail "${holder:-another script} still holds $STATE after $wait s."
    fi
    echo "scripts/${0##*/} (pid $$)" >"$STATE/lock.holder"
}

# --- remembered values: NAME=value lines, quoted for sh --------------------------------------------------------------

# Prints the remembered value of a name, or nothing.
recall() {
    local line
    line=$(grep -m1 "^$1=" "$ENV_FILE" 2>/dev/null) || return 0
    line=${line#*=}
    line=${line#\'}
    line=${line%\'}
    printf '%s' "${line//"'\\''"/"'"}"
}

quoted() { printf "'%s'" "${1//"'"/"'\\''"}"; }

remember() {
    local name=$1 value=$2 next=$ENV_FILE.next
    [ "$(recall "$name")" != "$value" ] || ! grep -q "^$name=" "$ENV_FILE" || return 0
    case $value in *$'\n'*) fail "the value of $name must be one line." ;; esac
    (
        umask 077
        { grep -v "^$name=" "$ENV_FILE" || true; } >"$next"
        printf '%s=%s\n' "$name" "$(quoted "$value")" >>"$next"
    )
    mv "$next" "$ENV_FILE"
}

# A password nobody has to type.
random_secret() { od -An -N18 -tx1 /dev/urandom | tr -d ' \n'; }

# --- time ------------------------------------------------------------------------------------------------------------

# Runs a command every 50 ms until it succeeds or the seconds are over.
wait_until() {
    local seconds=$1 end
    shift
    end=$((${EPOCHREALTIME//[.,]/} + seconds * 1000000))
    until "$@"; do
        [ "${EPOCHREALTIME//[.,]/}" -lt "$end" ] || return 1
        sleep 0.05
    done
}

# Whole seconds of a duration setting such as 25s, 1m or 1500ms, rounded up.
seconds_of() {
    case $1 in
    *ms) echo $(((${1%ms} + 999) / 1000)) ;;
    *s) echo "${1%s}" ;;
    *m) echo $((${1%m} * 60)) ;;
    *h) echo $((${1%h} * 3600)) ;;
    *) echo "$1" ;;
    esac
}
