# SPDX-License-Identifier: GPL-2.0-or-later
"""Each rule of RFC 8490 broken once, in an otherwise healthy session."""

import struct

from . import wire as w
from .parts import (BYE, CLIENT_ABORTS, HOST, HOUR, KEEPALIVE, KEEPALIVE_OK, PRINTER, SERVER_ABORTS, START, SUBSCRIBE,
                    SUBSCRIBE_OK, SUBSCRIBED, TIMERS, ask, keepalive, ptr)
from .script import CLIENT, SERVER, C, Connect, End, Pause, S, Scenario, See

ERROR, WARN, NOTE = "error", "warn", "note"
SHORT_KEEPALIVE = w.tlv(w.KEEPALIVE, struct.pack("!I", 15_000))
TCP_KEEPALIVE = w.opt((w.EDNS_TCP_KEEPALIVE, b""))
UNKNOWN = w.tlv(0xF801, b"\0\1")
PADDED = w.padding(20)


def breaks(severity, violation, **fields):
    return See(severity, violation=violation, **fields)


def in_session(name, story, *steps, end=BYE, transport="tcp"):
    return Scenario(name, story, (*START, *steps, *end), transport)


MESSAGES = (
    in_session("nonzero-counts", "a Keepalive with ARCOUNT 1; the server ignores it (it should answer FORMERR)",
               C(w.request(2, TIMERS, counts=(0, 0, 0, 1)), see=breaks(WARN, "dso-nonzero-counts")), *ask(101)),

    Scenario("over-udp", "a Keepalive and its response over UDP", (
        C(KEEPALIVE, see=breaks(WARN, "dso-over-udp")), S(KEEPALIVE_OK, see=breaks(WARN, "dso-over-udp|", rcode=0)),
        Pause(0.1)), "udp"),

    in_session("response-id-zero", "the server answers a Keepalive with ID 0; the client aborts",
               C(w.request(2, TIMERS)), S(w.response(0, TIMERS), see=breaks(
                   ERROR, "response-id-zero|response-id-zero,unsolicited-response", rcode=0)), end=CLIENT_ABORTS),

    in_session("request-id-zero-keepalive", "a Keepalive with ID 0 from the client; the server aborts",
               C(w.request(0, TIMERS), see=breaks(ERROR, "request-id-zero")), end=SERVER_ABORTS),

    in_session("request-id-zero-subscribe-tls", "a SUBSCRIBE with ID 0; the server aborts",
               C(w.request(0, w.subscribe(HOST, "A")), see=breaks(ERROR, "request-id-zero")), end=SERVER_ABORTS, transport="tls"),

    in_session("server-keepalive-with-id", "the server's own Keepalive has an ID; the client aborts",
               S(w.request(9, TIMERS), see=breaks(ERROR, "unidirectional-nonzero-id")), end=CLIENT_ABORTS),

    in_session("server-retry-delay-with-id", "the server's Retry Delay has an ID; the client aborts",
               S(w.request(9, w.retry_delay(1000), rcode=w.REFUSED), see=See(
                   ERROR, "retry-delay|", "unidirectional-nonzero-id", "", w.REFUSED)), end=CLIENT_ABORTS),

    in_session("response-to-unidirectional", "the client answers the server's own Keepalive with ID 0; the server aborts",
               S(w.unidirectional(TIMERS)),
               C(w.response(0, TIMERS), see=breaks(
                   ERROR, "response-to-unidirectional,response-id-zero|response-to-unidirectional|response-id-zero", rcode=0)),
               end=SERVER_ABORTS),

    Scenario("unsubscribe-answered-tls", "the server answers an UNSUBSCRIBE with NOERROR and ID 0; the client aborts", (
        *SUBSCRIBED, C(w.unidirectional(w.unsubscribe(2))), S(w.response(0), see=breaks(
            ERROR, "response-to-unidirectional,response-id-zero|response-to-unidirectional|response-id-zero", rcode=0)),
        *CLIENT_ABORTS), "tls"),

    in_session("unsolicited-response", "a response to an ID that no request had; the client aborts",
               S(w.response(0x7777, TIMERS), see=breaks(ERROR, "unsolicited-response", rcode=0)), end=CLIENT_ABORTS),

    in_session("second-response", "a second response to a Keepalive, which is no long-lived operation; the client aborts",
               C(w.request(2, TIMERS)), S(w.response(2, TIMERS)), Pause(0.2),
               S(w.response(2, TIMERS), see=breaks(ERROR, "unsolicited-response", rcode=0)), end=CLIENT_ABORTS),

    in_session("duplicate-message-id", "two Keepalives in flight under one ID; the server aborts",
               C(w.request(2, TIMERS)), Pause(0.1),
               C(w.request(2, TIMERS), see=breaks(ERROR, "duplicate-message-id")), end=SERVER_ABORTS),

    Scenario("duplicate-message-id-subscription-tls", "a Keepalive under the ID of an active subscription; the server aborts", (
        *SUBSCRIBED, C(w.request(2, TIMERS), see=breaks(ERROR, "duplicate-message-id")), *SERVER_ABORTS), "tls"),

    in_session("qr-bit-clear-in-response", "the server answers with QR=0, so that its response looks like a request",
               C(w.request(2, TIMERS)), S(w.request(2, TIMERS), see=breaks(
                   "warn|error", "qr-bit-clear-in-response|qr-bit-clear-in-response,unidirectional-nonzero-id")),
               end=CLIENT_ABORTS),

    in_session("wrong-opcode-in-response", "the response to a Keepalive has opcode 0 (QUERY) and no TLV",
               C(w.request(2, TIMERS)), S(w.response(2, opcode=w.QUERY), see=breaks(WARN, "wrong-opcode-in-response", rcode=0))),

    in_session("unidirectional-without-tlv", "a bare header with ID 0; the server aborts",
               C(w.unidirectional(), see=breaks(WARN, "request-without-tlv")), end=SERVER_ABORTS),

    in_session("tlv-overruns-response", "a response whose TLV says 8 bytes where 6 are left",
               C(w.request(2, TIMERS)), S(w.response(2, w.tlv(w.KEEPALIVE, bytes(6), length=8)), see=breaks(
                   "warn|error", "tlv-overruns-message|tlv-overruns-message,keepalive-response-missing-keepalive-tlv|"
                   "tlv-overruns-message,keepalive-bad-length", rcode=0)), end=CLIENT_ABORTS),

    in_session("tlv-header-cut", "two bytes behind the Keepalive TLV, too few for a TLV header",
               C(w.request(2, TIMERS) + b"\0\3", see=breaks("warn|error", "tlv-overruns-message")), end=SERVER_ABORTS),

    in_session("nonzero-z-bits", "two Z bits set in a Keepalive, all seven in the response",
               C(w.request(2, TIMERS, bits=0x11), see=breaks(NOTE, "nonzero-z-bits")),
               S(w.response(2, TIMERS, bits=0x7F), see=breaks(NOTE, "nonzero-z-bits", rcode=0))),

    in_session("nonzero-rcode-in-request", "a Keepalive request that carries RCODE 2",
               C(w.request(2, TIMERS, rcode=w.SERVFAIL), see=breaks(NOTE, "nonzero-rcode-in-request")), S(w.response(2, TIMERS))),
)

