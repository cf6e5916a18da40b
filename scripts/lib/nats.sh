# shellcheck shell=bash
# The broker of a stack.

# docker-compose.yml mounts the same file; scripts/up adds the port and the address.
NATS_CONFIG=$LINTEL_ROOT/scripts/lib/nats-server.conf

nats_url() { echo "nats://127.0.0.1:$(recall NATS_PORT)"; }
nats_is_ready() { (exec 3<>"/dev/tcp/127.0.0.1/$(recall NATS_PORT)") 2>/dev/null; }

start_nats() {
    if keeps_running nats nats_is_ready; then return 0; fi
    stop_process nats 5
    claim_port NATS_PORT 4222 NATS
    claim_port NATS_MONITOR_PORT 8222 'NATS monitoring'
    mkdir -p "$STATE/nats"
    cp "$NATS_CONFIG" "$STATE/nats/nats-server.conf"
    chmod 644 "$STATE/nats/nats-server.conf"
    write_process nats "$SERVICE_USER" TERM "$(command -v nats-server)" --config "$STATE/nats/nats-server.conf" \
        --addr 127.0.0.1 --port "$(recall NATS_PORT)" --http_port "$(recall NATS_MONITOR_PORT)" </dev/null
    start_process nats
}
