# shellcheck shell=bash
# One Postgres cluster for each service, in the state folder, on loopback and a unix socket, with passwords.

postgres_name() { echo "postgres-$1"; }
postgres_dir() { echo "$STATE/postgres/$1"; }
postgres_account() { if is_root; then echo postgres; else id -un; fi; }
database_port() { recall "$(service_prefix "$1")_DATABASE_PORT"; }

# The newest server that is installed.
postgres_bin() {
    local found
    found=$(printf '%s\n' /usr/lib/postgresql/*/bin/postgres | sort -V | tail -n 1)
    [ -x "$found" ] || fail "no Postgres server is installed under /usr/lib/postgresql (package postgresql-15)."
    dirname "$found"
}

# A unix socket address holds 107 bytes; a deeper state folder does without and uses loopback.
has_socket() {
    local path
    path="$(postgres_dir "$1")/.s.PGSQL.65535"
    [ "${#path}" -le 107 ]
}

# The URL a service connects with. A unix socket costs the database a fifth less CPU than loopback.
database_url() {
    local service=$1 password
    password=$(recall "$(service_prefix "$service")_DATABASE_PASSWORD")
    if has_socket "$service"; then
        printf 'postgresql://%s:%s@/%s?host=%s&port=%s' "$service" "$password" "$service" \
            "$(postgres_dir "$service" | sed 's|/|%2F|g')" "$(database_port "$service")"
    else
        printf 'postgresql://%s:%s@127.0.0.1:%s/%s' "$service" "$password" "$(database_port "$service")" "$service"
    fi
}

as_postgres() {
    if is_root; then
        setpriv --reuid=postgres --regid=postgres --init-groups -- "$@"
    else
        "$@"
    fi
}

# Asked over its socket, where there is one: the port could be another server's.
postgres_is_ready() {
    local host=127.0.0.1
    if has_socket "$1"; then host=$(postgres_dir "$1"); fi
    "$(postgres_bin)/pg_isready" -q -t 2 -h "$host" -p "$(database_port "$1")"
}

postgres_settings() {
    cat <<SETTINGS
# Written by scripts/up at every start; settings of your own go into conf.d/*.conf beside this file and are kept.
listen_addresses = '127.0.0.1'
unix_socket_directories = '$(if has_socket "$1"; then postgres_dir "$1"; fi)'
password_encryption = 'scram-sha-256'
max_connections = 200
shared_buffers = '128MB'
synchronous_commit = on
fsync = on
full_page_writes = on
wal_compression = on
min_wal_size = '256MB'
max_wal_size = '2GB'
checkpoint_timeout = '15min'
jit = off
idle_in_transaction_session_timeout = '60s'
log_destination = 'stderr'
logging_collector = off
log_line_prefix = '%m [%p] %q%u@%d '
log_min_duration_statement = '1s'
log_lock_waits = on
timezone = 'UTC'
include_dir 'conf.d'
SETTINGS
}

start_postgres() {
    local service=$1 name prefix dir
    name=$(postgres_name "$service")
    prefix=$(service_prefix "$service")
    dir=$(postgres_dir "$service")
    if keeps_running "$name" postgres_is_ready "$service"; then return 0; fi
    stop_process "$name" 30
    claim_port "${prefix}_DATABASE_PORT" "$(service_database_port "$service")" "Postgres of $service"
    check_cluster_version "$dir/data"
    postgres_settings "$service" | as_postgres tee "$dir/data/postgresql.conf" >/dev/null
    # SIGINT is Postgres's fast shutdown; on SIGTERM it would wait for its clients to leave.
    write_process "$name" "$(postgres_account)" INT "$(postgres_bin)/postgres" -D "$dir/data" \
        -p "$(database_port "$service")" </dev/null
    start_process "$name"
}

# Makes the clusters that are not there yet, all at the same time.
create_clusters() {
    local service prefix missing=() jobs=() job
    for service in $(all_services); do
        [ -d "$(postgres_dir "$service")/data" ] || missing+=("$service")
    done
    [ "${#missing[@]}" -gt 0 ] || return 0
    say "Creating the Postgres cluster(s) of ${missing[*]} in $STATE/postgres"
    for service in "${missing[@]}"; do
        prefix=$(service_prefix "$service")
        remember "${prefix}_DATABASE_SUPERUSER_PASSWORD" "$(random_secret)"
        remember "${prefix}_DATABASE_PASSWORD" "$(random_secret)"
    done
    for service in "${missing[@]}"; do
        create_cluster "$service" &
        jobs+=($!)
    done
    for job in "${jobs[@]}"; do wait "$job" || exit 1; done
}

# Made beside its place and moved there when complete, so that an interrupted one is not mistaken for a cluster.
create_cluster() {
    local service=$1 dir prefix
    dir=$(postgres_dir "$service")
    prefix=$(service_prefix "$service")
    mkdir -p "$dir"
    if is_root; then chown postgres: "$dir"; fi
    as_postgres test -w "$dir" || fail "the user $(postgres_account), as whom Postgres runs, cannot reach $dir;" \
        "set LINTEL_STATE to a folder whose parents that user may enter."
    rm -rf "$dir/data.new"
    (cd / && as_postgres bash -c '"$@" --pwfile=<(cat)' - "$(postgres_bin)/initdb" --pgdata="$dir/data.new" \
        --username=postgres --encoding=UTF8 --locale=C.UTF-8 --data-checksums --auth=scram-sha-256 \
        <<<"$(recall "${prefix}_DATABASE_SUPERUSER_PASSWORD")") >"$STATE/initdb-$service.log" 2>&1 ||
        { cat "$STATE/initdb-$service.log" >&2 && fail "initdb failed for $service, see above."; }
    as_postgres mkdir "$dir/data.new/conf.d"
    mv "$dir/data.new" "$dir/data"
    rm -f "$STATE/initdb-$service.log"
}

check_cluster_version() {
    local of_data of_server
    of_data=$(cat "$1/PG_VERSION" 2>/dev/null || echo unknown)
    of_server=$("$(postgres_bin)/postgres" --version | sed 's/.*) \([0-9]*\).*/\1/')
    [ "$of_data" = "$of_server" ] || fail "the data in $1 is of Postgres $of_data and the server here is $of_server." \
        "Install postgresql-$of_data, move the data with pg_upgrade, or delete it with scripts/down --purge."
}

# psql as the superuser of a service's cluster.
superuser_psql() {
    local service=$1
    shift
    PGPASSWORD=$(recall "$(service_prefix "$service")_DATABASE_SUPERUSER_PASSWORD") \
        "$(postgres_bin)/psql" -X -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$(database_port "$service")" -U postgres "$@"
}

# The role and database of the service, both named after it; the role owns its database and nothing else.
create_database() {
    local service=$1 password
    password=$(recall "$(service_prefix "$service")_DATABASE_PASSWORD")
    superuser_psql "$service" -d postgres <<SQL
SELECT format('CREATE ROLE %I LOGIN', '$service')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '$service') \\gexec
ALTER ROLE $service PASSWORD '$password';
SELECT format('CREATE DATABASE %I OWNER %I', '$service', '$service')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '$service') \\gexec
SQL
}
