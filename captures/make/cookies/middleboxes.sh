# shellcheck shell=bash
# What stands between client and server, and servers with faults. The faults are dnspeer.py's, the rest is real.

BOX=198.51.100.80

# A relay with a fault in front of BIND: relayed MODE BIND-DIRECTIVES
relayed() {
    host client $CLIENT/24
    host box $BOX/24
    host server $SERVER/24
    bind server $SERVER "$2"
    fault box relay $BOX $SERVER --mode "$1"
}

# A hand-made server: faulty MODE
faulty() {
    one_client_one_server
    fault server serve $SERVER --mode "$1"
}

# dnsdist's packet cache does not look at the COOKIE option: the second client gets the first one's.
scenario_cache_returns_foreign_cookie() {
    host client $CLIENT/24
    host second 203.0.113.6/24
    host box $BOX/24
    host server $SERVER/24
    bind server $SERVER "cookie-secret \"$SECRET_A\";"
    dnsdist_in_front box $BOX $SERVER "getPool(''):setCache(newPacketCache(1000))"
    capture box "$DNS_TRAFFIC and host $BOX and not host $SERVER"
    client client dig @$BOX www.example.test
    client second dig @$BOX +timeout=1 +tries=2 www.example.test
    client second dig @$BOX h1.example.test
    save cache-returns-foreign-cookie
}

# What that does to resolvers: the second discards the cached answer and gets through with its next query, which
# is a little different; the third finds both forms in the cache, asks again and again, and fails.
scenario_cache_starves_resolver() {
    host client $CLIENT/24
    host box $BOX/24
    host server $SERVER/24
    bind server $SERVER "cookie-secret \"$SECRET_A\";"
    RELEASE=trixie dnsdist_in_front box $BOX $SERVER "getPool(''):setCache(newPacketCache(1000))"
    local n
    for n in 1 2 3; do
        host resolver$n 203.0.113.$n/24
        RELEASE=trixie resolver resolver$n 203.0.113.$n $BOX ""
    done
    capture box "$DNS_TRAFFIC and host $BOX and not host $SERVER"
    for n in 1 2 3; do
        client client dig @203.0.113.$n +nocookie +timeout=12 +tries=1 www.example.test
    done
    save cache-starves-resolver
}

# dnsdist without a cache passes cookies on, and the server sees its address only: healthy.
scenario_dnsdist_passes() {
    host client $CLIENT/24
    host box $BOX/24
    host server $SERVER/24
    bind server $SERVER "$REQUIRE"
    RELEASE=trixie dnsdist_in_front box $BOX $SERVER ""
    capture box
    client client dig @$BOX www.example.test
    client client kdig @$BOX +cookie h1.example.test
    save dnsdist-passes
}

scenario_spoofed_first() {
    relayed spoof-first "cookie-secret \"$SECRET_A\";"
    capture client
    client client dig @$BOX www.example.test
    peer client ask $BOX h1.example.test --cookie 1212121212121212 --listen-on 0.3 >/dev/null
    save spoofed-first
}

scenario_vanished() {
    relayed strip-some-responses "cookie-secret \"$SECRET_A\";"
    capture client
    peer client browse $BOX h1.example.test h2.example.test h3.example.test h4.example.test >/dev/null
    save cookie-vanished
}

scenario_server_cookie_vanished() {
    relayed trim-some-responses "cookie-secret \"$SECRET_A\";"
    capture client
    peer client browse $BOX h1.example.test h2.example.test h3.example.test h4.example.test >/dev/null
    save server-cookie-vanished
}

# A server that never answers with cookies, because none reach it: nothing to report.
scenario_no_cookies() {
    relayed strip-query "$REQUIRE"
    capture client
    client client dig @$BOX www.example.test
    client client dig @$BOX h1.example.test
    save server-without-cookies
}

scenario_badcookie_stripped() {
    relayed strip-response "$REQUIRE"
    capture client
    client client dig @$BOX www.example.test
    client client kdig @$BOX +cookie h1.example.test
    save badcookie-stripped
}

