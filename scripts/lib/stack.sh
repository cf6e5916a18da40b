# shellcheck shell=bash
# Everything the scripts that run a stack need.
for lib in common services packages ports supervise nats postgres release replicas; do
    # shellcheck source=/dev/null
    source "$(dirname "${BASH_SOURCE[0]}")/$lib.sh"
done
