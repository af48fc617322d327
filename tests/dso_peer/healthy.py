# SPDX-License-Identifier: GPL-2.0-or-later
"""Sessions in which nothing is wrong: nothing may be reported above chat."""

from . import wire as w
from .parts import (BYE, HOST, HOUR, KEEPALIVE, KEEPALIVE_OK, PRINTER, SCANNER, SERVICE, START, SUBSCRIBED,
                    SUBSCRIBE, SUBSCRIBE_OK, TIMERS, ask, keepalive, ptr, pushed)
from .script import CLIENT, C, Connect, End, Pause, S, Scenario

SERVER_KEEPALIVE = w.unidirectional(w.keepalive(30_000, HOUR))
PRINTER_HOST = w.record(HOST, "A", w.a("192.0.2.9"))
PADDED = w.padding(16)


def numbered(first, count):
    """Many exchanges, each with its own name and address."""
    return [step for n in range(first, first + count)
            for step in ask(n, f"host{n}.example.com", address=f"192.0.2.{n}")]


SCENARIOS = (
    Scenario("healthy-keepalive", "Keepalive, two queries, the server's own Keepalive, graceful close", (
        *START, *ask(101), *ask(102, "www.example.com"), S(SERVER_KEEPALIVE), *BYE)),

    Scenario("healthy-push-tls", "Push over TLS: two SUBSCRIBEs, adds, a single remove, all three collective removes, "
             "RECONFIRM, UNSUBSCRIBE, close_notify and FIN", (
        *SUBSCRIBED,
        S(pushed(ptr(PRINTER), w.record(w.pointer(16), "PTR", b"\7Scanner" + w.pointer(16)))),
        C(w.request(3, w.subscribe(HOST, "ANY", w.ANY))), S(w.response(3)),
        S(pushed(PRINTER_HOST, w.record(w.pointer(16), "TXT", w.txt("queue=1"), ttl=0))),
        C(w.unidirectional(w.reconfirm(SERVICE, "PTR", b"\7Printer" + w.pointer(16)))),
        S(pushed(ptr(PRINTER, ttl=w.REMOVE_RECORD))),
        S(pushed(w.record(HOST, "A", ttl=w.REMOVE_COLLECTIVE))),
        S(pushed(w.record(HOST, "ANY", ttl=w.REMOVE_COLLECTIVE))),
        S(pushed(w.record(HOST, 0, ttl=w.REMOVE_COLLECTIVE, rclass=w.ANY))),
        C(w.unidirectional(w.unsubscribe(2))), C(w.unidirectional(w.unsubscribe(3))), *BYE), "tls"),

    Scenario("healthy-tls", "Keepalive and a query over TLS", (*START, *ask(101), *BYE), "tls"),

    Scenario("healthy-pipelined", "Keepalive and two queries in one segment, their responses in one segment, out of order", (
        C(KEEPALIVE, w.query(101, HOST), w.query(102, "www.example.com")),
        S(w.answer(102, "www.example.com", rdata=w.a("192.0.2.81")), KEEPALIVE_OK,
          w.answer(101, HOST, rdata=w.a("192.0.2.80"))), *BYE)),

    Scenario("healthy-pipelined-tls", "the same in one TLS record each way, with a SUBSCRIBE and its first PUSH", (
        C(KEEPALIVE, SUBSCRIBE, w.query(101, HOST)),
        S(KEEPALIVE_OK, SUBSCRIBE_OK, pushed(ptr(PRINTER)), w.answer(101, HOST, rdata=w.a("192.0.2.80"))), *BYE), "tls"),

    Scenario("healthy-split", "each message cut by TCP at another place: in the length prefix, before and in the header, "
             "before, in and behind a TLV's header, between and across two messages", (
        C(KEEPALIVE, cuts=(1,)), S(KEEPALIVE_OK, cuts=(2,)),
        C(w.request(2, TIMERS), cuts=(5,)), S(w.response(2, TIMERS), cuts=(14,)),
        C(w.request(3, TIMERS), cuts=(16,)), S(w.response(3, TIMERS), cuts=(18,)),
        C(w.request(4, TIMERS), cuts=(1, 2, 3, 13, 14, 17, 18, 25)), S(w.response(4, TIMERS), cuts=(22,)),
        C(w.request(5, TIMERS), w.query(101, HOST), cuts=(27,)),
        S(w.response(5, TIMERS), w.answer(101, HOST, rdata=w.a("192.0.2.80")), cuts=(26,)),
        C(w.query(102, HOST), w.request(6, TIMERS), cuts=(20, 37)),
        S(w.answer(102, HOST, rdata=w.a("192.0.2.80")), w.response(6, TIMERS), cuts=(52, 53, 60)), *BYE)),

    Scenario("healthy-split-tls", "a Keepalive and a PUSH cut across TLS records, in the length prefix too", (
        C(KEEPALIVE, cuts=(1, 20)), S(KEEPALIVE_OK, cuts=(2,)), C(SUBSCRIBE, cuts=(1,)), S(SUBSCRIBE_OK),
        S(pushed(ptr(PRINTER), ptr(SCANNER)), cuts=(1, 30, 80)), *BYE), "tls"),

    Scenario("healthy-many", "thirty queries with a Keepalive before, between and after them", (
        *START, *numbered(101, 15), *keepalive(2, 15_000, HOUR), *numbered(116, 15), *keepalive(3, 15_000, HOUR), *BYE)),

    Scenario("healthy-ipv6", "Keepalive, query, the server's own Keepalive, over IPv6", (
        *START, *ask(101), S(SERVER_KEEPALIVE), *BYE), family=6),

    Scenario("healthy-padding-tls", "padded Keepalive and padded SUBSCRIBE, padded responses", (
        C(w.request(1, TIMERS, PADDED)), S(w.response(1, TIMERS, PADDED)),
        C(w.request(2, w.subscribe(SERVICE, "PTR"), w.padding(0))), S(w.response(2, w.padding(32))), *BYE), "tls"),

    Scenario("healthy-subscribe-first-tls", "the first message is a SUBSCRIBE; accepting it establishes the session", (
        C(SUBSCRIBE), S(SUBSCRIBE_OK), S(pushed(ptr(PRINTER))), *BYE), "tls"),

    Scenario("healthy-unsubscribe-early-tls", "UNSUBSCRIBE before the response to its SUBSCRIBE, which RFC 8765 section "
             "6.4.1 allows; then the same SUBSCRIBE again under a new ID", (
        *START, C(SUBSCRIBE), C(w.unidirectional(w.unsubscribe(2))), S(SUBSCRIBE_OK), Pause(0.2),
        C(w.request(3, w.subscribe(SERVICE, "PTR"))), S(w.response(3)), *BYE), "tls"),

    Scenario("healthy-id-reuse", "message IDs come again after their responses", (
        *START, *ask(101), C(KEEPALIVE), S(KEEPALIVE_OK), *ask(101, "www.example.com"), *BYE)),

    Scenario("healthy-unknown-additional-tlv", "unknown additional TLVs in a Keepalive and in its response, to be ignored", (
        C(w.request(1, TIMERS, w.tlv(0xF805, b"x"))), S(w.response(1, TIMERS, w.tlv(0x0050, b"yz"))), *BYE)),

    Scenario("healthy-edns-tcp-keepalive", "edns-tcp-keepalive on a connection that never had DSO on it", (
        C(w.query(101, HOST, additional=w.opt((w.EDNS_TCP_KEEPALIVE, b"")))),
        S(w.answer(101, HOST, rdata=w.a("192.0.2.80"))), *BYE)),

    Scenario("healthy-infinite-timers", "the server grants infinite timers; 35 s of silence break no rule", (
        *keepalive(1, w.INFINITE, w.INFINITE), *ask(101), Pause(35), *ask(102), *BYE)),

    Scenario("healthy-closed-when-inactive", "inactivity timeout 2 s; the client closes shortly before it is reached", (
        *keepalive(1, 2_000, HOUR), *ask(101), Pause(1.7), End(CLIENT))),

    Scenario("healthy-zero-inactivity", "inactivity timeout 0; the client closes after its query", (
        *keepalive(1, 0, HOUR), *ask(101), End(CLIENT))),

    Scenario("healthy-quiet-subscription-tls", "inactivity timeout 1 s, keepalive interval 10 s; a subscription keeps "
             "the session active, a Keepalive after 9 s alive", (
        *keepalive(1, 1_000, 10_000), C(SUBSCRIBE), S(SUBSCRIBE_OK), Pause(9), *keepalive(3, 1_000, 10_000), Pause(9),
        S(pushed(ptr(PRINTER))), End(CLIENT)), "tls"),

    Scenario("healthy-two-sessions", "two sessions one after the other, from one client to one server", (
        *START, *ask(101), *BYE, Connect(), *START, *ask(101), *BYE)),

    Scenario("healthy-slow-answer", "inactivity timeout 2 s; an answer that takes 5 s: the query keeps the session active", (
        *keepalive(1, 2_000, HOUR), C(w.query(101, HOST)), Pause(5), S(w.answer(101, HOST, rdata=w.a("192.0.2.80"))), End(CLIENT))),

    Scenario("healthy-timers-shortened", "after 3 s of silence the server's own Keepalive shortens the inactivity timeout to 1 s; the "
             "client closes at once", (
        *START, *ask(101), Pause(3), S(w.unidirectional(w.keepalive(1_000, HOUR))), End(CLIENT))),

    Scenario("healthy-timers-prolonged", "inactivity timeout 2 s, prolonged to 60 s by the server's own Keepalive after 1 s; closed "
             "after 5 s more", (
        *keepalive(1, 2_000, HOUR), *ask(101), Pause(1), S(w.unidirectional(w.keepalive(60_000, HOUR))), Pause(5), End(CLIENT))),

    Scenario("healthy-push-corner-cases-tls", "names in other case; a CNAME for a PTR subscription; a record with empty RDATA; a TTL out "
             "of all ranges, to be ignored; the same name subscribed with two types; an ID used again after UNSUBSCRIBE", (
        *SUBSCRIBED, S(pushed(w.record(SERVICE.upper(), "PTR", w.name(PRINTER)), w.record(w.pointer(16), "CNAME", w.name(HOST)))),
        C(w.request(3, w.subscribe(SERVICE, 42))), S(w.response(3)),                        # APL, RFC 3123
        S(pushed(w.record(SERVICE, 42), w.record(w.pointer(16), "PTR", w.name(PRINTER), ttl=0x80000000))),
        S(pushed(w.record(SERVICE, 42, ttl=w.REMOVE_RECORD))),
        C(w.unidirectional(w.unsubscribe(3))), Pause(0.1),
        C(w.request(3, w.subscribe(HOST, "A"))), S(w.response(3)), S(pushed(PRINTER_HOST)), *BYE), "tls"),

    Scenario("healthy-tls-1.2", "Keepalive, query, SUBSCRIBE and PUSH over TLS 1.2", (
        *SUBSCRIBED, S(pushed(ptr(PRINTER))), *ask(101), *BYE), "tls1.2"),

    Scenario("healthy-ipv6-tls", "Push over TLS and IPv6", (*SUBSCRIBED, S(pushed(ptr(PRINTER))), *BYE), "tls", family=6),

    Scenario("healthy-loss-and-reordering", "fifteen queries and three Keepalives over a path with loss and reordering", (
        *START, *numbered(101, 8), *keepalive(2, 15_000, HOUR),
        C(w.query(120, HOST), w.query(121, "www.example.com"), w.query(122, "ftp.example.com")),
        S(w.answer(120, HOST, rdata=w.a("192.0.2.80")), w.answer(121, "www.example.com", rdata=w.a("192.0.2.81")),
          w.answer(122, "ftp.example.com", rdata=w.a("192.0.2.82"))),
        C(w.request(3, TIMERS), w.query(123, HOST), cuts=(1, 9, 22, 40)),
        S(w.response(3, TIMERS), w.answer(123, HOST, rdata=w.a("192.0.2.80")), cuts=(1, 9, 22, 40)), *BYE),
             lossy=True),
)
