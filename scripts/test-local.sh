#!/usr/bin/env bash
# test-local.sh [--compose]: ask every service and every path between them, one by one; exit 1 when any does not work.
# Without --compose it asks the fleet of `esg up`; with it, the containers of docker-compose.yml that run.
# ESG_API_KEY is sent where the API asks for a key; --compose takes secrets/operator_key.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
# shellcheck source=scripts/tally.sh
. scripts/tally.sh

export ESG_HOME=${ESG_HOME:-$PWD/.esg}
SECRETS=${ESG_SECRETS:-secrets}
SAMPLE=${SAMPLE:-tests/golden/samples/quernlow-2024.pdf}
compose=(docker compose --env-file "${ESG_ENV_FILE:-.env.production}")
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

main() {
    case ${1:-} in
    '') of_processes ;;
    --compose) of_compose ;;
    *) sed -n '2,4s/^# //p' "$0" && exit 2 ;;
    esac
    summary
}

# -- the API, whoever runs it: API is its address

api_paths() {
    check "API: /health" fetch "$API/health"
    check "API: /live" fetch "$API/live"
    check "API → broker, database, store, model: /ready" fetch "$API/ready"
    check "API: pages" fetch "$API/"
    check "API: its description" fetch "$API/openapi.json"
    check "API: /metrics" says '^esg_build_info' fetch "$API/metrics"
    check "API: a name that is not its own is refused" status 421 --header "Host: elsewhere.example" "$API/health"
    check "API: assistants (MCP)" mcp
    check "API: it takes a report" submit || return
    job=$(field job_id <"$answer") document=$(field document_id <"$answer")
    check "API → queues → workers → lake → API: a report is scored" scored
    check "API: the scorecard of that report" says '"schema": *"esg.scorecard/1"' fetch "$API/v1/documents/$document/scorecard"
    check "API: a page of it, drawn" fetch --output /dev/null "$API/v1/documents/$document/pages/1.png"
    check "API: events of its job" says '^event:' fetch --max-time 20 "$API/v1/jobs/$job/events"
    check "API → lake and vectors: search" fetch "$API/v1/search?q=emissions"
}

fetch() { curl -sS --fail-with-body --max-time 30 "${key[@]}" "$@"; }

says() {
    local pattern=$1
    shift
    "$@" >"$answer" || { cat "$answer"; return 1; }
    grep -Eq "$pattern" "$answer" || { echo "it does not say $pattern"; return 1; }
}

status() {
    local wanted=$1 got
    shift
    got=$(curl -sS --max-time 10 --output /dev/null --write-out '%{http_code}' "$@") || return
    [[ $got == "$wanted" ]] || { echo "it answered $got, not $wanted"; return 1; }
}

mcp() {
    says '"serverInfo"' fetch --header 'Content-Type: application/json' --header 'Accept: application/json, text/event-stream' \
        --data '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test-local","version":"1"}}}' \
        "$API/mcp"
}

# Send a report and wait for its end; a report that is known is done at once.
scored() {
    local state='' deadline=$((SECONDS + 240))
    while ((SECONDS < deadline)); do
        fetch "$API/v1/jobs/$job" >"$answer" || { cat "$answer"; return 1; }
        state=$(field state <"$answer")
        case $state in
        scored) return ;;
        failed | rejected | cancelled) echo "its job is $state"; return 1 ;;
        esac
        sleep 1
    done
    echo "its job is still $state"
    return 1
}

submit() { fetch --form "file=@$SAMPLE" "$API/v1/documents" >"$answer" || { cat "$answer"; return 1; }; }

field() { sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p" | head -n 1; }

# -- processes of this machine

of_processes() {
    local url name part
    if [[ ! -f $ESG_HOME/up.json ]]; then
        check "a fleet is up" false || echo "start it with scripts/setup-local.sh"
        return
    fi
    if [[ -f $ESG_HOME/environment ]]; then
        set -a
        # shellcheck source=/dev/null
        . "$ESG_HOME/environment"
        set +a
    fi
    key=()
    [[ -z ${ESG_API_KEY:-} ]] || key=(--header "X-API-Key: $ESG_API_KEY")
    API=$(url_of api)

    check "supervisor: its process lives" kill -0 "$(sed -n 's/.*"pid": *\([0-9]*\).*/\1/p' "$ESG_HOME/up.json")"
    .venv/bin/esg doctor --json >"$answer" 2>/dev/null
    while IFS=$'\t' read -r part said; do
        check "doctor: $part" test "$said" = ok
    done < <(.venv/bin/python -c 'import json, sys; [print(f["part"], "ok" if f["ok"] else "no", sep="\t") for f in json.load(open(sys.argv[1]))]' "$answer")
    for name in "$ESG_HOME"/run/*/; do
        name=$(basename "$name")
        if [[ $name == beat-* ]]; then
            check "$name: it turns, and the broker takes what it sends" .venv/bin/python -m workers.probe beat
        else
            check "worker $name: its loop turns, its processes are ready" fresh "$ESG_HOME/run/$name/ready"
        fi
        check "Prometheus → $name: /metrics" says '^esg_' fetch "$(cat "$ESG_HOME/run/$name/metrics.url" 2>/dev/null)"
    done
    check "control → workers: each answers a ping" .venv/bin/celery -A esg inspect ping --timeout 5
    check "beat: its tick came through within a minute" ticked
    url=$(url_of flower)
    check "Flower: it is well" fetch "$url/healthcheck"
    check "Flower: nobody without its password" status 401 "$url/workers"
    check "Flower: with it" status 200 --user "esg:$(flower_password)" "$url/workers"
    check "from elsewhere: API and Flower listen on loopback alone" loopback_alone "$API" "$url"
    api_paths
}

url_of() { .venv/bin/python -c 'import json, sys; print(json.load(open(sys.argv[1]))["urls"][sys.argv[2]])' "$ESG_HOME/up.json" "$1"; }

fresh() { [[ -n $(find "$1" -newermt '15 seconds ago' 2>/dev/null) ]] || { echo "$1 is missing or old"; return 1; }; }

ticked() {
    local last
    for _ in {1..60}; do # a fleet that has just started has not had its first one
        last=$(fetch "$(cat "$ESG_HOME/run/control/metrics.url")" | sed -n 's/^esg_beat_last_run_timestamp[^ ]* //p')
        last=$(printf '%.0f' "${last:-0}")
        (($(date +%s) - last >= 60)) || return 0
        sleep 1
    done
    echo "the last one was at $last"
    return 1
}

flower_password() {
    cat "${ESG_FLOWER_PASSWORD_FILE:-$ESG_HOME/flower.password}"
}

loopback_alone() {
    local address url
    for address in $(hostname -I); do
        [[ $address != *:* ]] || continue
        for url in "$@"; do
            denied curl -sS --max-time 3 "http://$address:${url##*:}/health" || { echo "$address answers"; return 1; }
        done
    done
}

# -- containers

# from, to, port, whether it is let through. What is not started, by profile, is left out.
PATHS='
api               redis           6379  yes
api               postgres        5432  yes
api               minio           9000  yes
api               iceberg-rest    8181  yes
api               cassandra       9042  yes
api               otel-collector  4318  yes
api               trino           8080  yes
worker-ingest     redis           6379  yes
worker-ingest     postgres        5432  yes
worker-ingest     minio           9000  yes
worker-embed      redis           6379  yes
worker-embed      postgres        5432  yes
worker-index      redis           6379  yes
worker-index      postgres        5432  yes
worker-index      iceberg-rest    8181  yes
worker-index      cassandra       9042  yes
worker-score      redis           6379  yes
worker-score      postgres        5432  yes
worker-score      otel-collector  4318  yes
worker-control    redis           6379  yes
worker-control    postgres        5432  yes
beat              redis           6379  yes
flower            redis           6379  yes
prometheus        api             8000  yes
prometheus        worker-ingest   9100  yes
prometheus        worker-embed    9100  yes
prometheus        worker-index    9100  yes
prometheus        worker-score    9100  yes
prometheus        worker-control  9100  yes
prometheus        flower          5555  yes
prometheus        otel-collector  8888  yes
prometheus        tempo           3200  yes
prometheus        grafana         3000  yes
grafana           prometheus      9090  yes
grafana           tempo           3200  yes
iceberg-rest      minio           9000  yes
trino             iceberg-rest    8181  yes
trino             minio           9000  yes
ngrok             api             8000  yes
beat              minio           9000  no
flower            cassandra       9042  no
grafana           postgres        5432  no
grafana           redis           6379  no
trino             postgres        5432  no
trino             redis           6379  no
cassandra         postgres        5432  no
iceberg-rest      redis           6379  no
ngrok             redis           6379  no
ngrok             postgres        5432  no
ngrok             minio           9000  no
redis             example.com     443   no
postgres          example.com     443   no
beat              example.com     443   no
'

of_compose() {
    local service from to port wanted running
    key=()
    [[ ! -s $SECRETS/operator_key ]] || key=(--header "X-API-Key: $(<"$SECRETS/operator_key")")
    running=$("${compose[@]}" config --services)
    [[ -n $running ]] || { check "the compose file" false; return; }
    for service in $running; do
        check "$service: healthy, or done where it runs once" is_well "$service"
    done
    while read -r from to port wanted; do
        for service in "$from" "$to"; do # names with a dot are of the world outside
            [[ $service == *.* ]] || grep -qx "$service" <<<"$running" || continue 2
        done
        if [[ $wanted == yes ]]; then
            check "$from → $to:$port" reach "$from" "$to" "$port"
        else
            check "$from does not reach $to:$port" denied reach "$from" "$to" "$port"
        fi
    done <<<"$PATHS"
    API=http://$("${compose[@]}" port api 8000) || API=http://127.0.0.1:8000
    check "from elsewhere: Flower is not published" denied "${compose[@]}" port flower 5555
    check "esg doctor" "${compose[@]}" exec -T api esg doctor
    for service in $running; do
        [[ $service =~ ^(api|beat|flower|worker-) ]] || continue
        check "$service: it runs as uid 1000 on a root that is read-only" confined "$service"
    done
    if grep -qx grafana <<<"$running"; then
        check "Grafana: it is well" status 200 "http://$("${compose[@]}" port grafana 3000)/api/health"
        check "Grafana: nobody without its password" status 401 "http://$("${compose[@]}" port grafana 3000)/api/org"
    fi
    if grep -qx prometheus <<<"$running"; then
        check "Prometheus: every target is up" all_targets_up
    fi
    api_paths
}

is_well() {
    local state
    state=$("${compose[@]}" ps --all --format '{{.State}} {{.Health}} {{.ExitCode}}' "$1" | sort -u)
    case $state in
    "running healthy 0" | "exited  0") ;;
    *) echo "${state:-it is not there}"; return 1 ;;
    esac
}

# reach FROM HOST PORT: with what FROM's image has.
reach() {
    local in=("${compose[@]}" exec -T "$1") host=$2 port=$3
    case $1 in
    api | beat | flower | worker-*)
        "${in[@]}" python -c 'import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 3)' "$host" "$port" ;;
    cassandra | iceberg-rest | trino) "${in[@]}" timeout 3 bash -c "</dev/tcp/$host/$port" ;;
    *) "${in[@]}" nc -z -w 3 "$host" "$port" ;;
    esac
}

confined() {
    [[ $("${compose[@]}" exec -T "$1" id -u) == 1000 ]] || { echo "it runs as another user"; return 1; }
    denied "${compose[@]}" exec -T "$1" touch /opt/esg/written
}

all_targets_up() {
    local down
    down=$("${compose[@]}" exec -T prometheus wget -qO- 'http://127.0.0.1:9090/api/v1/query?query=up==0') || return
    grep -q '"result":\[\]' <<<"$down" || { echo "down: $(grep -o '"instance":"[^"]*"' <<<"$down" | paste -sd ' ')"; return 1; }
}

main "$@"
