# shellcheck shell=bash
# Sourced by the other scripts: checks that are told one by one, counted, and summed up at the end.

passed=0
failed=()

# check WHAT COMMAND…: run it quietly; what it said is shown where it failed.
check() {
    local what=$1 said
    shift
    if said=$("$@" 2>&1 </dev/null); then
        passed=$((passed + 1))
        printf 'ok  %s\n' "$what"
    else
        failed+=("$what")
        printf 'NO  %s: %s\n' "$what" "$(tail -n 1 <<<"$said" | cut -c 1-200)"
        return 1
    fi
}

# denied COMMAND…: that it does not work is what is wanted.
denied() {
    if "$@" >/dev/null 2>&1; then
        echo "it is let through"
        return 1
    fi
}

# summary: tell what failed, and the counts; its exit code is the script's.
summary() {
    local one
    for one in "${failed[@]}"; do
        echo "failed: $one"
    done
    echo "$passed passed, ${#failed[@]} failed"
    ((${#failed[@]} == 0))
}

# until_works SECONDS COMMAND…: try once a second until it works or the time is over.
until_works() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < deadline)) || { "$@" && return; return 1; }
        sleep 1
    done
}