TLVS = (
    in_session("keepalive-bad-length", "a Keepalive TLV of 4 bytes; the server aborts",
               C(w.request(2, SHORT_KEEPALIVE), see=breaks("warn|error", "keepalive-bad-length")), end=SERVER_ABORTS),

    in_session("keepalive-bad-length-server", "a Keepalive TLV of 9 bytes in the response; the client aborts",
               C(w.request(2, TIMERS)), S(w.response(2, w.tlv(w.KEEPALIVE, TIMERS[4:] + b"\0")), see=breaks(
                   "warn|error", "keepalive-bad-length", rcode=0)), end=CLIENT_ABORTS),

    in_session("retry-delay-bad-length", "a Retry Delay of 2 bytes; the client closes",
               S(w.unidirectional(w.tlv(w.RETRY_DELAY, b"\x27\x10")), see=See(
                   "warn|error", "retry-delay|", "retry-delay-bad-length", "", 0)), end=(End(CLIENT),)),

    Scenario("keepalive-response-empty-tls", "NOERROR to Keepalive, without a TLV; the client aborts; over TLS", (
        C(KEEPALIVE), S(w.response(1), see=breaks(ERROR, "keepalive-response-missing-keepalive-tlv", rcode=0)), *CLIENT_ABORTS),
        "tls"),

    Scenario("keepalive-response-empty-then-queries", "the same over clear TCP, and the client goes on all the same", (
        C(KEEPALIVE), S(w.response(1), see=breaks(ERROR, "keepalive-response-missing-keepalive-tlv", rcode=0)),
        *ask(101), *keepalive(2, 15_000, HOUR), *BYE)),

    in_session("duplicate-keepalive-tlv", "two Keepalive TLVs in a request; the server answers all the same",
               C(w.request(2, TIMERS, TIMERS), see=breaks("warn|error", "duplicate-keepalive-tlv")), S(w.response(2, TIMERS))),

    in_session("duplicate-keepalive-tlv-response", "two Keepalive TLVs in a response; the client aborts",
               C(w.request(2, TIMERS)), S(w.response(2, TIMERS, TIMERS), see=breaks(
                   ERROR, "duplicate-keepalive-tlv|duplicate-keepalive-tlv,keepalive-response-missing-keepalive-tlv", rcode=0)),
               end=CLIENT_ABORTS),

    in_session("keepalive-interval-under-10s", "the server's own Keepalive names 9.999 s as interval; the client aborts",
               S(w.unidirectional(w.keepalive(15_000, 9_999)), see=breaks(ERROR, "keepalive-interval-under-10s")),
               end=CLIENT_ABORTS),

    Scenario("keepalive-interval-under-10s-client", "the client asks for 1 s, the server grants 10 s; and asks again for 1 s, "
             "to be granted 1 s", (
        C(w.request(1, w.keepalive(15_000, 1_000)), see=breaks(NOTE, "keepalive-interval-under-10s")),
        S(w.response(1, w.keepalive(15_000, 10_000))),
        C(w.request(2, w.keepalive(15_000, 1_000)), see=breaks(NOTE, "keepalive-interval-under-10s")),
        S(w.response(2, w.keepalive(15_000, 1_000)), see=breaks(ERROR, "keepalive-interval-under-10s", rcode=0)), *CLIENT_ABORTS)),

    in_session("padding-without-encryption", "padding both ways over clear TCP, where it has no use",
               C(w.request(2, TIMERS, PADDED)), S(w.response(2, TIMERS, PADDED))),

    in_session("padding-as-primary-tls", "a unidirectional message with padding alone; the server aborts",
               C(w.unidirectional(PADDED), see=breaks(WARN, "padding-as-primary")), end=SERVER_ABORTS, transport="tls"),

    in_session("padding-not-answered-tls", "a padded request, an unpadded response",
               C(w.request(2, TIMERS, PADDED)), S(w.response(2, TIMERS), see=breaks(WARN, "padding-not-answered", rcode=0)),
               transport="tls"),

    in_session("reserved-tlv-additional", "an additional TLV of reserved type 0xFFFF; the server ignores it",
               C(w.request(2, TIMERS, w.tlv(0xFFFF, b"x")), see=breaks(WARN, "reserved-tlv-type")), S(w.response(2, TIMERS))),

    in_session("client-sent-retry-delay", "Retry Delay from the client; the server aborts",
               C(w.unidirectional(w.retry_delay(5_000)), see=See(
                   ERROR, "|retry-delay", "client-sent-retry-delay", "", "0|")), end=SERVER_ABORTS),

    in_session("keepalive-tlv-in-subscribe-response-tls", "over TLS: the server sets new timers in its response to SUBSCRIBE",
               C(SUBSCRIBE), S(w.response(2, TIMERS), see=breaks(WARN, "tlv-out-of-place", rcode=0)), transport="tls"),

    Scenario("keepalive-tlv-behind-push-tls", "over TLS: the server sets new timers behind the records of a PUSH", (
        *SUBSCRIBED, S(w.unidirectional(w.push(ptr(PRINTER)), TIMERS), see=breaks(WARN, "tlv-out-of-place")), *BYE), "tls"),

    in_session("client-sent-retry-delay-additional", "Retry Delay as additional TLV of a Keepalive request",
               C(w.request(2, TIMERS, w.retry_delay(5_000)), see=breaks("warn|error", "client-sent-retry-delay")),
               S(w.response(2, TIMERS))),
)


