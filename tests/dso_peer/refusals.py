# SPDX-License-Identifier: GPL-2.0-or-later
"""RCODE 11, DSOTYPENI: each cause, each outcome."""

from . import wire as w
from .parts import (BYE, CLIENT_ABORTS, HOST, HOUR, KEEPALIVE, NOTE_CLEAR_PUSH, PRINTER, SERVICE, START, SUBSCRIBE,
                    TIMERS, ask, ptr)
from .script import C, Connect, Pause, S, Scenario, See

LATER, FELL_BACK, EARLY, CLOSED = "session-established-later", "fell-back-to-queries", "retried-too-early", "connection-closed"
NI = w.DSOTYPENI
SUBSCRIBE_AGAIN = w.request(4, w.subscribe(SERVICE, "PTR"))
# one connection, two SUBSCRIBEs: the note may come once per connection or with each
NOTE_AGAIN = See("note", violation="push-without-tls|")


def refused(ident, cause, outcome=CLOSED, severity="warn", violation="", tlvs=()):
    return S(w.response(ident, *tlvs, rcode=NI), see=See(severity, cause, violation, outcome, NI))


def unknown_type(name, kind, cause, story, severity="warn", violation="", data=b"\0\1"):
    """In a session, a request of `kind`; `violation` is what is wrong with the request itself."""
    see = See("warn|error", violation=violation) if violation else None
    return Scenario(name, story, (*START, C(w.request(7, w.tlv(kind, data)), see=see),
                                  refused(7, cause, severity=severity), *BYE))


def not_a_request(name, tlv, violation, story, severity="error"):
    """In a session over TLS, a type that exists, but not as a request's primary TLV; the server does not know it."""
    return Scenario(f"type-not-implemented-{name}-tls", story, (
        *START, C(w.request(7, tlv), see=See(severity, violation=violation)), refused(7, "dso-type-not-implemented"), *BYE), "tls")


FIRST_SUBSCRIBE = C(SUBSCRIBE, see=NOTE_CLEAR_PUSH)

