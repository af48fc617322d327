# shellcheck shell=bash
# What happens on the way to a server and back, and clients that look for another way.

# The server's configuration is read again: cookies are no longer answered, and then again.
cookies_by_reload() {
    sed -i "s/^options {.*directory \(\"[^\"]*\"\);.*/options { directory \1; pid-file none; session-keyfile none; notify no; \
listen-on { 127.0.0.1; $SERVER; }; listen-on-v6 { none; }; recursion no; $1 };/" "$WORK/server-named.conf"
    kill -HUP "$SERVER_PID"
    sleep 0.6
}

# A resolver asks again over TCP, where it takes an answer without COOKIE.
scenario_answer_cookie_switched_off() {
    host client $CLIENT/24
    host resolver $RESOLVER/24
    host server $SERVER/24
    bind server $SERVER "cookie-secret \"$SECRET_A\";"
    SERVER_PID=$LAST_SERVER
    resolver resolver $RESOLVER $SERVER ""
    capture server "$DNS_TRAFFIC and host $SERVER"
    client client dig @$RESOLVER +nocookie h1.example.test
    cookies_by_reload "answer-cookie no;"
    client client dig @$RESOLVER +nocookie h4.example.test
    client client dig @$SERVER h1.example.test
    cookies_by_reload "cookie-secret \"$SECRET_A\";"
    client client dig @$RESOLVER +nocookie h7.example.test
    save answer-cookie-switched-off
}

# Refused by one server, the user asks another one, or runs dig once more: a new client cookie.
scenario_asked_elsewhere() {
    host client $CLIENT/24
    host server $SERVER/24
    host other 198.51.100.54/24
    fault server serve $SERVER --mode badcookie-random
    bind other 198.51.100.54 "$REQUIRE"
    capture client
    client client dig @$SERVER +nobadcookie x1.example.test
    client client dig @198.51.100.54 x1.example.test
    client client dig @$SERVER +nobadcookie x2.example.test
    sleep 1
    client client dig @$SERVER +nobadcookie x2.example.test
    sleep 12
    client client dig @198.51.100.54 x4.example.test
    save asked-elsewhere
}

# A resolver behind a pool of three outer addresses, seen on the machine that translates: what it learned over TCP as well.
scenario_nat_pool_resolver() {
    host resolver 192.0.2.5/24
    host nat 192.0.2.1/24 203.0.113.201/24 203.0.113.202/24 203.0.113.203/24
    host server $SERVER/24
    host client 192.0.2.9/24
    via resolver 192.0.2.1
    on nat sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.eth0.send_redirects=0
    on nat nft -f - <<'NFT'
table ip outer {
    chain leave {
        type nat hook postrouting priority srcnat
        ip saddr 192.0.2.0/24 snat to numgen random mod 3 map { 0 : 203.0.113.201, 1 : 203.0.113.202, 2 : 203.0.113.203 }
    }
}
NFT
    RELEASE=trixie resolver resolver 192.0.2.5 $SERVER ""
    bind server $SERVER "$REQUIRE"
    capture nat "$DNS_TRAFFIC and host $SERVER"
    local n
    for n in 1 2 3 4 5 6; do client client dig @192.0.2.5 +nocookie h$n.example.test; done
    save nat-pool-resolver
}

# Two nodes behind a translation without state, whose way back is broken: they answer, and no answer arrives.
scenario_answers_do_not_come_back() {
    host resolver 203.0.113.1/24
    behind_a_balancer
    on balancer sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.eth0.send_redirects=0
    on balancer nft -f - <<NFT
table ip raw {
    chain pre {
        type filter hook prerouting priority raw;
        ip daddr $SERVICE udp dport 53 notrack ip daddr set numgen inc mod 2 map { 0 : $NODE_A, 1 : $NODE_B }
        ip saddr { $NODE_A, $NODE_B } notrack ip saddr set $SERVICE
    }
}
NFT
    RELEASE=trixie resolver resolver 203.0.113.1 $SERVICE ""
    bind a $NODE_A "$REQUIRE"
    bind b $NODE_B "$REQUIRE_B"
    capture balancer
    local n
    for n in 1 2 3 4; do client client dig @203.0.113.1 +nocookie +timeout=3 +tries=1 h$n.example.test; done
    save answers-do-not-come-back
}

# With cookies and without; three answers with COOKIE and a query are not in the capture.
scenario_silence_in_a_lossy_capture() {
    one_client_one_server
    bind server $SERVER ""
    capture client
    local n
    for n in 1 2 3 4; do
        client client dig @$SERVER h$n.example.test
        client client dig @$SERVER +nocookie h$n.example.test
    done
    end_capture
    editcap "$RAW" "$WORK/lossy" 2 6 10 13
    keep "$WORK/lossy" silence-in-a-lossy-capture
}

# Captures of the others, twice in one, a millisecond later.
scenario_seen_twice_without_query() {
    local name
    for name in message-broken query-not-captured; do
        editcap -t 0.0008 "$OUT_DIR/$name.pcapng" "$WORK/later"
        mergecap -w "$WORK/both" "$OUT_DIR/$name.pcapng" "$WORK/later"
        keep "$WORK/both" $name-seen-twice
    done
}

# Three clients present what they learned before the capture, and before the server's restart with another secret.
scenario_secret_changed_before_the_capture() {
    one_client_one_server
    local n
    for n in 21 22 23; do ip -n "$PREFIX-client" addr add 203.0.113.$n/24 dev eth0; done
    bind server $SERVER "$REQUIRE"
    for n in 21 22 23; do
        peer client browse $SERVER h1.example.test --source 203.0.113.$n --state "$WORK/state$n" >/dev/null
    done
    stop "$LAST_SERVER"
    bind server $SERVER "$REQUIRE_B"
    capture client
    for n in 21 22 23; do
        peer client browse $SERVER h2.example.test h3.example.test --source 203.0.113.$n --state "$WORK/state$n" >/dev/null
    done
    for n in 21 22 23; do
        peer client browse $SERVER h4.example.test --source 203.0.113.$n --state "$WORK/state$n" >/dev/null
    done
    save secret-changed-before-the-capture
}
