#!/usr/bin/env bash
# Remakes the cookie captures: captures/make/cookies.sh [--list | SCENARIO...]; all of them by default.
#
# Needs root on Debian 12, and the first time a Debian mirror, for a Debian 13 root with the newer servers.
#   CAPTURE_OUT     where the captures go (default: captures/cookies/)
#   CAPTURE_TRIXIE  where the Debian 13 root is kept (default: capture-trixie under TMPDIR or /var/tmp)
#   KEEP=1          leave each scenario's working directory, with the logs of its servers
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/lib.sh"
for file in servers resolvers nodes clients middleboxes traps ways; do
    source "$MAKE_DIR/cookies/$file.sh"
done

# A scenario is a function scenario_NAME in cookies/*.sh; it makes one or more captures whose names begin with NAME.
list_scenarios() {
    declare -F | sed -n 's/^declare -f scenario_//p' | tr _ -
}

run_scenario() (
    begin
    "scenario_${1//-/_}"
)

if [ "${1:-}" = --list ]; then
    list_scenarios
    exit
fi
need_commands
make_trixie
mkdir -p "$OUT_DIR"
[ $# -gt 0 ] || mapfile -t all < <(list_scenarios)
failed=0
# A background job does not see Ctrl-C; this takes its namespaces down all the same.
trap 'kill "$job" 2>/dev/null || true; wait "$job" || true; exit 130' INT TERM
for scenario in "${@:-${all[@]}}"; do
    # In the background, because "set -e" sleeps in conditions.
    run_scenario "$scenario" &
    job=$!
    wait $job || { echo "scenario failed: $scenario" >&2; failed=1; }
done
exit $failed
