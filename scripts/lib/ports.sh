# shellcheck shell=bash
# Ports: the default, or what was asked for, or the next free one; remembered in the state folder.

# Read from /proc, so that it needs no package and sees listeners of every user and address family.
port_is_taken() {
    local hex
    hex=$(printf '%04X' "$1")
    awk -v port=":$hex\$" '$4 == "0A" && $2 ~ port { found = 1 } END { exit !found }' /proc/net/tcp /proc/net/tcp6 2>/dev/null
}

port_is_free() { ! port_is_taken "$1"; }

port_holder() {
    has ss || return 0
    ss -Hltnp "sport = :$1" 2>/dev/null | sed -n 's/.*users:(("\([^"]*\)",pid=\([0-9]*\).*/ by \1 (pid \2)/p' | head -n 1
}

# Two stacks that start at the same moment must not pick the same port: starting is one at a time on a machine.
PORT_LOCK=/tmp/lintel-ports.lock
lock_ports() {
    [ -e "$PORT_LOCK" ] || (umask 0 && : >>"$PORT_LOCK") 2>/dev/null || true
    exec 8<"$PORT_LOCK" || return 0
    flock -n 8 || {
        say "Waiting for another stack on this machine that is just starting ..."
        flock -w 300 8 || warn "gave up waiting for the other stack; going on."
    }
}
unlock_ports() { exec 8<&-; }

remembered_ports() { sed -n "s/^[A-Z0-9_]*_PORT='\([0-9]*\)'$/\1/p" "$ENV_FILE"; }

# claim_port NAME DEFAULT WHAT: decides the port of something that is not running, remembers it under NAME and says so
# when it is not the one expected. A value of NAME in the environment goes before the remembered one.
claim_port() {
    local name=$1 default=$2 what=$3 wanted port
    wanted=${!name:-}
    [ -z "$wanted" ] || require_number "$name" "$wanted" 1 65535
    [ -n "$wanted" ] || wanted=$(recall "$name")
    [ -n "$wanted" ] || wanted=$default
    # Something of an earlier run may be about to leave a port that was ours.
    if [ "$wanted" = "$(recall "$name")" ]; then wait_until 3 port_is_free "$wanted" || true; fi
    port=$wanted
    while port_is_taken "$port" || is_promised "$name" "$port"; do
        port=$((port + 1))
        [ "$port" -le 65535 ] || fail "no free port from $wanted on for $what."
    done
    [ "$port" = "$wanted" ] || say "Port $wanted ($what) is taken$(port_holder "$wanted"); using $port instead."
    remember "$name" "$port"
}

# True when the port is remembered for something else of this stack.
is_promised() { grep -q "^[A-Z0-9_]*_PORT='$2'\$" <(grep -v "^$1=" "$ENV_FILE"); }