SCENARIOS = (
    Scenario("push-refused-then-keepalive", "SUBSCRIBE as first message gets RCODE 11; the Keepalive after it establishes a session", (
        FIRST_SUBSCRIBE, refused(2, "push-not-implemented", LATER), *START, *BYE)),

    Scenario("push-refused-then-keepalive-tls", "the same over TLS, then queries", (
        C(SUBSCRIBE), refused(2, "push-not-implemented", LATER), *START, *ask(101), *BYE), "tls"),

    Scenario("push-refused-then-queries", "SUBSCRIBE gets RCODE 11; the client asks ordinary queries on the same connection", (
        FIRST_SUBSCRIBE, refused(2, "push-not-implemented", FELL_BACK), *ask(101, SERVICE), *ask(102), *BYE)),

    Scenario("push-refused-in-session-then-queries", "a session is there; SUBSCRIBE gets RCODE 11, queries follow", (
        *START, FIRST_SUBSCRIBE, refused(2, "push-not-implemented", FELL_BACK), *ask(101, SERVICE), *BYE)),

    Scenario("push-refused-retried", "SUBSCRIBE gets RCODE 11 and is sent again 0.5 s later; an hour is recommended", (
        FIRST_SUBSCRIBE, refused(2, "push-not-implemented", EARLY), Pause(0.5),
        C(SUBSCRIBE_AGAIN, see=NOTE_AGAIN), refused(4, "push-not-implemented"), *BYE)),

    Scenario("push-refused-retried-before-delay", "the response names a Retry Delay of 60 s; SUBSCRIBE again after 0.5 s", (
        FIRST_SUBSCRIBE, refused(2, "push-not-implemented", EARLY, tlvs=[w.retry_delay(60_000)]), Pause(0.5),
        C(SUBSCRIBE_AGAIN, see=NOTE_AGAIN), refused(4, "push-not-implemented", tlvs=[w.retry_delay(60_000)]), *BYE)),

    Scenario("push-refused-retried-after-delay", "the response names a Retry Delay of 1 s, which the client waits for: no early "
             "retry; then Push has been switched on", (
        *START, FIRST_SUBSCRIBE, refused(2, "push-not-implemented", "session-went-on", tlvs=[w.retry_delay(1_000)]), Pause(1.2),
        C(SUBSCRIBE_AGAIN, see=NOTE_AGAIN), S(w.response(4)), *BYE)),

    Scenario("push-refused-with-delay", "RCODE 11 with the Retry Delay of one hour that RFC 8765 recommends; the client closes", (
        FIRST_SUBSCRIBE, refused(2, "push-not-implemented", tlvs=[w.retry_delay(HOUR)]), *BYE)),

    Scenario("push-refused-capture-ends", "the capture ends with the response", (
        FIRST_SUBSCRIBE, S(w.response(2, rcode=NI), label="last", see=See("warn", "push-not-implemented", "", "capture-ends", NI)),
        *BYE), until="last"),

    Scenario("push-refused-many", "three SUBSCRIBEs in one segment, three times RCODE 11 in one segment; ordinary queries follow", (
        *START, C(SUBSCRIBE, w.request(3, w.subscribe(HOST, "A")), w.request(4, w.subscribe("example.com", "ANY")),
                  see=NOTE_CLEAR_PUSH),
        S(w.response(2, rcode=NI), w.response(3, rcode=NI), w.response(4, rcode=NI),
          see=See("warn", "push-not-implemented", "", f"{FELL_BACK}", NI)), *ask(101), *BYE)),

    unknown_type("type-unassigned-0x0044", 0x0044, "dso-type-unassigned", "a request of the first type behind Push"),
    unknown_type("type-unassigned-0x0030", 0x0030, "dso-type-unassigned", "a request in the unassigned session management range"),
    unknown_type("type-private-0xf801", 0xF801, "dso-type-private", "an experimental request"),
    unknown_type("type-private-0xf901", 0xF901, "dso-type-private", "a request from the range of Apple's relay"),
    unknown_type("type-reserved-0x0000", 0x0000, "dso-type-reserved", "a request of reserved type 0", "error", "reserved-tlv-type"),
    unknown_type("type-reserved-0xfc01", 0xFC01, "dso-type-reserved", "a request of a reserved type", "error", "reserved-tlv-type"),

    Scenario("type-unassigned-first", "an unassigned type as the first message, then the session by Keepalive", (
        C(w.request(7, w.tlv(0x0044))), refused(7, "dso-type-unassigned", LATER), *START, *BYE)),

    Scenario("keepalive-rejected", "Keepalive gets RCODE 11: the server breaks RFC 8490 section 5.1.1", (
        C(KEEPALIVE), refused(1, "keepalive-rejected", severity="error", violation="dsotypeni-to-keepalive"), *BYE)),

    Scenario("keepalive-rejected-then-queries", "the same, the client goes on without DSO", (
        C(KEEPALIVE), refused(1, "keepalive-rejected", FELL_BACK, "error", "dsotypeni-to-keepalive"), *ask(101), *BYE)),

    not_a_request("unsubscribe", w.unsubscribe(2), "unidirectional-nonzero-id", "UNSUBSCRIBE as a request"),
    not_a_request("push", w.push(ptr(PRINTER)), "push-from-client,unidirectional-nonzero-id|push-from-client",
                  "PUSH as a request, and from the client"),
    not_a_request("reconfirm", w.reconfirm(SERVICE, "PTR", w.name(PRINTER)), "unidirectional-nonzero-id", "RECONFIRM as a request"),
    not_a_request("padding", w.padding(8), "padding-as-primary", "padding as a request's primary TLV", "warn"),
    not_a_request("retry-delay", w.retry_delay(1000), "client-sent-retry-delay|client-sent-retry-delay,unidirectional-nonzero-id",
                  "Retry Delay as a request, from the client"),

    Scenario("client-lacks-type", "the server sends a request of a type that the client never offered; the client answers 11", (
        *START, S(w.request(1, w.tlv(0xF900, b"\0\1"))),
        C(w.response(1, rcode=NI), see=See("warn", "client-lacks-dso-type", "", CLOSED, NI)), *BYE)),

    Scenario("client-lacks-type-ids-cross", "the same while the client waits for a response to a request of its own under the same ID: "
             "IDs of the two directions have nothing to do with each other (RFC 8490 section 5.5.2)", (
        *START, C(w.request(5, TIMERS)), S(w.request(5, w.tlv(0xF900, b"\0\1"))),
        C(w.response(5, rcode=NI), see=See("warn", "client-lacks-dso-type", "", f"{CLOSED}|{LATER}", NI)),
        S(w.response(5, TIMERS)), *BYE)),

    Scenario("dsotypeni-to-unidirectional", "a unidirectional message of unknown type gets RCODE 11 with ID 0; the client aborts", (
        *START, C(w.unidirectional(w.tlv(0xF801))),
        S(w.response(0, rcode=NI), see=See(
            "error", "dsotypeni-to-unidirectional",
            "dsotypeni-to-unidirectional,response-id-zero,response-to-unidirectional|dsotypeni-to-unidirectional,response-id-zero|"
            "dsotypeni-to-unidirectional,response-to-unidirectional|dsotypeni-to-unidirectional",
            f"{CLOSED}|", NI)), *CLIENT_ABORTS)),

    Scenario("dsotypeni-with-primary-tlv", "the response repeats the TLV that it does not know", (
        *START, C(w.request(7, w.tlv(0x0044, b"\0\1"))),
        refused(7, "dso-type-unassigned", violation="dsotypeni-with-copied-primary-tlv", tlvs=[w.tlv(0x0044, b"\0\1")]), *BYE)),

    Scenario("dsotypeni-with-padding-tls", "padded request, padded response with a Retry Delay: only the type is the matter", (
        *START, C(w.request(7, w.tlv(0x0044, b"\0\1"), w.padding(20))),
        refused(7, "dso-type-unassigned", tlvs=[w.retry_delay(HOUR), w.padding(12)]), *BYE), "tls"),

    Scenario("dsotypeni-outside-dso", "an ordinary query over TCP gets RCODE 11", (
        C(w.query(101, HOST)), S(w.answer(101, HOST, rcode=NI), see=See(
            "error", "dsotypeni-outside-dso", "dsotypeni-outside-dso", f"|{CLOSED}", NI)), *BYE)),

    Scenario("dsotypeni-outside-dso-udp", "an ordinary query over UDP gets RCODE 11", (
        C(w.query(101, HOST)), S(w.answer(101, HOST, rcode=NI), see=See(
            "error", "dsotypeni-outside-dso", "dsotypeni-outside-dso", "|capture-ends", NI)), Pause(0.1)), "udp"),

    Scenario("dsotypeni-outside-dso-in-session", "an ordinary query in a session gets RCODE 11 from the server", (
        *START, C(w.query(101, HOST)), S(w.answer(101, HOST, rcode=NI), see=See(
            "error", "dsotypeni-outside-dso", "dsotypeni-outside-dso", f"|{CLOSED}", NI)), *BYE)),

    Scenario("dsotypeni-over-udp", "Keepalive and SUBSCRIBE over UDP get RCODE 11, which says nothing about DSO over TCP", (
        C(KEEPALIVE, see=See("warn", violation="dso-over-udp")),
        S(w.response(1, rcode=NI), see=See("warn", "dsotypeni-over-udp", outcome="|capture-ends", rcode=NI)), Pause(0.1),
        C(SUBSCRIBE_AGAIN, see=See("warn", violation="dso-over-udp")),
        S(w.response(4, rcode=NI), see=See("warn", "dsotypeni-over-udp", outcome="|capture-ends", rcode=NI)), Pause(0.1)), "udp"),

    Scenario("dsotypeni-unmatched", "the capture begins behind the request", (
        *START, C(w.request(7, w.tlv(0x0044, b"\0\1")), label="request"), Pause(0.2),
        refused(7, "dsotypeni-unmatched", severity="note"), *BYE), after="request"),

    Scenario("dsotypeni-next-connection", "SUBSCRIBE gets RCODE 11; the client connects again, and again sends SUBSCRIBE", (
        FIRST_SUBSCRIBE, refused(2, "push-not-implemented", EARLY), *BYE, Pause(0.3), Connect(),
        C(SUBSCRIBE, see=NOTE_CLEAR_PUSH), refused(2, "push-not-implemented"), *BYE)),
)
