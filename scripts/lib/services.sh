# shellcheck shell=bash
# The services of Lintel. A new worker set is one line here, a directory in apps/ and its lines in docker-compose.yml.

# name      ops port (of replica 1)   Postgres port   prefix of its settings   replicas   listens for REST
SERVICE_TABLE='
main        9080                      5501            MAIN                     1          yes
workflows   9101                      5502            WORKFLOWS                3          no
inventory   9201                      5503            INVENTORY                2          no
customers   9301                      5504            CUSTOMERS                2          no
accounts    9401                      5505            ACCOUNTS                 2          no
deliveries  9501                      5506            DELIVERIES               2          no
'

all_services() { awk 'NF { print $1 }' <<<"$SERVICE_TABLE"; }
worker_services() { awk 'NF && $6 != "yes" { print $1 }' <<<"$SERVICE_TABLE"; }
service_field() { awk -v name="$1" -v field="$2" '$1 == name { print $field }' <<<"$SERVICE_TABLE"; }
service_ops_port() { service_field "$1" 2; }
service_database_port() { service_field "$1" 3; }
service_prefix() { service_field "$1" 4; }
service_default_replicas() { service_field "$1" 5; }
binary_of() { echo "lintel-$1"; }
all_programs() { all_services | sed 's/^/lintel-/'; }
service_listens() { [ "$(service_field "$1" 6)" = yes ]; }

require_service() {
    [ -n "$(service_prefix "$1")" ] || fail "there is no service '$1'; there are: $(all_services | xargs)."
}

# How many replicas a service is to have: what scripts/scale or --replicas said last.
wanted_replicas() {
    local count
    count=$(recall "$(service_prefix "$1")_REPLICAS")
    echo "${count:-$(service_default_replicas "$1")}"
}
# NAME=value words of the replicas that every service has by default.
default_replicas() { awk 'NF { print $4 "_REPLICAS=" $5 }' <<<"$SERVICE_TABLE"; }