scenario_badcookie_client_only() {
    faulty badcookie-client-only
    capture client
    client client dig @$SERVER www.example.test
    save badcookie-client-only
}

# The resolver that meets a BADCOOKIE without a cookie.
scenario_badcookie_bare_resolver() {
    faulty badcookie-bare
    host resolver $RESOLVER/24
    RELEASE=trixie resolver resolver $RESOLVER $SERVER ""
    capture resolver "$DNS_TRAFFIC and host $SERVER"
    client client dig @$RESOLVER +nocookie h1.example.test
    save badcookie-bare-resolver
}

scenario_echoed() {
    relayed echo ""
    capture client
    client client dig @$BOX www.example.test
    client client dig @$BOX h1.example.test
    save cookie-echoed
}

scenario_silence() {
    relayed drop-cookies ""
    capture client
    client client dig @$BOX +timeout=1 +tries=2 www.example.test
    client client dig @$BOX +nocookie www.example.test
    client client dig @$BOX +timeout=1 +tries=1 h1.example.test
    client client dig @$BOX +nocookie h1.example.test
    save silence-on-cookie
}

# Not the COOKIE's fault: no query gets through over UDP.
scenario_udp_blocked() {
    one_client_one_server
    bind server $SERVER ""
    on server nft -f - <<'EOF'
table ip filter {
    chain queries { type filter hook input priority 0; iifname eth0 udp dport 53 drop; }
}
EOF
    capture client
    client client dig @$SERVER +timeout=1 +tries=3 www.example.test
    client client dig @$SERVER +timeout=1 +tries=2 +nocookie www.example.test
    client client dig @$SERVER +tcp www.example.test
    save udp-blocked
}

scenario_formerr() {
    faulty formerr
    capture client
    client client dig @$SERVER www.example.test
    client client dig @$SERVER +nocookie www.example.test
    save formerr-on-cookie
}

# A packet filter that lets no long queries through: those with a server cookie are long.
scenario_retry_unanswered() {
    one_client_one_server
    bind server $SERVER "$REQUIRE"
    on server nft -f - <<'EOF'
table ip filter {
    chain queries { type filter hook input priority 0; iifname eth0 udp dport 53 udp length > 70 drop; }
}
EOF
    capture client
    client client dig @$SERVER +timeout=1 +tries=2 www.example.test
    sleep 11
    client client dig @$SERVER +nocookie h1.example.test
    save retry-unanswered
}

# Messages that end too early on the wire, which no capture did.
scenario_message_broken() {
    one_client_one_server
    host stub 198.51.100.54/24
    fault server serve $SERVER --mode cut
    fault stub serve 198.51.100.54 --mode stub
    capture client
    client client dig @$SERVER +timeout=1 +tries=1 www.example.test
    client client dig @198.51.100.54 +timeout=1 +tries=1 h1.example.test
    save message-broken
}

# A server that accepts no cookie at all over UDP, its own neither.
scenario_accepts_no_cookie() {
    faulty badcookie-udp
    host resolver $RESOLVER/24
    RELEASE=trixie resolver resolver $RESOLVER $SERVER ""
    capture resolver "$DNS_TRAFFIC and host $SERVER"
    client client dig @$RESOLVER +nocookie h1.example.test
    client client dig @$RESOLVER +nocookie h2.example.test
    save accepts-no-cookie
}

# A server that draws its cookies at random, so that none is like another and none is accepted.
scenario_accepts_random_cookies() {
    faulty badcookie-random
    capture client
    client client dig @$SERVER www.example.test
    client client dig @$SERVER h1.example.test
    save accepts-random-cookies
}

scenario_badcookie_stream() {
    faulty badcookie-stream
    capture client
    client client timeout 5 dig @$SERVER +tries=1 www.example.test
    client client timeout 5 kdig @$SERVER +cookie +tcp h1.example.test
    save badcookie-over-stream
}

