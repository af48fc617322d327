# shellcheck shell=bash
# What each server does with good, missing and bad cookies. One client, one server.

CLIENT=203.0.113.5
SERVER=198.51.100.53

one_client_one_server() {
    host client $CLIENT/24 2001:db8:5::5/64
    host server $SERVER/24 2001:db8:100::53/64
}

REQUIRE="cookie-secret \"$SECRET_A\"; require-server-cookie yes;"

scenario_first_contact_dig() {
    one_client_one_server
    bind server $SERVER "$REQUIRE"
    capture client
    client client dig @$SERVER www.example.test
    client client dig @$SERVER h1.example.test
    client client dig @$SERVER h2.example.test TXT
    save first-contact-dig
}

# One dig for several names has one client cookie, and keeps no server cookie from name to name.
scenario_dig_many_names() {
    one_client_one_server
    bind server $SERVER "require-server-cookie yes;"
    capture client
    client client dig @$SERVER a.example.test b.example.test c.example.test d.example.test
    save dig-many-names
}

scenario_first_contact_kdig() {
    one_client_one_server
    bind server $SERVER "$REQUIRE"
    capture client
    client client kdig @$SERVER +cookie www.example.test
    client client kdig @$SERVER +cookie h1.example.test
    save first-contact-kdig
}

scenario_first_contact_ipv6() {
    one_client_one_server
    bind server 2001:db8:100::53 "$REQUIRE"
    capture client
    client client dig @2001:db8:100::53 www.example.test AAAA
    client client kdig @2001:db8:100::53 +cookie h1.example.test
    save first-contact-ipv6
}

# The cookie asked of nobody over a stream: dig and kdig send theirs, the server answers at once.
scenario_healthy_tcp() {
    one_client_one_server
    bind server $SERVER "$REQUIRE"
    capture client
    client client dig @$SERVER +tcp www.example.test
    client client kdig @$SERVER +tcp +cookie h1.example.test
    save healthy-tcp
}

own_certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=ns1.example.test \
        -keyout "$WORK/key.pem" -out "$WORK/cert.pem" 2>> "$WORK/clients.log"
    chmod a+r "$WORK/key.pem"
}

OWN_TLS='tls own { key-file "WORK/key.pem"; cert-file "WORK/cert.pem"; };'

scenario_healthy_tls() {
    one_client_one_server
    own_certificate
    bind server $SERVER "$REQUIRE listen-on port 853 tls own { $SERVER; };" "${OWN_TLS//WORK/$WORK}"
    capture client
    client client env SSLKEYLOGFILE="$WORK/keys" kdig @$SERVER +tls +cookie www.example.test
    save healthy-tls --inject-secrets "tls,$WORK/keys"
}

# DNS over HTTPS (RFC 8484), POST.
scenario_healthy_https() {
    one_client_one_server
    own_certificate
    bind server $SERVER "$REQUIRE listen-on port 443 tls own http default { $SERVER; };" "${OWN_TLS//WORK/$WORK}"
    capture client "port 443"
    client client env SSLKEYLOGFILE="$WORK/keys" kdig @$SERVER +https +cookie www.example.test
    save healthy-https --inject-secrets "tls,$WORK/keys"
}

# DNS over QUIC (RFC 9250), not on port 853, where Wireshark expects DTLS.
scenario_healthy_quic() {
    one_client_one_server
    RELEASE=trixie knot server $SERVER "secret: 0x$SECRET_A" "    listen-quic: $SERVER@8853"
    capture client "port 8853"
    RELEASE=trixie client client env SSLKEYLOGFILE="$WORK/keys" kdig @$SERVER -p 8853 +quic +cookie www.example.test h1.example.test
    save healthy-quic --inject-secrets "tls,$WORK/keys"
}

scenario_knot() {
    one_client_one_server
    knot server $SERVER "secret: 0x$SECRET_A"
    capture client
    client client kdig @$SERVER +cookie www.example.test
    client client dig @$SERVER h1.example.test
    client client dig @$SERVER +nocookie h2.example.test
    save knot
}

# badcookie-slip 3: two of three BADCOOKIE responses are dropped, and clients ask again.
scenario_knot_slip() {
    one_client_one_server
    knot server $SERVER "badcookie-slip: 3"
    capture client
    client client dig @$SERVER +timeout=1 +tries=3 www.example.test
    client client kdig @$SERVER +timeout=1 +retry=3 +cookie h1.example.test
    save knot-slip
}

scenario_powerdns() {
    one_client_one_server
    powerdns server $SERVER --edns-cookie-secret=$SECRET_A
    capture client
    client client dig @$SERVER www.example.test
    client client kdig @$SERVER +cookie h1.example.test
    client client dig @$SERVER +nocookie h2.example.test
    save powerdns
}

scenario_unbound() {
    one_client_one_server
    RELEASE=trixie unbound_local server $SERVER "answer-cookie: yes" "cookie-secret: $SECRET_A" \
        "access-control: 203.0.113.0/24 allow_cookie"
    capture client
    client client dig @$SERVER h1.example.test
    client client dig @$SERVER +nocookie h2.example.test
    client client kdig @$SERVER +nocookie +ignore h3.example.test
    save unbound
}

scenario_nsd() {
    one_client_one_server
    RELEASE=trixie nsd_server server $SERVER "answer-cookie: yes" "cookie-secret: $SECRET_A"
    capture client
    client client dig @$SERVER www.example.test
    client client dig @$SERVER +cookie=0123456789abcdef0100000012345678fedcba9876543210 h1.example.test
    client client kdig @$SERVER +cookie h2.example.test
    save nsd
}

# c-ares keeps the cookie for as long as its channel lives. Its retry has the port and the ID of the first query.
scenario_cares() {
    one_client_one_server
    bind server $SERVER "$REQUIRE"
    capture client
    cares client $SERVER www.example.test h1.example.test h2.example.test h3.example.com
    save cares
}
