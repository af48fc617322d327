# shellcheck shell=bash
# Hosts in network namespaces, servers, captures: what the scenarios are made of. Sourced, not run.
#
# Every host is a namespace with one Ethernet interface, eth0, on the bridge of one hub namespace, and reaches
# every address over it. Nothing leaves the hub.

MAKE_DIR=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
OUT_DIR=${CAPTURE_OUT:-$(dirname "$MAKE_DIR")/cookies}
# A Debian 13 root for the newer servers, made once and kept.
TRIXIE=${CAPTURE_TRIXIE:-${TMPDIR:-/var/tmp}/capture-trixie}

# The secrets of the test vectors in RFC 9018 Appendix A.
SECRET_A=e5e973e5a6b2a43f48e7dc849e37bfcf
SECRET_B=445536bcd2513298075a5d379663c962

PEER=$MAKE_DIR/dnspeer.py
DNS_TRAFFIC='port 53 or port 853'

# ---------------------------------------------------------------- what the machine must have

need_commands() {
    local missing=0 command
    for command in ip nft tcpdump tshark editcap mergecap ethtool openssl python3 dig kdig nsupdate \
                   named knotd unbound nsd pdns_server dnsdist gdnsd debootstrap; do
        command -v "$command" >/dev/null || { echo "missing command: $command" >&2; missing=1; }
    done
    [ "$(id -u)" = 0 ] || { echo "network namespaces need root" >&2; missing=1; }
    if [ "$missing" = 1 ]; then
        echo "on Debian 12: apt-get install iproute2 nftables tcpdump tshark ethtool openssl python3 bind9 bind9-dnsutils" \
             "knot knot-dnsutils unbound nsd pdns-server pdns-backend-bind dnsdist gdnsd faketime debootstrap" >&2
        exit 1
    fi
}

# The mirror is the one apt uses. Package scripts must start no service in the root.
make_trixie() {
    [ -e "$TRIXIE/.complete" ] && return
    local mirror
    mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -v security | sort -u | head -n 1)
    debootstrap --variant=minbase trixie "$TRIXIE" "$mirror" >&2
    printf '#!/bin/sh\nexit 101\n' > "$TRIXIE/usr/sbin/policy-rc.d"
    chmod +x "$TRIXIE/usr/sbin/policy-rc.d"
    unshare --mount sh -ec "
        mount -t proc proc '$TRIXIE/proc'
        mount --bind /dev '$TRIXIE/dev'
        chroot '$TRIXIE' apt-get update
        DEBIAN_FRONTEND=noninteractive chroot '$TRIXIE' apt-get install -y --no-install-recommends \
            bind9 bind9-dnsutils knot knot-dnsutils unbound nsd dnsdist pdns-server pdns-backend-bind faketime \
            python3-pycares" >&2
    touch "$TRIXIE/.complete"
}

# ---------------------------------------------------------------- hosts

begin() {
    WORK=$(mktemp -d)
    PREFIX=cap$$-$BASHPID
    HUB=$PREFIX-hub
    HOSTS=() PIDS=()
    trap end EXIT
    trap 'exit 143' TERM
    ip netns add "$HUB"
    ip -n "$HUB" link add br0 type bridge
    ip -n "$HUB" link set br0 up
    write_zone example.test
    write_zone example.com
}

end() {
    local pid host
    for pid in "${PIDS[@]}"; do kill "$pid" 2>/dev/null || true; done
    for pid in "${PIDS[@]}"; do finish "$pid"; done
    for host in "${HOSTS[@]}"; do ip netns del "$PREFIX-$host"; done
    ip netns del "$HUB"
    rmdir "$TRIXIE$WORK" 2>/dev/null || true
    if [ -n "${KEEP:-}" ]; then echo "kept $WORK" >&2; else rm -rf "$WORK"; fi
}

