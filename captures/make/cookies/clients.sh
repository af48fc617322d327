# shellcheck shell=bash
# Clients that use their cookies wrongly, and cookies that no server would issue. Real servers answer.

# The COOKIE option of one exchange: learn CLIENT-COOKIE [ARGUMENTS...]
learn() {
    peer client ask "${SERVER_OF_LEARN:-$SERVER}" "${@:2}" --cookie "$1" | sed "s/^.* //"
}

# repeat TEXT COUNT
repeat() {
    local n
    for ((n = 0; n < $2; n++)); do printf %s "$1"; done
}

# dig +nobadcookie takes BADCOOKIE for the answer; a later query shows that the capture went on.
scenario_gave_up() {
    one_client_one_server
    bind server $SERVER "$REQUIRE"
    capture client
    client client dig @$SERVER +nobadcookie www.example.test
    sleep 11
    client client dig @$SERVER h1.example.test
    client client dig @$SERVER +nobadcookie h2.example.test
    save gave-up
}

scenario_client_address_changed() {
    one_client_one_server
    ip -n "$PREFIX-client" addr add 203.0.113.6/24 dev eth0
    bind server $SERVER "$REQUIRE"
    capture client
    peer client browse $SERVER h1.example.test h2.example.test --source $CLIENT --state "$WORK/state" >/dev/null
    peer client browse $SERVER h3.example.test h4.example.test --source 203.0.113.6 --state "$WORK/state" >/dev/null
    save client-address-changed
}

# A client behind NAT: ADDRESS-CHOICE is the nftables expression for the outer address.
client_behind_nat() {
    host client 192.0.2.5/24 192.0.2.6/24 192.0.2.7/24 192.0.2.8/24
    host nat 192.0.2.1/24 203.0.113.201/24 203.0.113.202/24
    host server $SERVER/24
    via client 192.0.2.1
    on nat sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.eth0.send_redirects=0
    on nat nft -f - <<EOF
table ip outer {
    chain leave {
        type nat hook postrouting priority srcnat
        ip saddr 192.0.2.0/24 snat to $1
    }
}
EOF
}

# A pool of two outer addresses, in turn per flow; seen from the server's side.
scenario_nat_pool() {
    client_behind_nat "numgen inc mod 2 map { 0 : 203.0.113.201, 1 : 203.0.113.202 }"
    bind server $SERVER "$REQUIRE"
    capture server
    client client dig @$SERVER www.example.test
    client client dig @$SERVER h1.example.test
    save nat-pool-server-view
}

# The same on the client's side, where the address stays and only the rejections are seen.
scenario_nat_pool_inside() {
    client_behind_nat "numgen inc mod 2 map { 0 : 203.0.113.201, 1 : 203.0.113.202 }"
    bind server $SERVER "$REQUIRE"
    capture client
    client client dig @$SERVER www.example.test
    client client dig @$SERVER h1.example.test
    save nat-pool-client-view
}

# The same on the machine that translates: each packet twice, with the inner and the outer address.
scenario_nat_both_sides() {
    client_behind_nat "numgen inc mod 2 map { 0 : 203.0.113.201, 1 : 203.0.113.202 }"
    bind server $SERVER "$REQUIRE"
    capture nat
    client client dig @$SERVER www.example.test
    client client dig @$SERVER h1.example.test
    save nat-pool-both-sides
}

# Four clients behind one outer address: each has a client cookie of its own, and nothing is wrong.
scenario_nat_healthy() {
    client_behind_nat 203.0.113.201
    bind server $SERVER "$REQUIRE"
    capture server
    local n
    for n in 5 6 7 8; do
        peer client browse $SERVER h1.example.test h2.example.test --source 192.0.2.$n --state "$WORK/state$n" >/dev/null
    done
    for n in 8 5 7 6; do
        peer client browse $SERVER h3.example.test --source 192.0.2.$n --state "$WORK/state$n" >/dev/null
    done
    save nat-healthy
}

scenario_client_cookie_changed() {
    one_client_one_server
    bind server $SERVER "$REQUIRE"
    capture client
    local issued
    issued=$(learn 1111111111111111)
    peer client ask $SERVER h1.example.test --cookie "2222222222222222${issued:16}" >/dev/null
    peer client ask $SERVER h1.example.test --cookie "$issued" >/dev/null
    save client-cookie-changed
}

