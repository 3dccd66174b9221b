#!/usr/bin/env bash
# Ask a real Prometheus whether the fleet is within its limits; exit 1 over one, 2 where nothing was asked or answered.
#
#   PROMETHEUS_URL=http://127.0.0.1:9090 scripts/runtime_gates.sh
#
# GATE_WINDOW               the time looked back over                                  10m
# GATE_API_P95_SECONDS      95 % of requests are answered within                       1
# GATE_SUBMISSION_P95_SECONDS  95 % of scorecards are there within                     1800
# GATE_ERROR_RATE           share of requests that ended in a server error             0.01
# GATE_FAILURE_RATE         share of documents that failed by our fault                0.01
# GATE_QUEUE_AGE_SECONDS    the oldest work has waited at most                         900
#
# A question without an answer fails, and is told as such: nothing was measured, so nothing is known. Each gate is a
# largest value, and more than it fails. PROMETHEUS_TOKEN goes along as a bearer token where it is set.
set -euo pipefail

url=${PROMETHEUS_URL:-}
[[ $url ]] || { echo "say where Prometheus is: PROMETHEUS_URL=http://127.0.0.1:9090 $0" >&2; exit 2; }
window=${GATE_WINDOW:-10m}
probes='route!~"/metrics|/health|/live|/ready"'
streams='route!~"/v1/jobs/{job_id}/events|/mcp|/metrics|/health|/live|/ready"'
failed=0
unanswered=0

for need in curl python3 awk; do
    command -v "$need" >/dev/null || { echo "there is no $need: apt-get install $need" >&2; exit 2; }
done

for name in "${!GATE_@}"; do # awk would compare what is no number as text, and let all pass
    [[ $name == GATE_WINDOW || -z ${!name} || ${!name} =~ ^[0-9]+(\.[0-9]+)?$ ]] || { echo "$name is no number: ${!name}" >&2; exit 2; }
done

NUMBER='
import json, math, sys
found = json.load(sys.stdin)["data"]["result"]
value = float(found[0]["value"][1]) if len(found) == 1 else math.nan
if not math.isnan(value):
    print(min(value, sys.float_info.max))
'

# Print the one number that a query gives; nothing where it gives none, or no number.
ask() {
    local answer headers=()
    [[ -z ${PROMETHEUS_TOKEN:-} ]] || headers=(--header "Authorization: Bearer $PROMETHEUS_TOKEN")
    answer=$(curl --silent --show-error --fail-with-body --max-time 15 "${headers[@]}" \
        --data-urlencode "query=$1" "$url/api/v1/query") || { echo "Prometheus did not answer: $answer" >&2; return 0; }
    python3 -c "$NUMBER" <<<"$answer"
}

# gate NAME LIMIT UNIT QUERY
gate() {
    local value
    value=$(ask "$4")
    if [[ -z $value ]]; then
        echo "NO DATA  $1: nothing was measured in the last $window; is the fleet scraped, and was it used?"
        unanswered=$((unanswered + 1))
    elif awk -v value="$value" -v limit="$2" 'BEGIN { exit !(value <= limit) }'; then
        printf 'ok       %s: %.4g%s, at most %s%s\n' "$1" "$value" "$3" "$2" "$3"
    else
        printf 'FAILED   %s: %.4g%s, more than %s%s\n' "$1" "$value" "$3" "$2" "$3"
        failed=$((failed + 1))
    fi
}

gate 'API latency, p95' "${GATE_API_P95_SECONDS:-1}" ' s' \
    "histogram_quantile(0.95, sum by (le) (rate(esg_api_request_seconds_bucket{$streams}[$window])))"
gate 'submission to scorecard, p95' "${GATE_SUBMISSION_P95_SECONDS:-1800}" ' s' \
    "histogram_quantile(0.95, sum by (le) (rate(esg_submission_seconds_bucket[$window])))"
gate 'API error rate' "${GATE_ERROR_RATE:-0.01}" '' \
    "(sum(rate(esg_api_requests_total{status=~\"5..\",$probes}[$window])) or vector(0)) / sum(rate(esg_api_requests_total{$probes}[$window]))"
gate 'documents failed' "${GATE_FAILURE_RATE:-0.01}" '' \
    "sum(rate(esg_documents_total{outcome=\"failed\"}[$window])) / sum(rate(esg_documents_total[$window]))"
gate 'queue age' "${GATE_QUEUE_AGE_SECONDS:-900}" ' s' \
    "max(max_over_time(esg_queue_oldest_age_seconds[$window]) or 0 * max by (instance) (esg_state_up == 1))"

if ((unanswered)); then
    echo "$unanswered of the gates could not be asked, $failed failed"
    exit 2
fi
((failed == 0)) || { echo "$failed of the gates failed"; exit 1; }
