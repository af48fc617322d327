# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures that begin late, hold one direction, are cut by a snap length, or hide everything in TLS."""

from dataclasses import replace

from . import wire as w
from .parts import (BYE, HOUR, PRINTER, START, SUBSCRIBED, TIMERS, ask, ptr, pushed)
from .script import CLIENT, SERVER, C, Pause, S, Scenario, See

MIXED = (
    *START, *ask(101), C(w.request(7, w.tlv(0x0044, b"\0\1"))),
    S(w.response(7, rcode=w.DSOTYPENI), see=See("warn", "dso-type-unassigned", "", "session-went-on", w.DSOTYPENI)),
    *ask(102), S(w.unidirectional(w.keepalive(30_000, HOUR))), *BYE)


def with_truth(**fields):
    """MIXED, of which a capture shows less."""
    return tuple(replace(step, see=replace(step.see, **fields)) if step.see else step for step in MIXED)


# the response alone: its request was never seen
ALONE = with_truth(cause="dsotypeni-unmatched", severity="note", outcome="|fell-back-to-queries|connection-closed")
# headers alone: the request is there, its type is not
HEADERS_ONLY = with_truth(cause="dsotypeni-unmatched|dso-type-not-implemented|", severity="note|warn", outcome="|session-went-on")
LATE = replace(START[1], label="begin"), Pause(0.3)

SCENARIOS = (
    Scenario("partial-begins-in-session", "the capture begins in an established session: nothing to complain about", (
        START[0], *LATE, *ask(101), S(w.unidirectional(TIMERS)), C(w.request(2, TIMERS)), S(w.response(2, TIMERS)), *BYE),
        after="begin"),

    Scenario("partial-begins-with-unidirectional", "the capture begins in a session; first comes the server's own Keepalive, then "
             "a response to a request from before", (
        START[0], START[1], C(w.request(5, TIMERS), label="begin"), Pause(0.3), S(w.unidirectional(TIMERS)),
        S(w.response(5, TIMERS)), *ask(101), *BYE), after="begin"),

    Scenario("partial-begins-with-push", "clear TCP; the capture begins with a PUSH of a subscription from before", (
        *SUBSCRIBED[:-1], replace(SUBSCRIBED[-1], label="begin"), Pause(0.3),
        S(pushed(ptr(PRINTER)), see=See("note|", violation="|push-without-tls")),
        C(w.unidirectional(w.unsubscribe(2)), see=See("note|", violation="|push-without-tls")), *BYE), after="begin"),

    Scenario("partial-only-client", "only what the client sends: no complaint about responses that nobody recorded", (
        *START, *ask(101), C(w.request(2, TIMERS)), S(w.response(2, TIMERS)), *BYE), only=CLIENT),

    Scenario("partial-only-server", "only what the server sends; its RCODE 11 has no request", ALONE, only=SERVER),

    Scenario("partial-snap-80", "snap length 80: of each message only the header; that the request had a TLV, and the Keepalive "
             "response too, cannot be seen", HEADERS_ONLY, snap=80),

    Scenario("partial-snap-100", "snap length 100: Keepalives and the unknown type are whole, queries are cut", MIXED, snap=100),

    Scenario("partial-snap-80-tls", "snap length 80 on TLS with keys: nothing can be decrypted", (*START, *ask(101), *BYE), "tls", snap=80),

    Scenario("tls-without-keys-other-port", "TLS without keys on port 8853; the ClientHello's ALPN says dot", (
        *START, *ask(101), *BYE), "tls", other_port=8853, keys=False),

    Scenario("tls-without-keys", "TLS on port 853 without keys: one chat that a key log would show more", (
        *SUBSCRIBED, S(pushed(ptr(PRINTER))), *BYE), "tls", keys=False),
)
