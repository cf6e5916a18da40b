# shellcheck shell=bash
# Processes: each runs under its own runsv (Debian's runit), which starts it again when it ends unasked, and svlogd,
# which rotates its log. There is no daemon above them; a process's folder is services/<name> in the state folder.

LOG_BYTES=${LOG_BYTES:-10000000}
LOG_FILES=${LOG_FILES:-10}

process_dir() { echo "$STATE/services/$1"; }
log_file() { echo "$STATE/log/$1/current"; }

# sv asks through the pipe that only a living runsv holds open.
is_supervised() { sv status "$(process_dir "$1")" >/dev/null 2>&1; }

process_pid() { cat "$(process_dir "$1")/supervise/pid" 2>/dev/null || true; }
process_crashes() { cat "$(process_dir "$1")/crashes" 2>/dev/null || echo 0; }
is_running() { is_supervised "$1" && [ -n "$(process_pid "$1")" ]; }

# keeps_running NAME CHECK...: it is ready, or was started and has not crashed since. Anything else is started anew.
keeps_running() {
    local name=$1
    shift
    is_running "$name" && { "$@" || [ ! -s "$(process_dir "$name")/streak" ]; }
}

# Every process that has a folder here, in no order.
known_processes() {
    local dir
    for dir in "$STATE"/services/*/; do
        [ -d "$dir" ] && basename "$dir"
    done
    return 0
}

# The account for NATS and the services when root starts them: no shell, no home, no files.
SERVICE_USER=lintel
ensure_service_user() {
    is_root || return 0
    getent passwd "$SERVICE_USER" >/dev/null ||
        useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$SERVICE_USER"
}

# as_account ACCOUNT SIGNAL: words that run a command as an account (as non-root, the account stays) and send it the
# signal should its supervisor die, so that nothing is left behind.
as_account() {
    if is_root; then
        echo "setpriv --reuid=$1 --regid=$1 --init-groups --pdeathsig $2 --"
    else
        echo "setpriv --pdeathsig $2 --"
    fi
}

# write_process NAME ACCOUNT STOP_SIGNAL COMMAND...: makes the folder that runsv runs. The settings of the process are
# read from standard input, NAME='value' lines.
write_process() {
    local name=$1 account=$2 stop_signal=$3 dir log
    shift 3
    dir=$(process_dir "$name")
    log=$STATE/log/$name
    rm -rf "$dir"
    mkdir -p "$dir/log" "$log"
    (umask 077 && cat >"$dir/env")
    printf 's%s\nn%s\n' "$LOG_BYTES" "$LOG_FILES" >"$log/config"
    {
        run_script_head "$name"
        printf 'exec %s %s\n' "$(as_account "$account" "$stop_signal")" "$(printf '%q ' "$@")"
    } >"$dir/run"
    finish_script "$name" >"$dir/finish"
    printf '#!/bin/sh\nexec svlogd %q\n' "$log" >"$dir/log/run"
    chmod +x "$dir/run" "$dir/finish" "$dir/log/run"
    if [ "$stop_signal" != TERM ]; then
        mkdir "$dir/control"
        printf '#!/bin/sh\nkill -%s "$(cat supervise/pid)"\n' "$stop_signal" >"$dir/control/t"
        chmod +x "$dir/control/t"
    fi
}

# The wait before a start after crashes: 0.2 s, doubling to 5 s. It is in run, not in finish, so that a stop ends it.
run_script_head() {
    cat <<SCRIPT
#!/bin/sh
# Starts $1; written by scripts/${0##*/}.
exec 2>&1
streak=\$(cat streak 2>/dev/null || echo 0)
case \$streak in 0) ;; 1) sleep 0.2 ;; 2) sleep 0.4 ;; 3) sleep 0.8 ;; 4) sleep 1.6 ;; 5) sleep 3.2 ;; *) sleep 5 ;; esac
date +%s >started
hard=\$(ulimit -Hn)
if [ "\$hard" = unlimited ] || [ "\$hard" -gt 65536 ]; then hard=65536; fi
ulimit -n "\$hard"
set -a
. ./env
set +a
SCRIPT
}

# An end that nobody asked for is a crash: counted, said in the log, and 30 stable seconds end a streak of them.
finish_script() {
    cat <<SCRIPT
#!/bin/sh
# Runs when $1 has ended; written by scripts/${0##*/}.
grep -q want supervise/stat && exit 0
lasted=\$((\$(date +%s) - \$(cat started)))
streak=\$((\$(cat streak 2>/dev/null || echo 0) + 1))
[ "\$lasted" -lt 30 ] || streak=1
echo "\$streak" >streak
echo \$((\$(cat crashes 2>/dev/null || echo 0) + 1)) >crashes
how="exit code \$1"
[ "\$1" != -1 ] || how="signal \$2"
printf '{"time":"%s","level":"error","service":"supervisor","replica":"$1","message":"$1 ended unasked (%s) after %s s and is started again"}\n' \\
    "\$(date -u +%Y-%m-%dT%H:%M:%S.%3NZ)" "\$how" "\$lasted"
SCRIPT
}

# Starts the runsv of a written process; it outlives this script and its terminal.
start_process() {
    local dir
    dir=$(process_dir "$1")
    # From a subshell, so that it is nobody's child and no wait of this script waits for it.
    (setsid runsv "$dir" </dev/null >>"$dir/runsv.log" 2>&1 8>&- 9>&- &)
    wait_until 5 is_supervised "$1" || fail "runsv did not start $1: $(tail -n 3 "$dir/runsv.log")"
}

# stop_process NAME SECONDS: asks it to stop, kills it when it has not after the seconds, and ends its runsv.
stop_process() {
    local name=$1 seconds=$2 dir pid
    dir=$(process_dir "$name")
    [ -d "$dir" ] || return 0
    if is_supervised "$name"; then
        pid=$(process_pid "$name")
        sv -w "$seconds" force-shutdown "$dir" >/dev/null 2>&1 ||
            warn "$name did not stop within $seconds s and was killed."
        wait_until 5 is_unsupervised "$name" || fail "cannot end the runsv of $name (process $pid, folder $dir)."
    fi
    rm -rf "$dir"
}
is_unsupervised() { ! is_supervised "$1"; }

print_log_tail() {
    local name=$1 lines=${2:-20}
    say "--- last lines of the log of $name ($(log_file "$name")):"
    tail -n "$lines" "$(log_file "$name")" 2>/dev/null | sed 's/^/    /' || true
    tail -n 3 "$(process_dir "$name")/runsv.log" 2>/dev/null | sed 's/^/    /' || true
    say "---"
}

# wait_ready NAME SECONDS CHECK...: until the check succeeds; a process that crashes again and again fails at once.
wait_ready() {
    local name=$1 seconds=$2
    shift 2
    wait_until "$seconds" ready_or_crashing "$name" "$@" && "$@" && return 0
    if [ "$(process_crashes "$name")" -ge 3 ]; then
        warn "$name crashes as soon as it starts ($(process_crashes "$name") times so far)."
    else
        warn "$name is not ready after $seconds s."
    fi
    print_log_tail "$name" >&2
    return 1
}
ready_or_crashing() {
    local name=$1
    shift
    "$@" || [ "$(process_crashes "$name")" -ge 3 ]
}
