# shellcheck shell=bash
# What runs: a copy of the binaries in the state folder, so that a build never changes a running program under it.

current_release() { readlink "$STATE/current" 2>/dev/null || true; }
installed_binary() { echo "$STATE/$(current_release)/bin/$(binary_of "$1")"; }

# Builds with a preset, or takes the binaries of LINTEL_BIN, and makes them the current release.
install_release() {
    local preset=$1 next=$STATE/releases/.next id
    mkdir -p "$STATE/releases"
    rm -rf "$next"
    if [ -n "${LINTEL_BIN:-}" ]; then
        take_binaries "$LINTEL_BIN" "$next"
    else
        build_release "$preset" "$next"
    fi
    id=$(cd "$next/bin" && sha256sum lintel-* | sha256sum | cut -c1-12)
    if [ -d "$STATE/releases/$id" ]; then rm -rf "$next"; else mv "$next" "$STATE/releases/$id"; fi
    ln -sfn "releases/$id" "$STATE/current"
}

build_release() {
    local preset=$1 prefix=$2 build=$LINTEL_ROOT/build/$1
    say "Building ($preset); the first time this takes some minutes."
    (
        cd "$LINTEL_ROOT" && configure "$preset" && cmake --build --preset "$preset" &&
            cmake --install "$build" --prefix "$prefix" >/dev/null
    ) </dev/null || fail "the build failed, see above."
    require_programs "$prefix/bin" "the build"
}

# configure PRESET: compilation is cached where ccache is.
configure() {
    local launcher=()
    mkdir -p "$LINTEL_ROOT/build"
    if has ccache; then launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache -DCMAKE_C_COMPILER_LAUNCHER=ccache); fi
    cmake --preset "$1" "${launcher[@]}" >"$LINTEL_ROOT/build/$1.configure.log" 2>&1 || {
        cat "$LINTEL_ROOT/build/$1.configure.log" >&2
        return 1
    }
}

# build_services PRESET [TARGET...]: the programs of all services, and what else is named.
build_services() {
    local preset=$1 programs
    shift
    mapfile -t programs < <(all_programs)
    cmake --build --preset "$preset" --target "${programs[@]}" "$@"
}

take_binaries() {
    local from=$1 prefix=$2 service
    [ -d "$from/bin" ] && from=$from/bin
    mkdir -p "$prefix/bin"
    require_programs "$from" "LINTEL_BIN=$LINTEL_BIN"
    for service in $(all_services); do
        install -m 755 "$from/$(binary_of "$service")" "$prefix/bin/"
    done
}

require_programs() {
    local service
    for service in $(all_services); do
        [ -x "$1/$(binary_of "$service")" ] || fail "$2 has no program $(binary_of "$service")."
    done
}

# Releases that no process uses any more.
remove_old_releases() {
    local release
    for release in "$STATE"/releases/*/; do
        release=$(basename "$release")
        [ "releases/$release" = "$(current_release)" ] && continue
        grep -qs "releases/$release/" "$STATE"/services/*/run && continue
        rm -rf "$STATE/releases/$release"
    done
}