scenario_badcookie_uninvited() {
    faulty badcookie-uninvited
    capture client
    client client dig @$SERVER +nocookie www.example.test
    client client dig @$SERVER +noedns h1.example.test
    save no-cookie-in-query
}

# Flipped on the way to the server: the client's side sees its cookie rejected, the server's side sees the change.
scenario_altered() {
    relayed alter "$REQUIRE"
    capture server
    peer client browse $BOX h1.example.test h2.example.test >/dev/null
    save altered-server-view
}

scenario_altered_client_view() {
    relayed alter "$REQUIRE"
    capture client
    peer client browse $BOX h1.example.test h2.example.test >/dev/null
    save altered-client-view
}

# Servers that do not mind: one client cookie for two servers, then from two addresses.
scenario_shared_and_reused() {
    one_client_one_server
    ip -n "$PREFIX-client" addr add 203.0.113.6/24 dev eth0
    host other 198.51.100.54/24
    bind server $SERVER "cookie-secret \"$SECRET_A\";"
    bind other 198.51.100.54 "cookie-secret \"$SECRET_B\";"
    capture client
    peer client ask $SERVER www.example.test --source $CLIENT --cookie 1313131313131313 >/dev/null
    peer client ask 198.51.100.54 www.example.test --source $CLIENT --cookie 1313131313131313 >/dev/null
    peer client ask $SERVER h1.example.test --source $CLIENT --cookie 1414141414141414 >/dev/null
    peer client ask $SERVER h1.example.test --source 203.0.113.6 --cookie 1414141414141414 >/dev/null
    save client-cookie-shared-and-reused
}

# ---- one client behind a firewall that drops its queries with COOKIE; seen on the server's side of the switch

# The option's code and length in the packets of one client: no cookie of a client gets through.
drop_cookies_of_client() {
    on server iptables -A INPUT -s $CLIENT -p udp --dport 53 \
        -m string --algo bm --hex-string '|000a0008|' -j DROP
}

in_vain() {
    client client dig @$SERVER +timeout=1 +tries="$2" "$1"
}

without_cookie() {
    client client dig @$SERVER +nocookie "$1"
}

# dig twice, then without COOKIE, and again; the other client asks before, meanwhile and after.
one_client_in_vain() {
    client other dig @$SERVER www.example.test
    in_vain www.example.test 2
    without_cookie www.example.test
    client other dig @$SERVER h1.example.test
    in_vain h1.example.test 2
    client other dig @$SERVER h2.example.test
    without_cookie h1.example.test
}

client_and_other() {
    one_client_one_server
    host other 192.0.2.77/24
}

scenario_silence_one_client() {
    client_and_other
    bind server $SERVER ""
    drop_cookies_of_client
    capture server
    one_client_in_vain
    save silence-one-client
}

# The same, and then the client is answered: perhaps it was an outage after all.
scenario_silence_one_client_answered_later() {
    client_and_other
    bind server $SERVER ""
    drop_cookies_of_client
    capture server
    one_client_in_vain
    on server iptables -F INPUT
    client client dig @$SERVER h3.example.test
    save silence-one-client-answered-later
}

# Knot leaves out five of six of its answers to queries without a server cookie. The other client is lucky three times, and
# then is not: it is not the path of the first.
scenario_silence_one_client_others_too() {
    client_and_other
    knot server $SERVER 'badcookie-slip: 6'
    capture server
    client other dig @$SERVER +tries=1 +timeout=1 +nobadcookie www.example.test
    in_vain www.example.test 2
    without_cookie www.example.test
    in_vain h1.example.test 3
    client other dig @$SERVER +tries=1 +timeout=1 +nobadcookie h1.example.test
    without_cookie h1.example.test
    in_vain h2.example.test 3
    in_vain h3.example.test 2
    without_cookie h3.example.test
    client other dig @$SERVER +tries=1 +timeout=1 +nobadcookie h2.example.test
    in_vain h4.example.test 1
    without_cookie h4.example.test
    client other dig @$SERVER +tries=3 +timeout=1 +nobadcookie h4.example.test
    save silence-one-client-others-too
}
