# shellcheck shell=bash
# The tiers of scripts/test. What a tier prints goes to its log; what counts is the last line of that log that reads
# `N passed, N failed`, which every runner here ends with. Tiers run where `set -e` does not hold, so each step is
# chained to the one before.

LOGS=$LINTEL_ROOT/build/test-logs
TOTAL_PASSED=0
TOTAL_FAILED=0

# run_tier NAME COMMAND...: a command that fails without having counted a failure is one.
run_tier() {
    local name=$1 log=$LOGS/$1.log status=0 passed failed start=$SECONDS
    shift
    printf '%-10s ' "$name"
    ("$@") </dev/null >"$log" 2>&1 || status=$?
    read -r passed failed < <(counts_of "$log")
    if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
    if [ "$status" -eq 0 ] && [ $((passed + failed)) -eq 0 ]; then
        echo "$name ran no test." >>"$log"
        failed=1
    fi
    printf '%s passed, %s failed   (%s s)\n' "$passed" "$failed" "$((SECONDS - start))"
    if [ "$failed" -gt 0 ]; then
        show_failures "$log"
    fi
    TOTAL_PASSED=$((TOTAL_PASSED + passed))
    TOTAL_FAILED=$((TOTAL_FAILED + failed))
}

# What failed, wherever in the log it stands: a TAP line with its story and what it adds, or what doctest says of a
# case. Then the end, for what broke off without a word.
show_failures() {
    say "--- what failed, from $1:"
    awk '/^# [0-9]/ { story = $0 }
         /^not ok/ { if (story) print story; story = ""; rest = 30 }
         /^ok / { rest = 0 }
         /ERROR:|FAILED|Sanitizer|[*][*][*]/ { if (rest < 6) rest = 6 }
         rest-- > 0' "$1" | head -n 300 | sed 's/^/    /'
    say "--- its last lines:"
    tail -n 40 "$1" | sed 's/^/    /'
    say "---"
}

# "PASSED FAILED" of a log, "0 0" when it has no such line.
counts_of() {
    sed -n 's/^\([0-9][0-9]*\) passed, \([0-9][0-9]*\) failed.*/\1 \2/p' "$1" | tail -n 1 | grep . || echo 0 0
}

finish_tiers() {
    say
    say "$TOTAL_PASSED passed, $TOTAL_FAILED failed"
    [ "$TOTAL_FAILED" -eq 0 ]
}

sanitizer_options() {
    local suppressions=$LINTEL_ROOT/scripts/sanitizers
    export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=1:strict_string_checks=1}
    export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
    export LSAN_OPTIONS=${LSAN_OPTIONS:-suppressions=$suppressions/lsan.supp:print_suppressions=0}
    export TSAN_OPTIONS=${TSAN_OPTIONS:-suppressions=$suppressions/tsan.supp:halt_on_error=1:second_deadlock_stack=1}
}

# One build serves unit, component and tidy; ninja finds nothing to do the second time.
ctest_tier() {
    local preset=$1 label=$2
    configure "$preset" && cmake --build --preset "$preset" && run_ctest "$preset" "^$label\$"
}

# Only the programs whose tests say that they are concurrent are built a second time.
tsan_tier() {
    local targets
    configure tsan || return 1
    mapfile -t targets < <(ctest --test-dir build/tsan -N -L '^tsan$' | sed -n 's/^ *Test *#[0-9]*: //p')
    [ "${#targets[@]}" -gt 0 ] || fail "no test has the label tsan."
    cmake --build --preset tsan --target "${targets[@]}" && run_ctest tsan '^tsan$'
}

# ctest counts programs; the junit file also holds what doctest says of its cases, and those are what is counted.
run_ctest() {
    local preset=$1 labels=$2 status=0
    sanitizer_options
    ctest --test-dir "build/$preset" -L "$labels" --output-on-failure --no-tests=error \
        --output-junit "$LOGS/$preset.xml" --test-output-size-passed 100000 || status=$?
    /usr/bin/python3 scripts/lib/count_tests.py "$LOGS/$preset.xml"
    return "$status"
}

lint_tier() {
    if scripts/lint; then say "1 passed, 0 failed"; else say "0 passed, 1 failed" && return 1; fi
}

# test/NAME/run brings up what it needs. Chaos needs the build with failpoints.
black_box_tier() {
    local runner=test/$1/run
    [ -x "$runner" ] || fail "$runner is missing."
    if [ "$1" = chaos ]; then
        configure "$preset" && build_services "$preset" || return 1
        LINTEL_BIN=$LINTEL_ROOT/build/$preset/bin "$runner" --short
    else
        "$runner"
    fi
}
