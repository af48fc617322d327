#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes captures/dso/dso-NAME.pcapng and tests/truth/dso/dso-NAME.tsv for the scenarios of tests/dso_peer.
#
#   dso.sh [--list] [SCENARIO…]      all scenarios by default; JOBS=n at a time (6)
#
# Each scenario gets two network namespaces of its own, joined by a veth pair: the server in one, the
# client in the other, the capture on the client's side. Nothing leaves this machine.
set -euo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
jobs=${JOBS:-6}
limit=120       # seconds for one scenario; the longest waits 35 s
server4=192.0.2.1 client4=192.0.2.2 other_client4=192.0.2.3
server6=2001:db8::1 client6=2001:db8::2

# shellcheck source=captures/make/dso-servers.sh
source "$top/captures/make/dso-servers.sh"

need() { command -v "$1" >/dev/null || { echo "dso.sh: $1 is missing; install the package $2" >&2; exit 2; }; }

check_tools() {
    need python3 python3; need ip iproute2; need openssl openssl
    need dumpcap wireshark-common; need editcap wireshark-common; need tshark tshark
    [ "$(id -u)" = 0 ] || { echo "dso.sh: network namespaces need root" >&2; exit 2; }
}

peer() { PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$top/tests" python3 -m dso_peer "$@"; }
in_server() { exec ip netns exec "$space-s" "$@"; }
in_client() { exec ip netns exec "$space-c" "$@"; }

# -- one scenario; runs in a shell of its own, so that its trap and its variables are its own

make_scenario() {
    name=$1
    work=$(mktemp -d)
    space=dso-$(basename "$work" | tr -dc '[:alnum:]')
    pids=()
    trap clean_up EXIT
    local family port real lossy tls keys snap options stop_after
    eval "$(peer show "$name")"
    if [ "$family" = 6 ]; then server=$server6; else server=$server4; fi

    make_network
    start_server
    start_capture
    # the server began right before the capture
    if [ -n "$stop_after" ]; then (sleep "$stop_after"; kill "${pids[-2]}") & fi
    (in_client timeout "$limit" env PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$top/tests" python3 -m dso_peer run "$name" \
        --role client --address "$server" --port "$port" --keylog "$work/keys") >"$work/client.log" 2>&1 ||
        { echo "dso.sh: $name: the client failed" >&2; cat "$work/client.log" "$work/server.log" >&2; return 1; }
    if [ -n "$real" ]; then
        sed "s/^/$name: /" "$work/client.log"
    else
        wait "$server_pid" || { echo "dso.sh: $name: the server failed" >&2; cat "$work/server.log" >&2; return 1; }
    fi
    sleep 0.4       # the last ACKs
    stop "$capture_pid"
    write_results
}

clean_up() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    ip netns del "$space-s" 2>/dev/null || true
    ip netns del "$space-c" 2>/dev/null || true
    ip netns del "$space-m" 2>/dev/null || true
    rm -rf "$work"
}

make_network() {
    ip netns add "$space-s"
    ip netns add "$space-c"
    if [ -n "$lossy" ]; then
        ip netns add "$space-m"
        ip -n "$space-m" link add west type veth peer name eth0 netns "$space-c"
        ip -n "$space-m" link add east type veth peer name eth0 netns "$space-s"
        ip -n "$space-m" link set west up
        ip -n "$space-m" link set east up
        (exec ip netns exec "$space-m" timeout "$limit" "$top/captures/make/lossy-path.py" west east "$work/path") &
        pids+=($!)
        wait_until "the path" test -e "$work/path"
    else
        ip -n "$space-s" link add eth0 type veth peer name eth0 netns "$space-c"
    fi
    configure "$space-s" "$server4" "$server6"
    configure "$space-c" "$client4" "$client6"
    ip -n "$space-c" address add "$other_client4/24" dev eth0
}

configure() {
    ip -n "$1" link set lo up
    ip -n "$1" address add "$2/24" dev eth0
    ip -n "$1" address add "$3/64" dev eth0 nodad
    ip -n "$1" link set eth0 up
    ip netns exec "$1" "$top/captures/make/checksums.py" eth0
}

start_server() {
    if [ -n "$real" ]; then
        start_real_server "$real"
        return
    fi
    (in_server timeout "$limit" env PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$top/tests" python3 -m dso_peer run "$name" \
        --role server --address "$server" --port "$port" --ready "$work/ready") >"$work/server.log" 2>&1 &
    server_pid=$!
    pids+=("$server_pid")
    wait_until "the server" test -e "$work/ready"
}

start_capture() {
    (in_client dumpcap -q -P -i eth0 -f "tcp port $port or udp port $port" -w "$work/raw.pcap") 2>"$work/dumpcap.log" &
    capture_pid=$!
    pids+=("$capture_pid")
    wait_until "dumpcap" grep -q File: "$work/dumpcap.log"
}

stop() { kill -INT "$1"; wait "$1" || true; }

wait_until() {
    local what=$1 tries=0
    shift
    until "$@" 2>/dev/null; do
        tries=$((tries + 1))
        [ "$tries" -lt 150 ] || { echo "dso.sh: $name: $what did not start" >&2; cat "$work"/*.log >&2; return 1; }
        sleep 0.1
    done
}

# The full capture serves to find the truth; what is kept of it becomes the capture.
write_results() {
    local out=$top/captures/dso/dso-$name.pcapng full=$work/raw.pcap frames
    if [ -n "$tls" ]; then
        editcap --inject-secrets "tls,$work/keys" "$work/raw.pcap" "$work/full.pcapng"
        full=$work/full.pcapng
    fi
    frames=$(peer truth "$name" "$full" "$top/tests/truth/dso/dso-$name.tsv")
    local options=(-r)
    [ "$snap" = 0 ] || options+=(-s "$snap")
    # shellcheck disable=SC2046,SC2086     # a list of frame numbers
    editcap "${options[@]}" "$work/raw.pcap" "$work/kept.pcap" $(ranges $frames)
    # editcap cannot cut a file that has keys in it, so they come last
    options=(-F pcapng)
    [ "$tls$keys" != yesyes ] || options+=(--inject-secrets "tls,$work/keys")
    editcap "${options[@]}" "$work/kept.pcap" "$out"
    echo "$name: $(stat -c %s "$out") bytes"
}

# 1 2 3 7 8 -> 1-3 7-8; editcap takes no more than 512 of them
ranges() {
    local first=$1 last=$1 frame
    shift
    for frame in "$@" end; do
        if [ "$frame" = $((last + 1)) ]; then last=$frame; continue; fi
        echo "$first-$last"
        first=$frame last=$frame
    done
}

# -- all of them

main() {
    check_tools
    if [ "${1:-}" = --list ]; then peer --list; return; fi
    local names=("$@") failed=0
    [ $# -gt 0 ] || mapfile -t names < <(peer --list | awk '!/^#/ {print $1}')
    mkdir -p "$top/tests/truth/dso"
    for name in "${names[@]}"; do
        while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n || failed=1; done
        (make_scenario "$name") &
    done
    while [ -n "$(jobs -rp)" ]; do wait -n || failed=1; done
    peer stories "$top/tests/truth/dso" >"$top/captures/dso/README.md"
    return "$failed"
}

main "$@"
