# SPDX-License-Identifier: GPL-2.0-or-later
"""gdnsd 3.8.1 as packaged by Debian 12: the server in wide use that does DSO, and answers RCODE 11.

What it does is its own to decide, so these scripts have no server side. It has no Push and never sends a Retry Delay. It
writes the two timers of its Keepalive TLV in the wrong order: what reads "infinite, 37 s" means an inactivity timeout of
37 s and no keepalive interval. It resets a session that is inactive for twice that, and five seconds after it asked for
its end.
"""

from . import wire as w
from .parts import HOST, HOUR, KEEPALIVE, NOTE_CLEAR_PUSH, PRINTER, SERVICE, SUBSCRIBE, TIMERS
from .script import CLIENT, C, Connect, End, Hear, Pause, Scenario, See

NI = w.DSOTYPENI
EXCHANGED = See("note", "keepalive-fields-exchanged", rcode=0)
RESETS = See("warn", "keepalive-fields-exchanged", rcode=0)     # once the server has reset a client by them
RIGHTLY = See("note", "dso-session-aborted")
GOES_ON, LATER, CLOSED, FELL_BACK = "session-went-on", "session-established-later", "connection-closed", "fell-back-to-queries"
PRIVATE, UNASSIGNED = w.tlv(0xF801, b"\0\1"), w.tlv(0x0044)
ASK = C(w.query(101, HOST)), Hear()
ASK_AGAIN = C(w.query(102, HOST)), Hear()
DONE = End(CLIENT), Pause(0.2)


def session(see=EXCHANGED):
    return Connect(), C(KEEPALIVE), Hear(see=see)


def refused(cause, outcome):
    return Hear(see=See("warn", cause, "", outcome, NI))


def aborts(number, message, severity, cause="", violation=""):
    """A session that gdnsd aborts on this message."""
    return (*session(), C(message, see=See(severity, cause, violation)), Hear(message=False, label=f"end{number}", see=RIGHTLY),
            *DONE)


ABORTS = (
    (w.unidirectional(PRIVATE), "warn", "unidirectional-unknown-type", ""),
    (w.unidirectional(w.unsubscribe(2)), "warn|note", "unidirectional-unknown-type", "unsubscribe-unknown,push-without-tls|push-without-tls"),
    (w.unidirectional(TIMERS), "error", "", "request-id-zero"),
    (w.request(7), "warn", "", "request-without-tlv"),
    (w.request(7, w.padding(8)), "warn", "", "padding-as-primary"),
    (w.request(7, w.tlv(w.KEEPALIVE, bytes(4))), "warn|error", "", "keepalive-bad-length"),
    (w.query(7, HOST, additional=w.opt((w.EDNS_TCP_KEEPALIVE, b""))), "error", "", "edns-tcp-keepalive-in-dso-session"),
    (w.response(7, TIMERS), "error", "", "unsolicited-response"),
)
PADDED_KEEPALIVE = w.request(1, TIMERS, w.padding(100))
PADDED_SUBSCRIBE = w.request(2, w.subscribe(SERVICE, "PTR"), w.padding(80))