# Waits for a child that was told to end; after five seconds it is killed.
finish() {
    local try
    for ((try = 0; try < 50; try++)); do
        kill -0 "$1" 2>/dev/null || break
        sleep 0.1
    done
    kill -KILL "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}

# host NAME ADDRESS/LENGTH...
host() {
    local name=$1 ns=$PREFIX-$1 port=port${#HOSTS[@]} address
    shift
    ip netns add "$ns"
    HOSTS+=("$name")
    ip -n "$HUB" link add "$port" type veth peer name eth0 netns "$ns" \
        address "00:00:5e:00:53:$(printf %02x "${#HOSTS[@]}")"
    ip -n "$HUB" link set "$port" master br0 up
    ip netns exec "$ns" sysctl -qw net.ipv6.conf.all.accept_ra=0 net.ipv6.conf.eth0.accept_dad=0
    # Offloads would leave unfinished checksums and segments over the MTU in the capture.
    ip netns exec "$ns" ethtool -K eth0 rx off tx off gso off tso off gro off >/dev/null 2>&1 || true
    ip -n "$ns" link set lo up
    ip -n "$ns" link set eth0 up
    for address in "$@"; do ip -n "$ns" addr add "$address" dev eth0; done
    ip -n "$ns" route replace default dev eth0
    ip -n "$ns" -6 route replace default dev eth0
}

# via HOST ROUTER-ADDRESS: what HOST sends leaves through the router.
via() {
    ip -n "$PREFIX-$1" route replace "$2" dev eth0
    ip -n "$PREFIX-$1" route replace default via "$2"
}

# on HOST COMMAND...: RELEASE=trixie takes the command from the Debian 13 root, CLOCK=+SECONDS shifts its clock.
on() {
    local ns=$PREFIX-$1 preload=() root=/
    shift
    [ "${RELEASE:-}" = trixie ] && root=$TRIXIE
    if [ -n "${CLOCK:-}" ]; then
        preload=(env "LD_PRELOAD=$(cd "$root" && ls -d usr/lib/*/faketime/libfaketimeMT.so.1 | sed 's|^|/|')"
                 "FAKETIME=$CLOCK" FAKETIME_DONT_FAKE_MONOTONIC=1 FAKETIME_NO_CACHE=1)
    fi
    if [ "$root" = / ]; then
        exec_in "$ns" "${preload[@]}" "$@"
    else
        # The mounts live and die with the mount namespace of "ip netns exec".
        exec_in "$ns" sh -ec 'root=$1 work=$2; shift 2
            mkdir -p "$root$work"
            mount --bind "$work" "$root$work"
            mount --bind /dev "$root/dev"
            mount -t proc proc "$root/proc"
            exec chroot "$root" "$@"' sh "$root" "$WORK" "${preload[@]}" "$@"
    fi
}

exec_in() {
    local ns=$1
    shift
    ip netns exec "$ns" "$@"
}

# client HOST COMMAND...: in the foreground, and never for long.
client() {
    local host=$1
    shift
    on "$host" timeout 60 "$@" >> "$WORK/clients.log" 2>&1 || true
}

# cares HOST SERVER NAME...: a client with the c-ares of Debian 13.
cares() {
    cp "$MAKE_DIR/cares.py" "$WORK/"
    RELEASE=trixie client "$1" python3 -B "$WORK/cares.py" "${@:2}"
}

# peer HOST ARGUMENTS...: the hand-made client; prints what it got.
peer() {
    local host=$1
    shift
    RELEASE='' on "$host" timeout 60 python3 -B "$PEER" "$@"
}

# start HOST COMMAND...: in the background until stop or the end. Sets LAST_SERVER.
start() {
    (
        exec_in() { local ns=$1; shift; exec ip netns exec "$ns" "$@"; }
        on "$@"
    ) >> "$WORK/$1.log" 2>&1 &
    LAST_SERVER=$!
    PIDS+=("$LAST_SERVER")
}

stop() {
    kill "$1" 2>/dev/null || true
    finish "$1"
}

# ready HOST ADDRESS: asked over loopback, so that no capture sees it.
ready() {
    RELEASE='' CLOCK='' peer "$1" wait "$2" || { echo "no server on $2:" >&2; tail -n 20 "$WORK/$1.log" >&2; exit 1; }
}

# ---------------------------------------------------------------- servers

write_zone() {
    cat > "$WORK/$1.zone" <<EOF
\$TTL 300
@   SOA ns1 hostmaster 1 7200 3600 604800 300
    NS  ns1
ns1 A   198.51.100.53
ns1 AAAA 2001:db8:100::53
www A   192.0.2.80
www AAAA 2001:db8:80::80
www TXT "A server of the documentation"
*   A   192.0.2.81
EOF
}

# bind HOST ADDRESS DIRECTIVES [TOP-LEVEL STATEMENTS]: an authoritative server.
bind() {
    local zones='' zone
    for zone in example.test example.com; do
        zones+="zone $zone { type primary; file \"$WORK/$zone.zone\"; ${ZONE_OPTIONS:-} };"
    done
    named_with "$1" "$2" "recursion no; $3" "$zones ${4:-}"
}

# resolver HOST ADDRESS AUTHORITATIVE DIRECTIVES: a BIND resolver that finds both zones there. EDNS and cookies as by default.
resolver() {
    local zones='' zone
    for zone in example.test example.com; do
        zones+="zone $zone { type static-stub; server-addresses { $3; }; };"
    done
    named_with "$1" "$2" "recursion yes; allow-recursion { any; }; dnssec-validation no; empty-zones-enable no; \
        query-source address $2; $4" "$zones zone \".\" { type hint; file \"/dev/null\"; };"
}

named_with() {
    local host=$1 address=$2 port53
    if [[ $address == *:* ]]; then port53="listen-on { none; }; listen-on-v6 { ::1; $address; };"
    else port53="listen-on { 127.0.0.1; $address; }; listen-on-v6 { none; };"; fi
    cat > "$WORK/$host-named.conf" <<EOF
options { directory "$WORK"; pid-file none; session-keyfile none; notify no; $port53 $3 };
controls { };
$4
EOF
    start "$host" named -f -n 1 -c "$WORK/$host-named.conf"
    ready "$host" "$address"
}

# knot HOST ADDRESS MODULE-OPTIONS [SERVER-OPTIONS]: with mod-cookies.
knot() {
    mkdir -p "$WORK/$1-knot"
    cat > "$WORK/$1-knot.conf" <<EOF
server:
    listen: [ 127.0.0.1@53, $2@53 ]
    rundir: "$WORK/$1-knot"
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
${4:-}
database:
    storage: "$WORK/$1-knot"
mod-cookies:
  - id: default
    $3
template:
  - id: default
    storage: "$WORK"
    file: "%s.zone"
    global-module: mod-cookies/default
    zonefile-sync: -1
    journal-content: none
zone:
  - domain: example.test
  - domain: example.com
log:
  - target: stderr
    any: info
EOF
    start "$1" knotd -c "$WORK/$1-knot.conf"
    ready "$1" "$2"
}

# unbound_local HOST ADDRESS DIRECTIVES: answers from local data.
unbound_local() {
    cat > "$WORK/$1-unbound.conf" <<EOF
server:
    interface: 127.0.0.1
    interface: $2
    access-control: 127.0.0.0/8 allow
    chroot: ""
    username: ""
    directory: "$WORK"
    pidfile: ""
    use-syslog: no
    logfile: ""
    do-daemonize: no
    num-threads: 1
    module-config: "iterator"
    local-zone: example.test. redirect
    local-data: "example.test. 300 A 192.0.2.80"
$(printf '    %s\n' "${@:3}")
remote-control:
    control-enable: no
EOF
    start "$1" unbound -d -c "$WORK/$1-unbound.conf"
    ready "$1" "$2"
}

# nsd_server HOST ADDRESS DIRECTIVE...
nsd_server() {
    cat > "$WORK/$1-nsd.conf" <<EOF
server:
    ip-address: 127.0.0.1
    ip-address: $2
    server-count: 1
    username: ""
    zonesdir: "$WORK"
    pidfile: ""
    xfrdfile: "$WORK/$1-xfrd.state"
    zonelistfile: "$WORK/$1-zone.list"
    xfrdir: "$WORK"
$(printf '    %s\n' "${@:3}")
remote-control:
    control-enable: no
zone:
    name: example.test
    zonefile: example.test.zone
EOF
    start "$1" nsd -d -c "$WORK/$1-nsd.conf"
    ready "$1" "$2"
}

# powerdns HOST ADDRESS OPTION...
powerdns() {
    mkdir -p "$WORK/$1-pdns"
    echo "zone \"example.test\" { type master; file \"$WORK/example.test.zone\"; };" > "$WORK/$1-pdns/zones"
    start "$1" pdns_server --config-dir="$WORK/$1-pdns" --daemon=no --guardian=no --launch=bind \
        --bind-config="$WORK/$1-pdns/zones" --socket-dir="$WORK/$1-pdns" --setuid= --setgid= --chroot= \
        --local-address="127.0.0.1,$2" --security-poll-suffix= "${@:3}"
    ready "$1" "$2"
}

# dnsdist_in_front HOST ADDRESS BACKEND LUA
dnsdist_in_front() {
    printf '%s\n' "setSecurityPollSuffix('')" "addLocal('$2:53')" "setACL({'0.0.0.0/0'})" \
        "newServer({address='$3:53', healthCheckMode='up'})" "$4" > "$WORK/$1-dnsdist.conf"
    start "$1" dnsdist --supervised --disable-syslog -C "$WORK/$1-dnsdist.conf"
    ready "$1" "$2"
}

# fault HOST KIND ADDRESS ARGUMENTS...: dnspeer.py's server (serve) or forwarder (relay).
fault() {
    start "$1" python3 -B "$PEER" "${@:2}"
    ready "$1" "$3"
}

# balance HOST SERVICE NODE-A NODE-B [CHOICE]: two nodes behind one address, chosen per flow by an nftables expression,
# in turn by default.
balance() {
    on "$1" sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.eth0.send_redirects=0
    on "$1" nft -f - <<EOF
table ip nodes {
    chain choose {
        type nat hook prerouting priority dstnat
        ip daddr $2 dnat to ${5:-numgen inc mod 2 map { 0 : $3, 1 : $4 \}}
    }
}
EOF
}

# ---------------------------------------------------------------- captures

# capture HOST [FILTER]
capture() {
    local log=$WORK/tcpdump-$1.log
    (exec ip netns exec "$PREFIX-$1" tcpdump -Z root -n -i eth0 --immediate-mode -U -w "$WORK/$1.pcap" \
        "${2:-$DNS_TRAFFIC}") > "$log" 2>&1 &
    CAPTURE_PID=$! CAPTURE_HOST=$1
    PIDS+=("$CAPTURE_PID")
    local try
    for ((try = 0; try < 50; try++)); do
        grep -qs 'listening on' "$log" && return
        sleep 0.1
    done
    echo "no capture on $1" >&2
    exit 1
}

# The last capture begun; sets RAW.
end_capture() {
    sleep 0.4
    kill -INT "$CAPTURE_PID"
    wait "$CAPTURE_PID" || true
    RAW=$WORK/$CAPTURE_HOST.pcap
}

# save NAME [EDITCAP-OPTIONS...]
save() {
    local name=$1
    shift
    end_capture
    keep "$RAW" "$name" "$@"
}

# keep FILE NAME [EDITCAP-OPTIONS...]
keep() {
    editcap -F pcapng "${@:3}" "$1" "$OUT_DIR/$2.pcapng"
    printf '%-44s %5s frames\n' "$2" "$(tshark -r "$OUT_DIR/$2.pcapng" 2>/dev/null | wc -l)"
}
