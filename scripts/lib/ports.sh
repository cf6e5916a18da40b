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

# Two stacks that start at the same moment must not pick the same port: what one has chosen is noted here for a minute,
# by when it listens.
PORT_NOTES=/tmp/lintel-ports

port_is_noted() {
    local note=$PORT_NOTES/$1
    [ -n "$(find "$note" -mmin -1 2>/dev/null)" ] && [ "$(cat "$note" 2>/dev/null)" != "$STATE" ]
}
note_port() {
    rm -f "$PORT_NOTES/$1" 2>/dev/null || true
    echo "$STATE" 2>/dev/null >"$PORT_NOTES/$1" || true
}

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
    if mkdir "$PORT_NOTES" 2>/dev/null; then chmod 1777 "$PORT_NOTES"; fi
    if exec 8<"$PORT_NOTES"; then flock -w 10 8 || true; fi
    port=$wanted
    while port_is_taken "$port" || port_is_noted "$port" || is_promised "$name" "$port"; do
        port=$((port + 1))
        [ "$port" -le 65535 ] || fail "no free port from $wanted on for $what."
    done
    note_port "$port"
    exec 8<&-
    [ "$port" = "$wanted" ] || say "Port $wanted ($what) is taken$(port_holder "$wanted"); using $port instead."
    remember "$name" "$port"
}

# True when the port is remembered for something else of this stack.
is_promised() { grep -q "^[A-Z0-9_]*_PORT='$2'\$" <(grep -v "^$1=" "$ENV_FILE"); }