# One cookie cache for all servers: the client shows each server what the other one issued.
scenario_wrong_server() {
    one_client_one_server
    host other 198.51.100.54/24
    bind server $SERVER "$REQUIRE"
    bind other 198.51.100.54 "$REQUIRE_B"
    capture client
    local issued
    issued=$(learn 3333333333333333)
    peer client ask $SERVER --cookie "$issued" >/dev/null
    issued=$(SERVER_OF_LEARN=198.51.100.54 learn "$issued" h1.example.test)
    peer client ask 198.51.100.54 h1.example.test --cookie "$issued" >/dev/null
    peer client ask $SERVER h2.example.test --cookie "$issued" >/dev/null
    save wrong-server
}

scenario_superseded() {
    one_client_one_server
    bind server $SERVER "$REQUIRE"
    capture client
    local old new
    old=$(learn 4444444444444444)
    peer client ask $SERVER --cookie "$old" >/dev/null
    stop "$LAST_SERVER"
    bind server $SERVER "$REQUIRE_B"
    new=$(learn "$old" h1.example.test)
    peer client ask $SERVER h1.example.test --cookie "$new" >/dev/null
    peer client ask $SERVER h2.example.test --cookie "$old" >/dev/null
    peer client ask $SERVER h2.example.test --cookie "$new" >/dev/null
    save superseded
}

# A client that never shows a server cookie, and one that keeps showing an old one.
scenario_not_learned() {
    one_client_one_server
    bind server $SERVER "$REQUIRE"
    capture client
    peer client browse $SERVER h1.example.test h2.example.test --fault forget >/dev/null
    peer client ask $SERVER h3.example.test h3.example.test h3.example.test h3.example.test h3.example.test \
        --cookie 5555555555555555 >/dev/null
    save not-learned-client-only
}

scenario_not_learned_old() {
    one_client_one_server
    RELEASE=trixie bind server $SERVER "cookie-secret \"$SECRET_A\";"
    local stale
    stale=$(peer client cookie 6666666666666666 $CLIENT $SECRET_A --age 4000)
    capture client
    peer client ask $SERVER h1.example.test h1.example.test h1.example.test h1.example.test --cookie "$stale" >/dev/null
    save not-learned-old-cookie
}

# Just inside and outside of what RFC 9018 section 4.3 allows; BIND 9.20 says BADCOOKIE by default.
scenario_age_limits() {
    one_client_one_server
    RELEASE=trixie bind server $SERVER "cookie-secret \"$SECRET_A\";"
    capture client
    local age cookie
    for age in 3590 3610 -290 -310; do
        cookie=$(peer client cookie "$(printf '%016x' $((0x7000000000000000 + age)))" $CLIENT $SECRET_A --age=$age)
        cookie=$(learn "$cookie")
        peer client ask $SERVER --cookie "$cookie" >/dev/null
    done
    save age-limits
}

# reserved bytes set and hashed: BIND rejects them, Knot accepts them.
scenario_reserved_bytes() {
    one_client_one_server
    host other 198.51.100.54/24
    RELEASE=trixie bind server $SERVER "$REQUIRE"
    knot other 198.51.100.54 "secret: 0x$SECRET_A"
    capture client
    local cookie
    cookie=$(peer client cookie 7777777777777777 $CLIENT $SECRET_A --reserved abcdef)
    cookie=$(learn "$cookie")
    peer client ask $SERVER --cookie "$cookie" >/dev/null
    cookie=$(peer client cookie 7878787878787878 $CLIENT $SECRET_A --reserved abcdef)
    peer client ask 198.51.100.54 --cookie "$cookie" >/dev/null
    save reserved-bytes
}

# 8, 32 and 15 bytes of server cookie, and version 2.
scenario_unknown_format() {
    one_client_one_server
    bind server $SERVER "$REQUIRE"
    capture client
    local server_part
    for server_part in 0102030405060708 \
                       0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20 \
                       0102030405060708090a0b0c0d0e0f \
                       02000000$(printf %08x "$(date +%s)")1122334455667788; do
        peer client ask $SERVER --cookie "8888888888888888$server_part" >/dev/null
    done
    save unknown-format
}

