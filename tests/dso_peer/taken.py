# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures of software that no distribution has, or of a day when several things happened: taken as they are, not made by
captures/make/dso.sh. What is right in them was read from their packets."""

CAPTURES = {
    "taken-apple-push": "a hand-made client and the discovery proxy of Apple's mDNSResponder, clear TCP: subscriptions, pushed records, an "
                        "UNSUBSCRIBE by the RFC that this old server does not read (it pushes once more), and one in the form of a "
                        "draft, which it obeys",
    "taken-openthread-dsotypeni": "OpenThread at both ends: SUBSCRIBE as the first message gets RCODE 11; a session; two more types get "
                                  "RCODE 11, one is known; on an unknown unidirectional message the server aborts, rightly",
    "taken-openthread-client-apple-server": "OpenThread's client and Apple's server: NOERROR to Keepalive without a Keepalive TLV, and "
                                            "the client aborts, as it must",
    "taken-go-client-openthread-server": "a Go library and OpenThread's server: padding on clear TCP; RCODE 11 to an experimental type and to "
                                         "SUBSCRIBE; the server aborts on the UNSUBSCRIBE that follows all the same",
    "taken-go-client-apple-server-tls": "a Go library and Apple's server over TLS 1.2, with keys: Keepalive response without its TLV, padding "
                                        "that is not answered, RCODE 11 to an experimental type",
    "taken-gdnsd-stopped-two-sessions": "gdnsd 3.8.1 is stopped with two open sessions, IPv6 and IPv4: one client closes, the other one is "
                                        "reset five seconds later",
    "taken-unbound-opcode-0": "Unbound 1.26.2 answers opcode 6 with NOTIMP and opcode 0: message ID 0x0001 is free after that, and used again",
    "taken-knot-fin-not-captured": "Knot 3.2.6 closes on opcode 6, and its FIN is left out: the RST without ACK says that the connection was "
                                   "gone, whatever the client had sent",
    "taken-gdnsd-rst-without-effect": "gdnsd 3.8.1; a RST in the name of each end, far out of the window: the session goes on",
    "taken-gdnsd-then-update": "gdnsd 3.8.1: RCODE 11, then an UPDATE, which is no ordinary query; on a second connection a NOTIFY, and "
                               "a query behind it",
    "taken-gdnsd-interval-5s": "gdnsd 3.8.1 with tcp_timeout 5, exchanged with the interval: it resets the session when twice that is over",
    "taken-gdnsd-additional-tlv": "gdnsd 3.8.1: unknown additional TLVs; it ignores them behind a Keepalive, as it must, and refuses SUBSCRIBE "
                                  "and an experimental type",
}
