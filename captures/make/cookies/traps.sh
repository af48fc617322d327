# shellcheck shell=bash
# Captures with parts missing, and traffic that must not be mistaken for cookie trouble.

# Only one direction passes the capture point.
scenario_query_not_captured() {
    one_client_one_server
    bind server $SERVER "$REQUIRE"
    capture client "src port 53"
    client client dig @$SERVER www.example.test
    save query-not-captured
}

# Two cookies were issued before the capture began; then the server restarts with another secret. Only of the first
# does the capture show that this server knew it.
scenario_starts_in_the_middle() {
    one_client_one_server
    ip -n "$PREFIX-client" addr add 203.0.113.6/24 dev eth0
    bind server $SERVER "$REQUIRE"
    peer client browse $SERVER h1.example.test --source $CLIENT --state "$WORK/state5" >/dev/null
    peer client browse $SERVER h1.example.test --source 203.0.113.6 --state "$WORK/state6" >/dev/null
    capture client
    peer client browse $SERVER h2.example.test --source $CLIENT --state "$WORK/state5" >/dev/null
    stop "$LAST_SERVER"
    bind server $SERVER "$REQUIRE_B"
    peer client browse $SERVER h3.example.test h4.example.test --source $CLIENT --state "$WORK/state5" >/dev/null
    peer client browse $SERVER h5.example.test h6.example.test --source 203.0.113.6 --state "$WORK/state6" >/dev/null
    save starts-in-the-middle
}

# The server's end of the wire loses each third query and each fourth response.
scenario_losses() {
    one_client_one_server
    bind server $SERVER "$REQUIRE"
    on server nft -f - <<'EOF'
table ip losses {
    chain queries { type filter hook input priority 0; udp dport 53 iifname eth0 numgen inc mod 3 1 drop; }
    chain responses { type filter hook output priority 0; udp sport 53 oifname eth0 numgen inc mod 4 2 drop; }
}
EOF
    capture client
    local n
    for n in 1 2 3 4 5; do client client dig @$SERVER +timeout=1 +tries=4 h$n.example.test; done
    save losses
}

# The clock of the capturing machine steps back between two queries: by half a minute, and by an hour.
scenario_capture_clock() {
    one_client_one_server
    bind server $SERVER "$REQUIRE"
    capture client
    peer client browse $SERVER h1.example.test h2.example.test h3.example.test h4.example.test --pause 1.1 >/dev/null
    end_capture
    editcap -r "$RAW" "$WORK/before" 1-6
    editcap "$RAW" "$WORK/after" 1-6
    editcap -t -30 "$WORK/after" "$WORK/after-30s"
    editcap -t -3600 "$WORK/after" "$WORK/after-1h"
    mergecap -a -w "$WORK/30s" "$WORK/before" "$WORK/after-30s"
    mergecap -a -w "$WORK/1h" "$WORK/before" "$WORK/after-1h"
    keep "$WORK/30s" capture-clock-back-30s
    keep "$WORK/1h" capture-clock-back-1h
}

# 60 bytes end in the question, 80 in the OPT record, 96 in the COOKIE option.
scenario_snap_length() {
    one_client_one_server
    bind server $SERVER "$REQUIRE"
    capture client
    client client dig @$SERVER www.example.test
    end_capture
    local length
    for length in 60 80 96; do keep "$RAW" snap-length-$length -s $length; done
}

# YXRRSET is what UPDATE says when a prerequisite fails, with a COOKIE beside it: 7, not 23.
scenario_update_yxrrset() {
    one_client_one_server
    ZONE_OPTIONS="allow-update { any; };" bind server $SERVER "cookie-secret \"$SECRET_A\";"
    capture client
    peer client ask $SERVER www.example.test --update example.test --cookie 1515151515151515 >/dev/null
    printf '%s\n' "server $SERVER" "zone example.test" "prereq nxrrset www.example.test A" \
        "update add new.example.test 60 A 192.0.2.99" send > "$WORK/update"
    client client nsupdate -v "$WORK/update"
    client client nsupdate "$WORK/update"
    save update-yxrrset
}

# BIND asks an UPDATE for no cookie even when it requires one of queries: YXRRSET, not BADCOOKIE, again.
scenario_update_requiring() {
    one_client_one_server
    ZONE_OPTIONS="allow-update { any; };" bind server $SERVER "$REQUIRE"
    capture client
    local issued
    issued=$(learn 1818181818181818 www.example.test --update example.test)
    peer client ask $SERVER www.example.test --update example.test --cookie "$issued" >/dev/null
    save update-requiring
}

# A zone transfer in many messages: each has the cookie, only the first has a question.
scenario_axfr() {
    one_client_one_server
    bind server $SERVER "$REQUIRE allow-transfer { any; }; transfer-format one-answer;"
    capture client
    peer client browse $SERVER h1.example.test >/dev/null
    client client dig @$SERVER AXFR example.test
    save axfr
}

