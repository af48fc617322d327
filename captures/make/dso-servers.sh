# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Real servers for dso.sh, each in the foreground with the least configuration that makes it answer for
# example.com (authoritative servers) or for host.example.com (resolvers). dso.sh sources this and owns
# the variables.
# shellcheck disable=SC2154

start_real_server() {
    local config=$work/$1.conf
    write_zone "$work/example.com.zone"
    "configure_$1" "$config"
    case $1 in
        bind)    run_server bind9 named -g -c "$config" ;;
        knot)    run_server knot knotd -c "$config" ;;
        nsd)     run_server nsd nsd -d -c "$config" ;;
        unbound) run_server unbound unbound -d -c "$config" ;;
        pdns)    run_server pdns-server pdns_server --config-dir="$work" ;;
        dnsdist) run_server dnsdist dnsdist --supervised -C "$config" ;;
        gdnsd | gdnsd_tls) run_server gdnsd gdnsd -D -c "$work/gdnsd" start ;;&
        gdnsd_tls) wait_until gdnsd gdnsd_listens && run_server haproxy haproxy -db -f "$work/haproxy.conf" ;;
        kresd)   run_server knot-resolver kresd -n -c "$config" "$work" ;;
    esac
    if [ "$1" = gdnsd_tls ]; then wait_until haproxy proxy_listens; else wait_until "$1" listens; fi
}

run_server() {
    need "$2" "$1"
    shift
    (in_server "$@") >"$work/server.log" 2>&1 &
    pids+=($!)
}

# Over both transports, as some open them one after the other.
listens() {
    [ "$(ip netns exec "$space-s" ss -Hltn "sport = :$port" | wc -l)" -gt 0 ] &&
        [ "$(ip netns exec "$space-s" ss -Hlun "sport = :$port" | wc -l)" -gt 0 ] && sleep 0.5
}

gdnsd_listens() { [ "$(ip netns exec "$space-s" ss -Hltn "sport = :5353" | wc -l)" -gt 0 ]; }
proxy_listens() { [ "$(ip netns exec "$space-s" ss -Hltn "sport = :$port" | wc -l)" -gt 0 ]; }

write_zone() {
    cat >"$1" <<'ZONE'
$ORIGIN example.com.
$TTL 300
@ SOA ns hostmaster 1 3600 600 86400 60
@ NS ns
ns A 192.0.2.1
host A 192.0.2.80
ZONE
}

configure_bind() {
    cat >"$1" <<CONF
options {
    directory "$work"; listen-on { $server4; }; listen-on-v6 { none; }; pid-file none; session-keyfile none;
    recursion no; dnssec-validation no;
};
controls { };
zone example.com { type primary; file "example.com.zone"; };
CONF
}

configure_knot() {
    cat >"$1" <<CONF
server:
    listen: $server4@53
    rundir: $work
database:
    storage: $work
zone:
  - domain: example.com
    storage: $work
    file: example.com.zone
CONF
}

configure_nsd() {
    cat >"$1" <<CONF
server:
    ip-address: $server4
    zonesdir: "$work"
    xfrdir: "$work"
    xfrdfile: ""
    zonelistfile: "$work/zone.list"
    database: ""
    pidfile: ""
    username: ""
    server-count: 1
remote-control:
    control-enable: no
zone:
    name: example.com
    zonefile: example.com.zone
CONF
}

configure_unbound() {
    cat >"$1" <<CONF
server:
    interface: $server4
    access-control: 192.0.2.0/24 allow
    directory: "$work"
    chroot: ""
    username: ""
    pidfile: ""
    use-syslog: no
    module-config: "iterator"
    local-data: "host.example.com. 300 IN A 192.0.2.80"
CONF
}

configure_pdns() {
    echo "zone \"example.com\" { type master; file \"$work/example.com.zone\"; };" >"$work/zones.conf"
    cat >"$work/pdns.conf" <<CONF
daemon=no
guardian=no
launch=bind
bind-config=$work/zones.conf
local-address=$server4
socket-dir=$work
CONF
}

configure_dnsdist() {
    cat >"$1" <<CONF
setLocal("$server4:53")
setACL("192.0.2.0/24")
setSecurityPollSuffix("")
addAction("host.example.com", SpoofAction("192.0.2.80"))
CONF
}

configure_kresd() {
    cat >"$1" <<CONF
net.listen("$server4", 53, { kind = "dns" })
trust_anchors.remove(".")
modules = { "hints > iterate" }
hints["host.example.com"] = "192.0.2.80"
CONF
}

# Its configuration is a folder.
write_gdnsd() {
    mkdir -p "$work/gdnsd/zones" "$work/gdnsd-run" "$work/gdnsd-state"
    cp "$work/example.com.zone" "$work/gdnsd/zones/example.com"
    cat >"$work/gdnsd/config" <<CONF
options => {
  listen => $1
  run_dir => $work/gdnsd-run
  state_dir => $work/gdnsd-state
  username => root
  ${options:-}
}
CONF
}

configure_gdnsd() { write_gdnsd "[ $server4, $server6 ]"; }

# Behind a proxy that does TLS, and says who its client is.
configure_gdnsd_tls() {
    write_gdnsd "{ \"127.0.0.1:5353\" => { tcp_proxy => true, tcp_pad => true } }"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=dns.example.com -days 2 \
        -keyout "$work/key.pem" -out "$work/certificate.pem" 2>/dev/null
    cat "$work/certificate.pem" "$work/key.pem" >"$work/both.pem"
    cat >"$work/haproxy.conf" <<CONF
global
    tune.ssl.default-dh-param 2048
defaults
    mode tcp
    timeout connect 5s
    timeout client 60s
    timeout server 60s
frontend dot
    bind $server4:853 ssl crt $work/both.pem alpn dot
    bind [$server6]:853 ssl crt $work/both.pem alpn dot
    default_backend gdnsd
backend gdnsd
    server local 127.0.0.1:5353 send-proxy-v2
CONF
}
