# shellcheck shell=bash
# Several nodes behind one address, secrets that change, clocks that are wrong.

SERVICE=192.0.2.53
NODE_A=198.51.100.11
NODE_B=198.51.100.12
BALANCER=198.51.100.254

# A client, and two hosts behind a balancer.
behind_a_balancer() {
    host client $CLIENT/24
    host balancer $SERVICE/32 $BALANCER/24
    host a $NODE_A/24
    host b $NODE_B/24
    via a $BALANCER
    via b $BALANCER
}

# The same, and the balancer chooses one of them: choose [SELECTOR]
two_nodes() {
    behind_a_balancer
    balance balancer $SERVICE $NODE_A $NODE_B "$@"
}

REQUIRE_B="cookie-secret \"$SECRET_B\"; require-server-cookie yes;"

# Each flow to the other node: no cookie is ever accepted, TCP saves the day.
scenario_nodes_round_robin_dig() {
    two_nodes
    bind a $NODE_A "$REQUIRE"
    bind b $NODE_B "$REQUIRE_B"
    capture client
    client client dig @$SERVICE www.example.test
    client client dig @$SERVICE h1.example.test
    save nodes-round-robin-dig
}

# kdig goes on over UDP until it gives up.
scenario_nodes_round_robin_kdig() {
    two_nodes
    bind a $NODE_A "$REQUIRE"
    bind b $NODE_B "$REQUIRE_B"
    capture client
    client client kdig @$SERVICE +cookie www.example.test
    save nodes-round-robin-kdig
}

# c-ares asks again from the same port with the same ID, so its retry meets the same node: each name costs one rejection.
scenario_nodes_round_robin_cares() {
    two_nodes
    bind a $NODE_A "$REQUIRE"
    bind b $NODE_B "$REQUIRE_B"
    capture client
    cares client $SERVICE www.example.test h1.example.test h2.example.test h3.example.test
    save nodes-round-robin-cares
}

# Nodes chosen by flow in an irregular order, as a hash of the ports does: some cookies are accepted, some are not.
scenario_nodes_by_flow_resolver() {
    two_nodes "numgen inc mod 7 map { 0 : $NODE_A, 1 : $NODE_A, 2 : $NODE_B, 3 : $NODE_A, 4 : $NODE_B, 5 : $NODE_B, 6 : $NODE_A }"
    host resolver 203.0.113.1/24
    bind a $NODE_A "$REQUIRE"
    bind b $NODE_B "$REQUIRE_B"
    RELEASE=trixie resolver resolver 203.0.113.1 $SERVICE ""
    capture resolver "$DNS_TRAFFIC and host $SERVICE"
    local n
    for n in 1 2 3 4 5 6 7 8 9 10; do client client dig @203.0.113.1 +nocookie h$n.example.test; done
    save nodes-by-flow-resolver
}

# Each client always to the same node: different secrets do no harm.
scenario_nodes_by_client() {
    two_nodes "ip saddr map { $CLIENT : $NODE_A, 203.0.113.6 : $NODE_B }"
    ip -n "$PREFIX-client" addr add 203.0.113.6/24 dev eth0
    bind a $NODE_A "$REQUIRE"
    bind b $NODE_B "$REQUIRE_B"
    capture client
    local address
    for address in 203.0.113.5 203.0.113.6; do
        peer client browse $SERVICE h1.example.test h2.example.test --source $address >/dev/null
    done
    save nodes-by-client
}

# Same secret everywhere: round robin is harmless. BIND and Knot understand each other's cookies.
scenario_nodes_same_secret() {
    two_nodes
    bind a $NODE_A "$REQUIRE"
    knot b $NODE_B "secret: 0x$SECRET_A"
    capture client
    client client dig @$SERVICE www.example.test
    peer client browse $SERVICE h1.example.test h2.example.test h3.example.test >/dev/null
    save nodes-same-secret
}

# BIND's old algorithm alone does no harm; its cookies are not RFC 9018's.
scenario_bind_aes() {
    one_client_one_server
    bind server $SERVER "cookie-algorithm aes; $REQUIRE"
    capture client
    peer client browse $SERVER www.example.test h1.example.test h2.example.test >/dev/null
    save bind-aes
}

# One node with BIND's old algorithm, one with SipHash, and a client that keeps its cookie.
scenario_mixed_cookie_formats() {
    two_nodes
    bind a $NODE_A "cookie-algorithm aes; $REQUIRE"
    bind b $NODE_B "cookie-algorithm siphash24; $REQUIRE"
    capture client
    peer client browse $SERVICE www.example.test h1.example.test h2.example.test >/dev/null
    save mixed-cookie-formats
}

