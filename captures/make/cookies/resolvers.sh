# shellcheck shell=bash
# A resolver between the client and authoritative servers that want cookies; captured on the resolver's side.

RESOLVER=198.51.100.1

# release of the resolver, name of the capture
resolver_to_requiring_authoritative() {
    host client $CLIENT/24
    host resolver $RESOLVER/24
    host server $SERVER/24
    bind server $SERVER "$REQUIRE"
    RELEASE=$1 resolver resolver $RESOLVER $SERVER ""
    capture resolver "$DNS_TRAFFIC and host $SERVER"
    client client dig @$RESOLVER +nocookie h1.example.test
    client client dig @$RESOLVER +nocookie h2.example.test
    client client dig @$RESOLVER +nocookie h3.example.com AAAA
    client client dig @$RESOLVER +nocookie h4.example.test TXT
    save "$2"
}

scenario_resolver_bind918() { resolver_to_requiring_authoritative '' resolver-bind918; }
scenario_resolver_bind920() { resolver_to_requiring_authoritative trixie resolver-bind920; }

# Both sides of the resolver in one capture: a client with cookies of its own in front, another exchange behind.
scenario_resolver_both_sides() {
    host client $CLIENT/24
    host resolver $RESOLVER/24
    host server $SERVER/24
    bind server $SERVER "$REQUIRE"
    RELEASE=trixie resolver resolver $RESOLVER $SERVER "require-server-cookie yes;"
    capture resolver
    client client dig @$RESOLVER h1.example.test
    client client dig @$RESOLVER h2.example.test
    client client dig @$RESOLVER h1.example.test
    save resolver-both-sides
}

# Knot never renews a cookie that is still valid, BIND renews with every response.
scenario_resolver_knot() {
    host client $CLIENT/24
    host resolver $RESOLVER/24
    host server $SERVER/24
    knot server $SERVER "secret: 0x$SECRET_A"
    RELEASE=trixie resolver resolver $RESOLVER $SERVER ""
    capture resolver "$DNS_TRAFFIC and host $SERVER"
    local n
    for n in 1 2 3 4; do
        client client dig @$RESOLVER +nocookie h$n.example.test
        sleep 1.1
    done
    save resolver-knot
}

# A resolver whose authoritative server answers BADCOOKIE without a cookie, seen on both sides: its client is told SERVFAIL.
scenario_resolver_servfail() {
    host client $CLIENT/24
    host resolver $RESOLVER/24
    host server $SERVER/24
    fault server serve $SERVER --mode badcookie-bare
    resolver resolver $RESOLVER $SERVER ""
    capture resolver
    client client dig @$RESOLVER +nocookie h1.example.test
    save resolver-servfail
}