# Too big for UDP: the same question again over TCP, for another reason than cookies.
scenario_truncated() {
    one_client_one_server
    printf 'big TXT "%s" "%s" "%s"\n' "$(repeat a 250)" "$(repeat b 250)" "$(repeat c 250)" >> "$WORK/example.test.zone"
    bind server $SERVER "$REQUIRE"
    capture client
    client client dig @$SERVER +bufsize=512 big.example.test TXT
    save truncated
}

# Errors after good answers, from five servers: a name that is not theirs, and an UPDATE that they do not take.
scenario_errors_and_cookies() {
    host client $CLIENT/24
    host bind 198.51.100.51/24
    host knot 198.51.100.52/24
    host powerdns 198.51.100.53/24
    host unbound 198.51.100.54/24
    host nsd 198.51.100.55/24
    bind bind 198.51.100.51 "$REQUIRE"
    RELEASE=trixie knot knot 198.51.100.52 "secret: 0x$SECRET_A"
    RELEASE=trixie powerdns powerdns 198.51.100.53 --edns-cookie-secret=$SECRET_A
    RELEASE=trixie unbound_local unbound 198.51.100.54 "answer-cookie: yes" "access-control: 203.0.113.0/24 allow_cookie" \
        "local-zone: example.org. refuse"
    RELEASE=trixie nsd_server nsd 198.51.100.55 "answer-cookie: yes"
    capture client
    local n
    for n in 1 2 3 4 5; do
        peer client browse 198.51.100.5$n h1.example.test h2.example.org --state "$WORK/state$n" >/dev/null
        peer client ask 198.51.100.5$n www.example.test --update example.test \
            --cookie "$(state_cookie "$WORK/state$n" 198.51.100.5$n)" >/dev/null
    done
    save errors-and-cookies
}

# The COOKIE option in a keeper's state: state_cookie FILE SERVER
state_cookie() {
    python3 -c 'import json, sys; s = json.load(open(sys.argv[1])); print(s["client"] + s.get(sys.argv[2], ""))' "$1" "$2"
}

# One source port for all queries, and names in other letters when asked again.
scenario_same_port_other_case() {
    one_client_one_server
    bind server $SERVER "$REQUIRE"
    capture client
    client client dig @$SERVER -b $CLIENT#40053 www.example.test
    client client dig @$SERVER -b $CLIENT#40053 h1.example.test
    local issued
    issued=$(learn 1919191919191919 wWw.eXample.test)
    peer client ask $SERVER Www.examplE.tEst --cookie "$issued" >/dev/null
    save same-port-other-case
}

# As some capture cards do it: each response stands before its query.
scenario_response_before_query() {
    one_client_one_server
    bind server $SERVER "$REQUIRE"
    capture client
    peer client browse $SERVER h1.example.test h2.example.test >/dev/null
    end_capture
    local frame parts=()
    for frame in 2 1 4 3 6 5; do
        editcap -r "$RAW" "$WORK/part$frame" $frame
        parts+=("$WORK/part$frame")
    done
    mergecap -a -w "$WORK/swapped" "${parts[@]}"
    keep "$WORK/swapped" response-before-query
}

scenario_other_extended_codes() {
    one_client_one_server
    bind server $SERVER "cookie-secret \"$SECRET_A\";" \
        'key known. { algorithm hmac-sha256; secret "a25vd24ga25vd24ga25vd24ga25vd24="; };'
    capture client
    client client dig @$SERVER www.example.test
    client client dig @$SERVER +edns=1 +noednsnegotiation www.example.test
    client client dig @$SERVER -y hmac-sha256:unknown.:dW5rbm93bg== www.example.test
    client client dig @$SERVER -y hmac-sha256:known.:d3Jvbmcgd3Jvbmc= h1.example.test
    save other-extended-codes
}

# Nobody listens: the ICMP error quotes the query. mDNS and LLMNR look like DNS and have no cookies.
scenario_not_dns_messages() {
    one_client_one_server
    capture client "$DNS_TRAFFIC or icmp or port 5353 or port 5355"
    client client dig @$SERVER +timeout=1 +tries=1 www.example.test
    peer client ask 224.0.0.251 host.local --port 5353 --timeout 0.2 --cookie 1616161616161616 >/dev/null
    peer client ask 224.0.0.252 host --port 5355 --timeout 0.2 --cookie 1616161616161616 >/dev/null
    save not-dns-messages
}

# The client has closed its port when BADCOOKIE comes: the ICMP error quotes the response, and is none.
scenario_icmp_quotes_response() {
    one_client_one_server
    bind server $SERVER "$REQUIRE"
    capture client "$DNS_TRAFFIC or icmp"
    peer client ask $SERVER --cookie 2020202020202020 --timeout 0 >/dev/null
    client client dig @$SERVER h1.example.test
    save icmp-quotes-response
}

