#!/usr/bin/env bash
# Usage (as root): scripts/lib/install-packages.sh PACKAGE...
# Installs Debian packages so that none of them starts a service or creates a Postgres cluster: neither now (policy-rc.d)
# nor at the next boot (a service that came with a package just installed is disabled). Everything else that this
# changes for the time of the installation is put back.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2048,SC2206  # packages may come as one word or many
packages=($*)

policy=/usr/sbin/policy-rc.d
saved=$policy.before-lintel
marker='# lintel: packages start nothing while scripts/up installs them'
clusters=/etc/postgresql-common/createcluster.conf
clusters_changed=

put_back() {
    if [ -f "$policy" ] && grep -qxF "$marker" "$policy"; then rm -f "$policy"; fi
    if [ -e "$saved" ]; then mv "$saved" "$policy"; fi
    if [ -n "$clusters_changed" ]; then sed -i '/^create_main_cluster = false # lintel$/d' "$clusters"; fi
}

keep_services_from_starting() {
    if [ -e "$policy" ] && ! grep -qxF "$marker" "$policy"; then mv "$policy" "$saved"; fi
    printf '#!/bin/sh\n%s\nexit 101\n' "$marker" >"$policy"
    chmod 755 "$policy"
}

# What apt-get and dpkg say matters only when they fail.
get() {
    local log
    log=$(mktemp)
    if apt-get -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 -qq "$@" </dev/null >"$log" 2>&1; then
        rm -f "$log"
    else
        cat "$log" >&2
        rm -f "$log"
        return 1
    fi
}
is_installed() { dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

# postgresql-common decides whether postgresql-15 creates a cluster, so it comes first and is told not to.
keep_clusters_from_being_created() {
    is_installed postgresql-common || get install -y --no-install-recommends postgresql-common
    [ -f "$clusters" ] || return 0
    clusters_changed=yes
    echo 'create_main_cluster = false # lintel' >>"$clusters"
}

trap put_back EXIT
trap 'exit 130' INT TERM
keep_services_from_starting
# A source that cannot be reached must not matter when the others have the packages.
get update || echo "apt-get update complained; going on with the package lists there are." >&2
new_nats=
for package in "${packages[@]}"; do
    case $package in
    postgresql-*) is_installed "$package" || keep_clusters_from_being_created ;;
    nats-server) is_installed "$package" || new_nats=yes ;;
    esac
done
get install -y --no-install-recommends "${packages[@]}"
# nats-server's package asks systemd to start it at every boot; where systemctl is missing the link is all there is.
if [ -n "$new_nats" ]; then
    systemctl disable nats-server >/dev/null 2>&1 || rm -f /etc/systemd/system/multi-user.target.wants/nats-server.service
fi