# Every illegal length, to three servers.
scenario_malformed() {
    one_client_one_server
    host knot 198.51.100.54/24
    host unbound 198.51.100.55/24
    bind server $SERVER "$REQUIRE"
    knot knot 198.51.100.54 "secret: 0x$SECRET_A"
    RELEASE=trixie unbound_local unbound 198.51.100.55 "answer-cookie: yes" "access-control: 203.0.113.0/24 allow"
    capture client
    local server length
    for server in $SERVER 198.51.100.54 198.51.100.55; do
        for length in 0 1 5 9 15 41 48; do
            # Another byte for each server: none shall see the client cookie of another.
            peer client ask $server --cookie "$(repeat d${server: -1} $length)" >/dev/null
        done
    done
    save malformed
}

# Two COOKIE options: BIND takes the first, Knot the last.
scenario_duplicate() {
    one_client_one_server
    host knot 198.51.100.54/24
    bind server $SERVER "$REQUIRE"
    knot knot 198.51.100.54 "secret: 0x$SECRET_A"
    capture client
    local server issued
    for server in $SERVER 198.51.100.54; do
        issued=$(SERVER_OF_LEARN=$server learn aaaaaaaaaaaaaaa${server: -1})
        peer client ask $server --cookie "$issued" --cookie bbbbbbbbbbbbbbb${server: -1} >/dev/null
        peer client ask $server --cookie bbbbbbbbbbbbbbb${server: -1} --cookie "$issued" >/dev/null
    done
    save duplicate
}

# Fresh and well-formed, but not from here: another secret; then the right secret, for another address.
scenario_forged() {
    one_client_one_server
    ip -n "$PREFIX-client" addr add 203.0.113.6/24 dev eth0
    bind server $SERVER "$REQUIRE"
    capture client
    local cookie
    cookie=$(peer client cookie cccccccccccccccc $CLIENT $SECRET_B)
    peer client ask $SERVER h1.example.test --cookie "$cookie" >/dev/null
    cookie=$(peer client cookie eeeeeeeeeeeeeeee 203.0.113.6 $SECRET_A)
    peer client ask $SERVER h3.example.test --source 203.0.113.6 --cookie "$cookie" >/dev/null
    cookie=$(peer client cookie dddddddddddddddd 203.0.113.6 $SECRET_A)
    peer client ask $SERVER h2.example.test --source $CLIENT --cookie "$cookie" >/dev/null
    save forged
}

# BIND's response rate limiting answers in BADCOOKIE when it slips; a client that shows its cookie is exempt.
scenario_rate_limit_slip() {
    one_client_one_server
    bind server $SERVER "rate-limit { responses-per-second 2; window 5; slip 1; };"
    capture client
    local n
    for n in 1 2 3 4 5 6; do client client dig @$SERVER www.example.test; done
    sleep 4
    client client dig @$SERVER h1.example.test
    save rate-limit-slip
}

# BIND counts by network (/24): each client asks once, and the burst is theirs together.
scenario_rate_limit_slip_network() {
    local n
    host client 203.0.113.{5..10}/24
    host server $SERVER/24
    bind server $SERVER "rate-limit { responses-per-second 2; window 5; slip 1; };"
    capture client
    for n in {5..10}; do client client dig -b 203.0.113.$n @$SERVER www.example.test; done
    save rate-limit-slip-network
}

# RFC 7873 section 5.4: a query with no question, to learn a cookie.
scenario_no_question() {
    one_client_one_server
    host knot 198.51.100.54/24
    bind server $SERVER "$REQUIRE"
    knot knot 198.51.100.54 "secret: 0x$SECRET_A"
    capture client
    local server issued
    for server in $SERVER 198.51.100.54; do
        issued=$(SERVER_OF_LEARN=$server learn 909090909090909${server: -1} --no-question)
        [ "$issued" = - ] || peer client ask $server --no-question --cookie "$issued" >/dev/null
        peer client ask $server --no-question --cookie "909090909090909${server: -1}01000000111111112222222233333333" >/dev/null
    done
    save no-question
}