scenario_secret_changed() {
    one_client_one_server
    bind server $SERVER "$REQUIRE"
    capture client
    peer client browse $SERVER h1.example.test h2.example.test --state "$WORK/state" >/dev/null
    stop "$LAST_SERVER"
    bind server $SERVER "$REQUIRE_B"
    peer client browse $SERVER h3.example.test h4.example.test h5.example.test --state "$WORK/state" >/dev/null
    save secret-changed
}

# The change done as RFC 9018 section 5 wants it: the old secret still verifies, and nobody notices.
scenario_secret_rolled_over() {
    one_client_one_server
    bind server $SERVER "$REQUIRE"
    capture client
    peer client browse $SERVER h1.example.test h2.example.test --state "$WORK/state" >/dev/null
    stop "$LAST_SERVER"
    bind server $SERVER "cookie-secret \"$SECRET_B\"; cookie-secret \"$SECRET_A\"; require-server-cookie yes;"
    peer client browse $SERVER h3.example.test h4.example.test --state "$WORK/state" >/dev/null
    save secret-rolled-over
}

# Four clients at the moment of the change.
scenario_secret_changed_many_clients() {
    one_client_one_server
    local n
    for n in 21 22 23 24; do ip -n "$PREFIX-client" addr add 203.0.113.$n/24 dev eth0; done
    knot server $SERVER ""
    capture client
    for n in 21 22 23 24; do
        peer client browse $SERVER h1.example.test --source 203.0.113.$n --state "$WORK/state$n" >/dev/null
    done
    # Without a configured secret Knot draws one at its start.
    stop "$LAST_SERVER"
    knot server $SERVER ""
    for n in 21 22 23 24; do
        peer client browse $SERVER h2.example.test h3.example.test --source 203.0.113.$n --state "$WORK/state$n" >/dev/null
    done
    save secret-changed-many-clients
}

# The server's clock is 20 minutes ahead; it issues and accepts its own cookies.
scenario_clock_ahead() {
    one_client_one_server
    CLOCK=+1200 knot server $SERVER "secret: 0x$SECRET_A"
    capture client
    client client dig @$SERVER www.example.test
    client client dig @$SERVER h1.example.test
    save clock-ahead
}

# Two nodes with one secret, and one of them 20 minutes ahead: its cookies are from the future for the other.
scenario_clock_one_node_ahead() {
    two_nodes
    CLOCK=+1200 knot a $NODE_A "secret: 0x$SECRET_A"
    bind b $NODE_B "$REQUIRE"
    capture client
    client client dig @$SERVICE www.example.test
    peer client browse $SERVICE h1.example.test h2.example.test h3.example.test >/dev/null
    save clock-one-node-ahead
}

# A cookie two hours old, from a time before the capture: the server hands out a new one.
stale_cookie() {
    local client=4d7ac0ffee123456
    local cookie
    cookie=$(peer client cookie $client $CLIENT $SECRET_A --age 7200)
    printf '{"client": "%s", "%s": "%s"}' "$client" $SERVER "${cookie:16}" > "$WORK/state"
    capture client
    peer client browse $SERVER h1.example.test h2.example.test --state "$WORK/state" >/dev/null
    save "$1"
}

scenario_stale_cookie_bind920() {
    one_client_one_server
    RELEASE=trixie bind server $SERVER "cookie-secret \"$SECRET_A\";"
    stale_cookie stale-cookie-bind920
}

scenario_stale_cookie_knot() {
    one_client_one_server
    knot server $SERVER "secret: 0x$SECRET_A"
    stale_cookie stale-cookie-knot
}

# gdnsd answers clients without a valid cookie with 128 bytes at most. HOST ADDRESS
gdnsd_node() {
    local dir=$WORK/$1-gdnsd text
    text=$(printf 'documentation %.0s' 1 2 3 4 5 6 7 8 9 10 11 12)
    mkdir -p "$dir/zones" "$dir/run" "$dir/state"
    {
        cat "$WORK/example.test.zone"
        printf '%s TXT "%s"\n' big "$text" b.big "$text"
    } > "$dir/zones/example.test"
    head -c 32 /dev/urandom > "$dir/key"
    cat > "$dir/config" <<CONFIG
options => {
    listen => [ 127.0.0.1, $2 ]
    run_dir => $dir/run
    state_dir => $dir/state
    cookie_key_file => $dir/key
    max_nocookie_response => 128
    udp_threads => 1
    tcp_threads => 1
}
CONFIG
    start "$1" gdnsd -c "$dir" start
    ready "$1" "$2"
}

# Two gdnsd with a key each, in turn: what the client learned of one over TCP, it presents to the other over UDP.
scenario_truncated_own_cookie() {
    two_nodes
    gdnsd_node a $NODE_A
    gdnsd_node b $NODE_B
    capture client
    peer client browse $SERVICE big.example.test www.example.test big.example.test b.big.example.test --type TXT >/dev/null
    save truncated-own-cookie
}
