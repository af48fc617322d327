# SPDX-License-Identifier: GPL-2.0-or-later
"""Verdicts that one frame suggests and the rest of the capture overturns or confirms: what a server is, who is the culprit."""

from . import wire as w
from .parts import (BYE, HOUR, KEEPALIVE, KEEPALIVE_OK, NOTE_CLEAR_PUSH, PRINTER, SERVER_ABORTS, START, SUBSCRIBE, SUBSCRIBED,
                    SUBSCRIBE_OK, TIMERS, ask, ptr, pushed)
from .script import CLIENT, SERVER, C, Connect, End, Pause, S, Scenario, See

NI = w.DSOTYPENI
OTHER = "192.0.2.3"
AGAIN = w.request(2, w.keepalive(15_000, HOUR))
UNKNOWN = w.tlv(0xF801, b"\0\1")
SERVES = Pause(0.3), Connect(), *START, *ask(101), *BYE                     # the proof that the server does DSO
SERVES_OTHER = Pause(0.3), Connect(source=OTHER), *START, *ask(101), *BYE   # ... to another client


def notimp(ident):
    """"DSO not supported", of a server that is known to do it."""
    return rejected(ident, w.NOTIMP, "dso-notimp", severity="note")


def rejected(ident, rcode, cause, outcome="|connection-closed", severity="warn"):
    return S(w.response(ident, rcode=rcode), see=See(severity, cause, "", outcome, rcode))


