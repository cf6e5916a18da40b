# shellcheck shell=bash
# The containers of scripts/e2e --compose: a project of its own on free ports, with whichever compose there is.

COMPOSE_PROJECT=${COMPOSE_PROJECT:-lintel-e2e}
COMPOSE_TIMEOUT=${COMPOSE_TIMEOUT:-240}

compose_program() {
    if docker compose version >/dev/null 2>&1; then
        echo docker compose
    elif has docker-compose; then
        echo docker-compose
    else
        fail "neither 'docker compose' nor docker-compose is installed."
    fi
}

# NATS_URL tells the stories where the broker is on this machine; the containers must not take it for theirs.
compose() {
    local program
    read -ra program < <(compose_program)
    (cd "$LINTEL_ROOT" && env -u NATS_URL "${program[@]}" -p "$COMPOSE_PROJECT" "$@")
}

free_port() {
    local port=$1
    while port_is_taken "$port"; do port=$((port + 1)); done
    echo "$port"
}

# Words that give every worker set its replicas: not every compose reads them from deploy.
compose_scales() {
    local service name
    for service in $(worker_services); do
        name=$(service_prefix "$service")_REPLICAS
        echo --scale "$service=${!name:-$(service_default_replicas "$service")}"
    done
}

# Exported, so that they go before what .env says.
compose_up() {
    docker info >/dev/null 2>&1 || fail "the docker daemon does not answer."
    HTTP_PORT=$(free_port "${HTTP_PORT:-18080}")
    OPS_PORT=$(free_port "${OPS_PORT:-19080}")
    NATS_PORT=$(free_port "${NATS_PORT:-14222}")
    export HTTP_PORT OPS_PORT NATS_PORT
    # shellcheck disable=SC2046  # words
    compose up -d --build $(compose_scales) || return 1
    compose_wait
}

# Tells the stories where the containers are reached.
compose_use() {
    LINTEL_URL=http://$(compose port main 8080)
    NATS_URL=nats://$(compose port nats 4222)
    export COMPOSE_PROJECT LINTEL_URL NATS_URL
}

compose_is_healthy() {
    local states
    states=$(compose ps -q | xargs -r docker inspect -f '{{.State.Health.Status}}' | sort -u)
    [ "$states" = healthy ]
}
compose_wait() {
    wait_until "$COMPOSE_TIMEOUT" compose_is_healthy || {
        compose ps
        compose logs --no-color --tail=30
        return 1
    }
}

compose_heal() {
    # shellcheck disable=SC2046  # words
    compose up -d --no-build $(compose_scales) >/dev/null 2>&1
    compose_wait
}
compose_down() { compose down --volumes --remove-orphans >/dev/null 2>&1; }
