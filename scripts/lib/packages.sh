# shellcheck shell=bash
# The Debian 12 packages that are needed, by purpose, and their installation: without recommended packages, and without
# letting a package start a service or create a database cluster of its own.

packages_for() {
    case $1 in
    run)
        echo runit nats-server postgresql-15 curl jq procps util-linux passwd
        packages_for libraries
        ;;
    libraries) echo libcpprest2.10 libnats3.4 libpqxx-6.4 libspdlog1.10 libprometheus-cpp-core1.0 libjemalloc2 ;;
    build)
        echo g++ cmake ninja-build ccache lld pkg-config python3 python3-yaml
        echo libcpprest-dev libnats-dev libpqxx-dev libspdlog-dev nlohmann-json3-dev libcxxopts-dev doctest-dev
        echo prometheus-cpp-dev libboost-dev libssl-dev libjemalloc-dev libvalijson-dev
        ;;
    test) echo jq git iproute2 python3 ;;
    fuzz) echo clang libclang-rt-14-dev ;;
    lint) echo clang-format clang-tidy-14 shellcheck git ;;
    *) fail "packages_for: unknown purpose '$1'" ;;
    esac
}

# The packages of the named purposes (run, libraries, build, test, lint), each once. The Dockerfile uses it too.
packages_of() {
    local purpose
    for purpose in "$@"; do packages_for "$purpose" | xargs -n 1; done | sort -u
}

missing_packages() {
    packages_of "$@" | while read -r package; do
        dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || echo "$package"
    done
}

# install_packages PURPOSE...: installs what is missing, or says what to run and ends.
install_packages() {
    has dpkg-query || fail "these scripts install Debian 12's packages, and this is not Debian;" \
        "docker compose up runs Lintel anywhere."
    install_named "$(missing_packages "$@" | xargs)"
}

# npm for what runs on node: the tests' peers and the contract validators. A node that is there is taken.
install_node() { { has node && has npm; } || install_named "nodejs npm"; }

install_named() {
    local become=()
    [ -n "$1" ] || return 0
    if ! is_root; then
        { has sudo && { [ -t 0 ] || sudo -n true 2>/dev/null; }; } || explain_packages "$1"
        become=(sudo)
    fi
    say "Installing Debian packages: $1"
    "${become[@]}" bash "$LINTEL_ROOT/scripts/lib/install-packages.sh" "$1" ||
        fail "the packages could not be installed; apt-get says why above."
}

explain_packages() {
    warn "these Debian packages are missing, and $(id -un) may not install them: $1"
    cat >&2 <<TEXT
Run this as root, then start again:

    bash $LINTEL_ROOT/scripts/lib/install-packages.sh $1

It is apt-get install --no-install-recommends with the packages' own services kept from starting. The plain form:

    apt-get install --no-install-recommends $1
TEXT
    exit 1
}