SCENARIOS = (
    Scenario("gdnsd-session", "a session, then SUBSCRIBE and two unknown types: RCODE 11 each; ordinary queries work", (
        *session(), C(SUBSCRIBE, see=NOTE_CLEAR_PUSH), refused("push-not-implemented", GOES_ON), *ASK,
        C(w.request(3, PRIVATE)), refused("dso-type-private", GOES_ON),
        C(w.request(4, UNASSIGNED)), refused("dso-type-unassigned", GOES_ON), *ASK_AGAIN, *DONE), real="gdnsd"),

    Scenario("gdnsd-first-ipv6", "over IPv6; SUBSCRIBE as the first message gets RCODE 11, then a Keepalive establishes a session", (
        Connect(), C(SUBSCRIBE, see=NOTE_CLEAR_PUSH), refused("push-not-implemented", LATER),
        C(KEEPALIVE), Hear(see=EXCHANGED), *ASK, *DONE), family=6, real="gdnsd"),

    Scenario("gdnsd-without-session", "an experimental type as the first message gets RCODE 11; the client goes on with queries", (
        Connect(), C(w.request(1, PRIVATE)), refused("dso-type-private", FELL_BACK), *ASK, *DONE), real="gdnsd"),

    Scenario("gdnsd-tls", "behind haproxy with TLS: padded Keepalive and SUBSCRIBE, RCODE 11; gdnsd pads its responses", (
        Connect(), C(PADDED_KEEPALIVE), Hear(see=EXCHANGED), C(PADDED_SUBSCRIBE), refused("push-not-implemented", CLOSED), *DONE),
        "tls", real="gdnsd_tls"),

    Scenario("gdnsd-tls-ipv6", "the same over IPv6, without padding of the client; an unassigned type as well", (
        Connect(), C(KEEPALIVE), Hear(see=EXCHANGED), C(w.request(2, w.subscribe(PRINTER, "SRV"))),
        refused("push-not-implemented", GOES_ON), *ASK, C(w.request(3, UNASSIGNED)), refused("dso-type-unassigned", GOES_ON),
        *ASK_AGAIN, *DONE), "tls", family=6, real="gdnsd_tls"),

    Scenario("gdnsd-stopped", "gdnsd is stopped: its Keepalive asks for the end of the session with exchanged timers, and five "
             "seconds later it resets the session, without a Retry Delay", (
        *session(RESETS), *ASK, Hear(8, see=See("error", "keepalive-fields-exchanged", "keepalive-interval-under-10s", rcode="")),
        Hear(8, message=False, label="end", see=See("warn", "dso-session-aborted")), End(CLIENT)), real="gdnsd", stop_after=2),

    Scenario("gdnsd-inactive", "tcp_timeout 12: read as an interval of 12 s the client sends Keepalives each 7.5 s, and is reset after "
             "24 s without other activity", (
        *session(RESETS), *(step for ident in (2, 3, 4) for step in (Pause(7.5), C(w.request(ident, TIMERS)), Hear())),
        Hear(5, message=False, label="end", see=See("warn", "dso-session-aborted")), End(CLIENT)),
        real="gdnsd", options="tcp_timeout => 12"),

    Scenario("gdnsd-aborts", "eight sessions, each with a message on which gdnsd aborts: unidirectional ones of types that it does not "
             "know, a Keepalive with ID 0, a bare header, padding alone, a Keepalive of 4 bytes, edns-tcp-keepalive, a response", tuple(
        step for number, parts in enumerate(ABORTS) for step in aborts(number, *parts)), real="gdnsd"),

    Scenario("gdnsd-formerr", "FORMERR to count fields that are not 0, before a session and in it; without DSO switched off the server "
             "is known to do it", (
        Connect(), C(w.request(1, TIMERS, counts=(1, 0, 0, 0)), see=See("warn", violation="dso-nonzero-counts")),
        Hear(see=See("warn", "dso-formerr", "", LATER, w.FORMERR)), C(w.request(2, TIMERS)), Hear(see=EXCHANGED),
        C(w.request(3, TIMERS, counts=(0, 0, 0, 1)), see=See("warn", violation="dso-nonzero-counts")),
        Hear(see=See("warn", "dso-formerr", "", GOES_ON, w.FORMERR)), C(w.request(4, TIMERS)), Hear(), *DONE), real="gdnsd"),

    Scenario("gdnsd-tolerant", "what gdnsd accepts against the RFC: two Keepalive TLVs, Z bits, an ID that is in use", (
        Connect(), C(w.request(1, TIMERS, TIMERS), see=See("error", violation="duplicate-keepalive-tlv")), Hear(see=EXCHANGED),
        C(w.request(2, TIMERS, bits=0x10), see=See("note", violation="nonzero-z-bits")), Hear(),
        C(w.request(3, TIMERS), w.request(3, TIMERS), see=See("error", violation="duplicate-message-id")), Hear(), Hear(),
        *DONE), real="gdnsd"),

    Scenario("gdnsd-udp", "over UDP, where DSO has no place, gdnsd says FORMERR", (
        Connect(), C(KEEPALIVE, see=See("warn", violation="dso-over-udp")),
        Hear(see=See("", rcode=w.FORMERR)), *ASK), "udp", real="gdnsd"),

    Scenario("gdnsd-without-dso", "disable_tcp_dso: NOTIMP, and NOTIMP again", (
        Connect(), C(KEEPALIVE), Hear(see=See("warn", "dso-not-implemented", "", "retried-too-early", w.NOTIMP)), Pause(0.5),
        C(w.request(2, w.keepalive(15_000, HOUR)), see=See("warn", violation="dso-after-not-implemented")),
        Hear(see=See("note", "dso-not-implemented", "", "fell-back-to-queries", w.NOTIMP)), *ASK, *DONE),
        real="gdnsd", options="disable_tcp_dso => true"),
)