def idle(name, story, inactivity, seconds, severity):
    """The client closes `seconds` after its last query.  The rule is known broken by the next message or the close."""
    return Scenario(name, story, (
        *keepalive(1, inactivity, HOUR), C(w.query(101, HOST)),
        S(w.answer(101, HOST, rdata=w.a("192.0.2.80")), label="last"), Pause(seconds),
        C(w.request(2, TIMERS), label="late"), S(w.response(2, w.keepalive(inactivity, HOUR))),
        End(CLIENT, label="end", see=breaks(severity, "inactive-session-not-closed", at="late|end|last"))))


SESSION = (
    in_session("message-after-retry-delay", "a query crosses with the Retry Delay, and the server still answers it",
               C(w.query(101, HOST)), S(w.unidirectional(w.retry_delay(5_000)), see=See(NOTE, "retry-delay", rcode=0)),
               S(w.answer(101, HOST, rdata=w.a("192.0.2.80")), see=breaks(WARN, "message-after-retry-delay", rcode=0)),
               end=(End(CLIENT),)),

    in_session("reconnect-before-retry-delay-tls", "over TLS: Retry Delay of 30 s, back after 0.5 s",
               S(w.unidirectional(w.retry_delay(30_000), rcode=w.SERVFAIL), see=See(
                   NOTE, "retry-delay", "", "|retried-too-early", w.SERVFAIL)), End(CLIENT), Pause(0.5),
               Connect(label="syn", see=See(WARN, "reconnected-too-early|", "reconnect-before-retry-delay", at="syn|dso")),
               C(KEEPALIVE, label="dso"), S(KEEPALIVE_OK), transport="tls"),

    in_session("client-ignores-retry-delay", "the client keeps the connection open for 7 s; the server aborts it",
               S(w.unidirectional(w.retry_delay(60_000), rcode=w.SERVFAIL), label="delay", see=See(
                   NOTE, "retry-delay", rcode=w.SERVFAIL)), Pause(5.7),
               C(w.query(101, HOST), label="late", see=breaks(WARN, "client-ignores-retry-delay", at="late|end")), Pause(1.2),
               end=(End(SERVER, force=True, label="end"),)),

    Scenario("unidirectional-before-session-tls", "UNSUBSCRIBE as the first message; the server aborts", (
        C(w.unidirectional(w.unsubscribe(2)), see=breaks(
            "warn|error", "unidirectional-before-session|unidirectional-before-session,unsubscribe-unknown")),
        *SERVER_ABORTS), "tls"),

    Scenario("unidirectional-while-establishing-tls", "UNSUBSCRIBE behind a first SUBSCRIBE that has no response yet; the "
             "session is not established before that", (
        C(SUBSCRIBE), C(w.unidirectional(w.unsubscribe(2)), see=breaks(WARN, "unidirectional-before-session")),
        S(SUBSCRIBE_OK), *BYE), "tls"),

    Scenario("server-initiated-before-session", "the server sends its Keepalive before the client has sent any DSO message", (
        *ask(101), S(w.unidirectional(TIMERS), see=breaks(
            WARN, "server-initiated-before-session|server-initiated-before-session,unidirectional-before-session")), *BYE)),

    Scenario("dso-after-not-implemented", "NOTIMP, then an unknown DSO request all the same, which gets FORMERR", (
        C(KEEPALIVE), S(w.response(1, rcode=w.NOTIMP), see=See(WARN, "dso-not-implemented", "", "|retried-too-early", w.NOTIMP)),
        *ask(101), C(w.request(2, UNKNOWN), see=breaks(WARN, "dso-after-not-implemented")),
        S(w.response(2, rcode=w.FORMERR), see=See("note|warn", "dso-formerr|dso-not-implemented", "", "|connection-closed", w.FORMERR)),
        *BYE)),

    in_session("edns-tcp-keepalive-in-session", "a query in the session carries edns-tcp-keepalive; the server aborts",
               C(w.query(101, HOST, additional=TCP_KEEPALIVE), see=breaks(ERROR, "edns-tcp-keepalive-in-dso-session")),
               end=SERVER_ABORTS),

    in_session("edns-tcp-keepalive-in-response", "a response in the session carries edns-tcp-keepalive; the client aborts",
               C(w.query(101, HOST)),
               S(w.header(101, response=True, opcode=w.QUERY, bits=0x58, counts=(1, 0, 0, 1)) + w.name(HOST) + b"\0\1\0\1"
                 + w.opt((w.EDNS_TCP_KEEPALIVE, b"\0\x64")), see=breaks(ERROR, "edns-tcp-keepalive-in-dso-session", rcode=0)),
               end=CLIENT_ABORTS),

    idle("inactive-session-not-closed", "inactivity timeout 2 s; idle for 4 s, a Keepalive does not count as activity", 2_000, 4, WARN),
    idle("inactive-session-delinquent", "inactivity timeout 2 s; idle for 7 s, past the larger of 5 s and twice the timeout",
         2_000, 7, ERROR),
    Scenario("inactive-by-default-timers-tls", "a subscription established the session, so both timers are 15 s; the client "
             "unsubscribes and stays idle for 33 s, past twice of both", (
        C(SUBSCRIBE), S(SUBSCRIBE_OK), C(w.unidirectional(w.unsubscribe(2)), label="last"), Pause(33),
        End(CLIENT, label="end", see=breaks(
            ERROR, "inactive-session-not-closed,keepalive-overdue|inactive-session-not-closed", at="end|last"))), "tls"),

    Scenario("keepalive-overdue-tls", "keepalive interval 10 s, a subscription keeps the session active, nothing sent for 22 s", (
        *keepalive(1, 1_000, 10_000), C(SUBSCRIBE), S(SUBSCRIBE_OK, label="last"), Pause(22),
        C(w.request(3, w.keepalive(15_000, HOUR)), label="late", see=breaks(WARN, "keepalive-overdue", at="late|last")),
        S(w.response(3, w.keepalive(15_000, HOUR))), *BYE), "tls"),
)

SCENARIOS = (*MESSAGES, *TLVS, *SESSION)
