#!/usr/bin/env bash
# setup-local.sh [--compose]: from a fresh checkout to a fleet that answers: checks, secrets, environment, start, health.
# Without --compose the fleet is processes of this machine (esg up); with it, containers (docker-compose.yml).
# It may be run again: what is there stays.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/tally.sh
. scripts/tally.sh

export ESG_HOME=${ESG_HOME:-$PWD/.esg}
ENV_FILE=${ESG_ENV_FILE:-.env.production}
SECRETS=${ESG_SECRETS:-secrets}
compose=(docker compose --env-file "$ENV_FILE")

main() {
    case ${1:-} in
    '') with_processes ;;
    --compose) with_compose ;;
    *) sed -n '2,4s/^# //p' "$0" && exit 2 ;;
    esac
}

say() { printf '\n== %s\n' "$*"; }

end_if_failed() { ((${#failed[@]} == 0)) || { summary && exit 1 || exit 1; }; }

# -- processes of this machine

with_processes() {
    say "checks"
    check "Python 3.11 or newer" a_python || true
    check "make" command -v make || true
    check "curl" command -v curl || true
    check "3 GB of disk for the environment" has_gigabytes 3 . || true
    check "a folder that may be written" test -w . || true
    end_if_failed

    say "environment"
    make --no-print-directory setup

    say "secrets"
    mkdir -p "$ESG_HOME"
    chmod 700 "$ESG_HOME"
    .venv/bin/esg secrets create --to "$ESG_HOME/secrets" webhook_secret flower_password
    write_environment

    say "start"
    set -a
    # shellcheck source=/dev/null
    . "$ESG_HOME/environment"
    set +a
    mkdir -p "$ESG_HOME/logs"
    if is_up; then
        echo "a fleet is up already"
    else
        setsid nohup .venv/bin/esg up >>"$ESG_HOME/logs/up.log" 2>&1 </dev/null &
    fi

    say "health"
    check "the fleet is up (log: $ESG_HOME/logs/up.log)" until_works 60 is_up || true
    check "the API is ready" until_works 120 api_is_ready || true
    check "every worker is ready" until_works 300 workers_are_ready || true
    check "esg doctor finds nothing" .venv/bin/esg doctor || true
    end_if_failed
    .venv/bin/python -c 'import json, sys; [print(f"{n:8} {u}") for n, u in json.load(open(sys.argv[1]))["urls"].items()]' "$ESG_HOME/up.json"
    echo "flower's password: $ESG_HOME/secrets/flower_password"
    echo "check everything: scripts/test-local.sh; stop: .venv/bin/esg down"
    summary
}

a_python() {
    local python
    for python in python3.11 python3; do
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' && return
    done
    echo "install it, or say which with PYTHON=/path/to/python"
    return 1
}

has_gigabytes() {
    local free
    free=$(df -Pk "$2" | awk 'NR == 2 {print int($4 / 1e6)}')
    ((free >= $1)) || { echo "$free GB are free"; return 1; }
}

# The fleet of `esg up` reads its secrets from the folder; where it made some before, these stay.
write_environment() {
    : >"$ESG_HOME/environment"
    chmod 600 "$ESG_HOME/environment"
    [[ -f $ESG_HOME/webhook.secret ]] || echo "ESG_WEBHOOK_SECRET_FILE=\"$ESG_HOME/secrets/webhook_secret\"" >>"$ESG_HOME/environment"
    [[ -f $ESG_HOME/flower.password ]] || echo "ESG_FLOWER_PASSWORD_FILE=\"$ESG_HOME/secrets/flower_password\"" >>"$ESG_HOME/environment"
}

is_up() { [[ -f $ESG_HOME/up.json ]] && ! flock -n "$ESG_HOME/up.lock" true; }

workers_are_ready() {
    local role
    for role in ingest embed index score control; do
        compgen -G "$ESG_HOME/run/$role*/ready" >/dev/null || { echo "$role is not"; return 1; }
    done
}

api_is_ready() {
    local url
    url=$(.venv/bin/python -c 'import json, sys; print(json.load(open(sys.argv[1]))["urls"]["api"])' "$ESG_HOME/up.json") || return
    curl -sS --fail-with-body --max-time 10 "$url/ready"
}

# -- containers

with_compose() {
    say "checks"
    check "a Docker engine, 25 or newer" an_engine || true
    check "Docker Compose, 2.22 or newer" a_compose || true
    check "15 GB of disk for images and volumes" has_gigabytes 15 . || true
    check "8 GB of memory" has_memory 8 || true
    end_if_failed

    say "environment"
    if [[ ! -f $ENV_FILE ]]; then
        cp .env.production.example "$ENV_FILE"
        echo "$ENV_FILE is made from its example; change what you need and run this again, or go on with it as it is"
    fi
    "${compose[@]}" build

    say "secrets"
    mkdir -p "$SECRETS"
    chmod 700 "$SECRETS"
    docker run --rm --network none --user "$(id -u):$(id -g)" --env ESG_HOME=/tmp --volume "$(realpath "$SECRETS"):/secrets" \
        --entrypoint esg "$(image)" secrets create --to /secrets
    check "the compose file with $ENV_FILE" "${compose[@]}" config --quiet || true
    end_if_failed

    say "keys"
    "${compose[@]}" up --detach --wait --wait-timeout 120 redis postgres
    "${compose[@]}" run --rm -T migrate
    a_key prometheus "$SECRETS/prometheus_key" --scope admin
    a_key operator "$SECRETS/operator_key" --scope read --scope submit --scope admin

    say "start"
    "${compose[@]}" up --detach --wait --wait-timeout 600

    say "health"
    "${compose[@]}" ps
    check "esg doctor finds nothing" "${compose[@]}" exec -T api esg doctor || true
    echo "the API's key: $SECRETS/operator_key; check everything: scripts/test-local.sh --compose"
    summary
}

an_engine() {
    local version
    version=$(docker version --format '{{.Server.Version}}') || return
    at_least 25.0 "$version"
}

a_compose() {
    local version
    version=$(docker compose version --short) || return
    at_least 2.22 "${version#v}"
}

at_least() { [[ $(printf '%s\n' "$1" "$2" | sort -V | head -n 1) == "$1" ]] || { echo "it is $2"; return 1; }; }

has_memory() {
    local all
    all=$(docker info --format '{{.MemTotal}}') || return
    ((all >= $1 * 1000000000)) || { echo "it has $((all / 1000000000)) GB"; return 1; }
}

image() {
    local set_there
    set_there=$(sed -n 's/^ESG_IMAGE=//p' "$ENV_FILE")
    echo "${ESG_IMAGE:-${set_there:-esg:0.1.0}}"
}

# a_key NAME FILE SCOPE…: make a key of the API and keep it in a file, unless one is there.
a_key() {
    local name=$1 file=$2 draft
    shift 2
    [[ ! -s $file ]] || return 0
    draft=$(mktemp "$SECRETS/.key.XXXXXX")
    "${compose[@]}" run --rm --no-deps -T --entrypoint esg worker-control keys create "$name" "$@" >"$draft"
    cat "$draft" >"$file" # into the same file: containers that mounted it see it
    chmod 444 "$file"
    rm -f "$draft"
    echo "made the key $name: $file"
}

main "$@"