SCENARIOS = (
    Scenario("no-dso-disproved-later", "NOTIMP, DSO again, FORMERR; on a later connection the same server accepts a session: neither "
             "\"no DSO there\" nor \"DSO again all the same\" holds", (
        C(KEEPALIVE), notimp(1), Pause(0.3), C(AGAIN), rejected(2, w.FORMERR, "dso-formerr"), *BYE, *SERVES)),

    Scenario("no-dso-disproved-by-other-client", "NOTIMP, DSO again; later the same server accepts a session of another client", (
        C(KEEPALIVE), notimp(1), Pause(0.3), C(AGAIN), notimp(2), *BYE, *SERVES_OTHER)),

    Scenario("no-dso-disproved-before", "another client has a session with this server; then NOTIMP and REFUSED to the first one", (
        Connect(source=OTHER), *START, *ask(101), *BYE, Pause(0.3), Connect(), C(KEEPALIVE), notimp(1), Pause(0.3),
        C(AGAIN), rejected(2, w.REFUSED, "dso-refused"), *BYE)),

    Scenario("no-dso-disproved-by-dsotypeni", "NOTIMP to a Keepalive; another client gets RCODE 11 to a SUBSCRIBE: that server does DSO", (
        C(KEEPALIVE), notimp(1), *BYE, Pause(0.3), Connect(source=OTHER), C(SUBSCRIBE, see=NOTE_CLEAR_PUSH),
        rejected(2, NI, "push-not-implemented", "connection-closed"), *BYE)),

    Scenario("notimp-in-session", "NOTIMP to a Keepalive in a session that stands: the server contradicts itself", (
        *START, C(AGAIN), rejected(2, w.NOTIMP, "dso-notimp", "|session-went-on|connection-closed"), *BYE)),

    Scenario("other-rcodes-in-session-tls", "codes that say nothing about the operation: NXRRSET to a SUBSCRIBE, NOTAUTH to a Keepalive", (
        *START, C(SUBSCRIBE), rejected(2, 8, "dso-other-rcode"), Pause(0.3),
        C(w.request(3, w.keepalive(15_000, HOUR))), rejected(3, w.NOTAUTH, "dso-other-rcode"), *BYE), "tls"),

    Scenario("formerr-first-then-session", "FORMERR to a Keepalive, and a session on the same connection by the next one", (
        C(KEEPALIVE), rejected(1, w.FORMERR, "dso-formerr", "session-established-later"), C(AGAIN), S(w.response(2, TIMERS)), *BYE)),

    Scenario("doubtful-then-dso", "REFUSED twice to a Keepalive, and a third: that server seems to have no DSO, which is told once", (
        C(KEEPALIVE), rejected(1, w.REFUSED, "dso-not-implemented", "retried-too-early"), Pause(0.3),
        C(AGAIN, see=See("note", violation="dso-after-not-implemented")),
        rejected(2, w.REFUSED, "dso-not-implemented", "retried-too-early"), Pause(0.3),
        C(w.request(3, w.keepalive(15_000, HOUR))), rejected(3, w.REFUSED, "dso-not-implemented", "|connection-closed", "note"), *BYE)),

    Scenario("push-known-after-dsotypeni-tls", "RCODE 11 to a SUBSCRIBE; later the server accepts one of another client: it has Push after all", (
        *START, C(SUBSCRIBE), rejected(2, NI, "push-not-implemented", "connection-closed"), *BYE, Pause(0.3),
        Connect(source=OTHER), *SUBSCRIBED, *BYE), "tls"),

    Scenario("dropped-by-implementer", "RST as the answer to the first Keepalive; another client has a session there: the server aborts without "
             "need, and is not one without DSO", (
        C(KEEPALIVE, label="request"), End(SERVER, force=True, see=See("warn", "dso-session-aborted")), *SERVES_OTHER)),

    Scenario("closed-by-implementer", "FIN as the answer to the first Keepalive; another client has a session there: no word about DSO", (
        C(KEEPALIVE), End(SERVER), *SERVES_OTHER)),

    Scenario("dropped-on-bare-header", "RST as the answer to a bare header: that is a broken rule, and says nothing about DSO", (
        C(w.request(1), see=See("warn", violation="request-without-tlv")), *SERVER_ABORTS)),

    Scenario("notimp-to-unidirectional", "NOTIMP with ID 0 to a unidirectional message, of a server without DSO: no rule of DSO binds it", (
        C(w.unidirectional(UNKNOWN), see=See("warn", violation="unidirectional-before-session")),
        rejected(0, w.NOTIMP, "dso-not-implemented", "", "note"), *BYE)),

    Scenario("notimp-with-other-opcode", "NOTIMP with opcode 0 and no question, of a server without DSO", (
        C(KEEPALIVE), S(w.response(1, opcode=w.QUERY, rcode=w.NOTIMP), see=See(
            "note", "dso-not-implemented", "", "|connection-closed", w.NOTIMP)), *BYE)),

    Scenario("other-opcode-to-unidirectional-tls", "a server with DSO answers an UNSUBSCRIBE with opcode 0 and ID 0", (
        *SUBSCRIBED, C(w.unidirectional(w.unsubscribe(2))),
        S(w.response(0, opcode=w.QUERY), see=See("warn", violation="wrong-opcode-in-response", rcode=0)), *BYE), "tls"),

    Scenario("push-with-id-refused-tls", "the server sends a PUSH with an ID, and the client answers RCODE 11: the fault is the server's", (
        *SUBSCRIBED, S(w.request(9, w.push(ptr(PRINTER))), see=See("error", violation="unidirectional-nonzero-id")),
        C(w.response(9, rcode=NI), see=See("warn", "dso-type-not-implemented", "", "connection-closed", NI)), *BYE), "tls"),

    Scenario("push-with-id-answered-tls", "the server sends a PUSH with an ID, and the client answers NOERROR: both are at fault", (
        *SUBSCRIBED, S(w.request(9, w.push(ptr(PRINTER))), see=See("error", violation="unidirectional-nonzero-id")),
        C(w.response(9), see=See("error", violation="response-to-unidirectional", rcode=0)), *BYE), "tls"),

    Scenario("dsotypeni-without-tlv", "RCODE 11 to a request without a TLV: nobody sent a type", (
        *START, C(w.request(7), see=See("warn", violation="request-without-tlv")),
        S(w.response(7, rcode=NI), see=See("warn", "request-without-tlv", "", "connection-closed", NI)), *BYE)),

    Scenario("unidirectional-type-refused", "a type gets RCODE 11 as a request; the client sends it as a unidirectional message all the same, "
             "and the server aborts", (
        *START, C(w.request(7, UNKNOWN)), rejected(7, NI, "dso-type-private", "connection-closed"), Pause(0.3),
        C(w.unidirectional(UNKNOWN), see=See("warn", "unidirectional-unknown-type")), *SERVER_ABORTS)),

    Scenario("server-aborts-without-need", "the server resets an established session after a quiet second, without a Retry Delay", (
        *START, *ask(101), Pause(1.5), End(SERVER, force=True, see=See("warn", "dso-session-aborted")))),

    Scenario("client-aborts-without-need", "the client resets the connection right behind a proper response", (
        *START, *ask(101), End(CLIENT, force=True, see=See("warn", "dso-session-aborted")))),

    Scenario("healthy-client-resets-idle-session", "the client resets a session that has been quiet for a while: that is how some close", (
        *START, *ask(101), Pause(1.5), End(CLIENT, force=True))),

    Scenario("duplicate-message-id-answered", "two Keepalives under one ID get two responses, in their order: the fault is the client's alone", (
        *START, C(w.request(2, TIMERS)), Pause(0.1), C(w.request(2, TIMERS), see=See("error", violation="duplicate-message-id")),
        S(w.response(2, TIMERS)), S(w.response(2, TIMERS)), *BYE)),

    Scenario("healthy-push-before-response-tls", "a PUSH comes before the response to its SUBSCRIBE, which is 32 s late: the subscription was "
             "accepted all the same", (
        *START, C(SUBSCRIBE), S(pushed(ptr(PRINTER))), Pause(32), S(SUBSCRIBE_OK), *BYE), "tls"),

    Scenario("session-went-on-tls", "a subscription is refused with NOTAUTH, another one is accepted in the same session", (
        *START, C(SUBSCRIBE), S(w.response(2, rcode=w.NOTAUTH), see=See("warn", "dso-notauth", "", "session-went-on", w.NOTAUTH)),
        C(w.request(3, w.subscribe(PRINTER, "SRV"))), S(w.response(3)), *BYE), "tls"),

    Scenario("retried-too-early-and-accepted-tls", "RCODE 11 to a SUBSCRIBE; again after 0.3 s, and then it is accepted: the success counts", (
        *START, C(SUBSCRIBE), S(w.response(2, rcode=NI), see=See("warn", "push-not-implemented", "", "session-went-on", NI)), Pause(0.3),
        C(w.request(3, w.subscribe("_ipp._tcp.example.com", "PTR"))), S(w.response(3)), *BYE), "tls"),

    Scenario("queries-before-and-after", "queries before and after RCODE 11: the client did not fall back to them, it went on", (
        *START, *ask(101), C(SUBSCRIBE, see=NOTE_CLEAR_PUSH),
        rejected(2, NI, "push-not-implemented", "session-went-on"), *ask(102), *BYE)),

    Scenario("interval-zero-from-server", "the server names a keepalive interval of 0; the client closes after 12 s: it is not overdue", (
        C(KEEPALIVE), S(w.response(1, w.keepalive(HOUR, 0)), see=See("error", violation="keepalive-interval-under-10s", rcode=0)),
        Pause(12), End(CLIENT))),

    Scenario("padding-never-answered-tls", "three padded requests, three responses without padding: told once", (
        C(w.request(1, TIMERS, w.padding(20))), S(KEEPALIVE_OK, see=See("warn", violation="padding-not-answered", rcode=0)),
        C(w.request(2, TIMERS, w.padding(20))), S(w.response(2, TIMERS)), C(w.request(3, TIMERS, w.padding(20))),
        S(w.response(3, TIMERS)), *BYE), "tls"),

    Scenario("snap-72", "snap length 72: of each message 4 bytes; they show RCODE 11, and that its request is there", (
        *START, C(w.request(7, UNKNOWN)), S(w.response(7, rcode=NI), see=See(
            "note", "dsotypeni-unmatched", "", "|connection-closed", NI)), *BYE), snap=72),

    Scenario("snap-70", "snap length 70: of each message the 2 bytes of its ID; nothing can be said, and no all-clear", (
        *START, C(w.request(7, UNKNOWN)), S(w.response(7, rcode=NI)), *BYE), snap=70),

    Scenario("snap-72-aborted", "the same snap length; the server aborts on a message that cannot be read: nobody is blamed", (
        *START, C(w.unidirectional(UNKNOWN)), End(SERVER, force=True)), snap=72),
)