# Answers of BIND over TCP: all in one segment, then over many.
pipelined() {
    host client $CLIENT/24
    host box $BOX/24
    host server $SERVER/24
    bind server $SERVER "$REQUIRE"
    fault box relay $BOX $SERVER --piece "$1"
    capture client
    peer client ask $BOX h1.example.test h2.example.test h3.example.test --tcp --cookie 1717171717171717 >/dev/null
    save "$2"
}

scenario_tcp_joined() { pipelined 0 tcp-joined; }
scenario_tcp_in_pieces() {
    pipelined 30 tcp-in-pieces
    keep "$RAW" tcp-in-pieces-snap-80 -s 80
}

# A capture that sees each packet twice, on its way in and out of the machine in the middle.
scenario_seen_twice() {
    one_client_one_server
    bind server $SERVER "$REQUIRE"
    capture server
    local server_pid=$CAPTURE_PID
    capture client
    peer client browse $SERVER h1.example.test h2.example.test >/dev/null
    end_capture
    CAPTURE_PID=$server_pid CAPTURE_HOST=server
    end_capture
    mergecap -w "$WORK/both" "$WORK/client.pcap" "$WORK/server.pcap"
    keep "$WORK/both" seen-twice
}

# Everything healthy at once: six servers, a resolver, IPv4 and IPv6, UDP and TCP, cookies kept and renewed.
scenario_healthy_mixed() {
    host client $CLIENT/24 2001:db8:5::5/64
    host bind918 198.51.100.51/24
    host bind920 2001:db8:100::52/64 198.51.100.52/24
    host knot 198.51.100.53/24
    host powerdns 198.51.100.54/24
    host unbound 198.51.100.55/24
    host nsd 198.51.100.56/24
    host resolver 203.0.113.1/24
    bind bind918 198.51.100.51 "$REQUIRE"
    RELEASE=trixie bind bind920 2001:db8:100::52 "cookie-secret \"$SECRET_B\"; require-server-cookie yes;"
    RELEASE=trixie knot knot 198.51.100.53 ""
    RELEASE=trixie powerdns powerdns 198.51.100.54 --edns-cookie-secret=$SECRET_B
    RELEASE=trixie unbound_local unbound 198.51.100.55 "answer-cookie: yes" "access-control: 203.0.113.0/24 allow_cookie"
    RELEASE=trixie nsd_server nsd 198.51.100.56 "answer-cookie: yes"
    RELEASE=trixie resolver resolver 203.0.113.1 198.51.100.53 ""
    capture client
    local server round
    for round in 1 2; do
        for server in 198.51.100.51 2001:db8:100::52 198.51.100.53 198.51.100.54 198.51.100.55 198.51.100.56; do
            peer client browse $server r$round.example.test s$round.example.test --state "$WORK/state-$server" >/dev/null
        done
        sleep 1
    done
    client client dig @198.51.100.51 +tcp t.example.test
    client client kdig @198.51.100.53 +tcp +cookie t.example.test
    client client dig @198.51.100.54 www.example.test TXT
    client client dig @203.0.113.1 www.example.test
    client client dig @203.0.113.1 h9.example.com
    save healthy-mixed
}

in_hex() { od -An -v -tx1 | tr -d ' \n'; }

# What is not DNS at all: other protocols on port 53, and a message of SOME/IP service discovery, which Wireshark takes
# for DNS by guessing.
scenario_not_dns() {
    local text sd
    text=$(printf '<14>1 2026-11-26T12:00:00Z host.example.test app - - - a line of a log, sent to the wrong port' | in_hex)
    sd=ffff8100000000300000000101010200c000000000000010010000101234000101000003000000000000000c00090400c0000205001177d2
    one_client_one_server
    capture client "$DNS_TRAFFIC or port 30490"
    peer client send $SERVER "$text" \
        9f3c7ae1d05b8842c6f17e939b20ad5e41e8c7730bd69f5214a86ce97f03bb28d1450e6699fa2c78 \
        e2b75c1048d9f63ac08e71a5d42f976b13ce5ab0883df46109c27ee5b6904f1d7ab3
    peer client send $SERVER $sd --port 30490
    save not-dns
}

# Names that no server can take: one of more than 255 octets, and one whose first label has a bit too many in its
# length, which makes it a type that is not in use; both in queries with a COOKIE.
scenario_strange_names() {
    local long='' digit header=0001000000000001 tail=00010001
    for digit in 1 2 3 4 5; do long+=3c$(printf "%060d" $digit | in_hex); done
    tail+=00002904d000000000000c000a00081c1c1c1c1c1c1c1c
    one_client_one_server
    bind server $SERVER ""
    capture client
    client client dig @$SERVER www.example.test
    peer client send $SERVER \
        "1a010100$header${long}076578616d706c65047465737400$tail" \
        "1a020100${header}43777777076578616d706c65047465737400$tail"
    save strange-names
}
