# SPDX-License-Identifier: GPL-2.0-or-later
"""DSO that fails with other codes than 11, with silence, or by the end of the connection."""

from . import wire as w
from .parts import (BYE, CLIENT_ABORTS, HOST, HOUR, KEEPALIVE, SERVER_ABORTS, SERVER_BYE, START, SUBSCRIBE, SUBSCRIBED,
                    ask, keepalive)
from .script import CLIENT, SERVER, C, Connect, End, Pause, S, Scenario, See

REASONS = (w.NOERROR, w.FORMERR, w.SERVFAIL, w.REFUSED, w.NOTAUTH)     # RFC 8490 section 7.2.1
MINUTE = 60_000


def failed(ident, rcode, cause, outcome="", severity="warn", tlvs=()):
    return S(w.response(ident, *tlvs, rcode=rcode), see=See(severity, cause, "", outcome, rcode))


def told_to_go(delay, rcode=w.NOERROR, outcome="", label=""):
    return S(w.unidirectional(w.retry_delay(delay), rcode=rcode), label=label, see=See("note", "retry-delay", "", outcome, rcode))


def subscribe_failed(name, rcode, delay):
    """In a session over TLS, with the delay that RFC 8765 section 6.2.2 recommends."""
    return Scenario(f"subscribe-{name}-tls", f"SUBSCRIBE gets {name.upper()}; the Retry Delay is the recommended one", (
        *START, C(SUBSCRIBE), failed(2, rcode, f"dso-{name}", "|connection-closed", tlvs=[w.retry_delay(delay)]), *BYE), "tls")


def malformed(name, message, violation, story):
    """In a session, a malformed request that the server answers with FORMERR."""
    return Scenario(f"formerr-{name}", story, (
        *START, C(message, see=See("warn", violation=violation)), failed(7, w.FORMERR, "dso-formerr", "|connection-closed"), *BYE))


def dropped(name, story, end):
    """Right after the first DSO request the server ends the connection; reported on either."""
    return Scenario(f"connection-dropped-{name}", story, (
        C(KEEPALIVE, label="request"),
        End(SERVER, force=end, label="end", see=See("warn", "dso-connection-dropped", "", "|connection-closed", at="request|end"))))


SCENARIOS = (
    Scenario("notimp", "Keepalive gets NOTIMP; the client goes on with queries only, as it may", (
        C(KEEPALIVE), failed(1, w.NOTIMP, "dso-not-implemented", "|fell-back-to-queries", "note"), *ask(101), *BYE)),

    Scenario("notimp-then-dso", "Keepalive gets NOTIMP; the client sends DSO again", (
        C(KEEPALIVE), failed(1, w.NOTIMP, "dso-not-implemented", "|retried-too-early", "warn"), Pause(0.3),
        C(w.request(2, w.keepalive(15_000, HOUR)), see=See("warn", violation="dso-after-not-implemented")),
        S(w.response(2, rcode=w.NOTIMP), see=See("note|warn", "dso-not-implemented|", "", "|connection-closed", w.NOTIMP)), *BYE)),

    Scenario("notimp-to-query-in-session", "a server that knows only DSO answers an ordinary query with NOTIMP: no word about DSO", (
        *START, C(w.query(101, HOST)), S(w.answer(101, HOST, rcode=w.NOTIMP)), *keepalive(2, 15_000, HOUR), *BYE)),

    Scenario("refused-first", "the first message, a Keepalive, gets REFUSED: no DSO there (RFC 8490 section 5.1.1)", (
        C(KEEPALIVE), failed(1, w.REFUSED, "dso-not-implemented", "|connection-closed", "note"), *BYE)),

    Scenario("subscribe-first-notimp-tls", "SUBSCRIBE as first message gets NOTIMP", (
        C(SUBSCRIBE), failed(2, w.NOTIMP, "dso-not-implemented", "|connection-closed", "note"), *BYE), "tls"),

    Scenario("subscribe-first-refused-tls", "SUBSCRIBE as first message gets REFUSED: for RFC 8490 no DSO, for RFC 8765 no leave", (
        C(SUBSCRIBE), failed(2, w.REFUSED, "dso-refused|dso-not-implemented", "|connection-closed", "note|warn"), *BYE), "tls"),

    subscribe_failed("refused", w.REFUSED, 5 * MINUTE),
    subscribe_failed("notauth", w.NOTAUTH, 5 * MINUTE),
    subscribe_failed("servfail", w.SERVFAIL, MINUTE),

    malformed("counts", w.request(7, w.keepalive(15_000, HOUR), counts=(1, 0, 0, 0)), "dso-nonzero-counts",
              "QDCOUNT 1 in a Keepalive; the server answers FORMERR as it must"),
    malformed("length", w.request(7, w.tlv(w.KEEPALIVE, w.keepalive(15_000, HOUR)[4:], length=12)),
              "tlv-overruns-message|tlv-overruns-message,keepalive-bad-length",
              "a Keepalive TLV that says 12 bytes where 8 are left"),
    malformed("no-tlv", w.request(7), "request-without-tlv", "a request of a bare header"),

    Scenario("formerr-first", "a proper Keepalive as first message gets FORMERR: an old server that tries to read a question", (
        C(KEEPALIVE), failed(1, w.FORMERR, "dso-formerr|dso-not-implemented", "|connection-closed", "note|warn"), *BYE)),

    Scenario("no-response", "no response to a Keepalive for 32 s; then the client aborts, as it must", (
        C(KEEPALIVE, label="request"), Pause(32),
        End(CLIENT, force=True, label="abort", see=See("warn", "dso-no-response", "", "|connection-closed", at="request|abort")))),

    dropped("reset", "RST as the answer to the first Keepalive", True),
    dropped("closed", "FIN as the answer to the first Keepalive", False),

    Scenario("retry-delay-reasons", "five sessions, each ended by a Retry Delay of 0.3 s with another reason: 0, 1, 2, 5, 9; the client "
             "closes at once and comes back after the delay", tuple(step for reason in REASONS for step in (
                 Connect(), *START, told_to_go(300, reason), End(CLIENT), Pause(0.6)))),

    Scenario("retry-delay-unknown-reason", "a Retry Delay with a reason that RFC 8490 does not list (4)", (
        *START, told_to_go(300, w.NOTIMP), End(CLIENT))),

    Scenario("retry-delay-respected", "Retry Delay of 2 s; the client closes, comes back after 2.2 s", (
        *START, *ask(101), told_to_go(2_000), End(CLIENT), Pause(2.2), Connect(), *START, *BYE)),

    Scenario("retry-delay-zero", "Retry Delay of 0: the client may come back at once, and does", (
        *START, told_to_go(0), End(CLIENT), Connect(), *START, *BYE)),

    Scenario("retry-delay-other-client", "Retry Delay of 60 s to one client; another one, 192.0.2.3, connects: the delay is not its own", (
        *START, told_to_go(MINUTE), End(CLIENT), Pause(0.3), Connect(source="192.0.2.3"), *START, *ask(101), *BYE)),

    Scenario("retry-delay-for-one-operation-tls", "SUBSCRIBE gets REFUSED with a Retry Delay of 60 s as additional TLV: it bars that "
             "operation, not a new connection, which comes 0.3 s later (RFC 8490 section 7.2.2)", (
        *START, C(SUBSCRIBE), failed(2, w.REFUSED, "dso-refused", "|connection-closed", tlvs=[w.retry_delay(MINUTE)]),
        *BYE, Pause(0.3), Connect(), *START, *ask(101), *BYE), "tls"),

    Scenario("notimp-same-port-again", "NOTIMP, RST; then a connection between the same ports, where DSO works: it contradicts the "
             "NOTIMP", (
        C(KEEPALIVE), S(w.response(1, rcode=w.NOTIMP), see=See("note", "dso-notimp", "", "|connection-closed", w.NOTIMP)), End(CLIENT, force=True), Pause(0.3),
        Connect(), *START, *ask(101), *BYE), client_port=49152),

    Scenario("retry-delay-in-flight", "a query crosses with the Retry Delay and stays without a response, as it must", (
        *START, C(w.query(101, HOST)), told_to_go(2_000), End(CLIENT))),

    Scenario("retry-delay-subscription-tls", "REFUSED as reason, with a subscription open; over TLS", (
        *SUBSCRIBED, told_to_go(5 * MINUTE, w.REFUSED), End(CLIENT)), "tls"),

    Scenario("reconnected-too-early", "Retry Delay of 60 s; the client is back after 0.5 s", (
        *START, told_to_go(MINUTE, outcome="|retried-too-early"), End(CLIENT), Pause(0.5),
        Connect(label="syn", see=See("warn", "reconnected-too-early", "reconnect-before-retry-delay", at="syn|dso")),
        C(KEEPALIVE, label="dso"), S(w.response(1, w.keepalive(15_000, HOUR))), *BYE)),

    Scenario("reconnected-too-early-refused", "Retry Delay of 60 s; of the early new connection there is only the SYN and its RST", (
        *START, told_to_go(MINUTE, outcome="|retried-too-early", label="delay"), End(CLIENT), Pause(0.5),
        Connect(label="syn", see=See("warn", "reconnected-too-early|", "reconnect-before-retry-delay", at="syn|delay")),
        End(SERVER, force=True))),

    Scenario("cancelled-by-server-tls", "the server cancels an accepted subscription with a second response, NOTAUTH: legal "
             "(RFC 8490 section 5.6); the session goes on", (
        *SUBSCRIBED, Pause(0.3), S(w.response(2, w.retry_delay(5 * MINUTE), rcode=w.NOTAUTH), see=See(
            "chat|note|warn", "dso-notauth|", "", "|connection-closed|fell-back-to-queries", w.NOTAUTH)), *ask(101), *BYE), "tls"),

    Scenario("server-closes-session", "the server closes an established session by FIN: nothing to diagnose as DSO failure", (
        *START, *ask(101), *SERVER_BYE)),

    Scenario("client-aborts-on-empty-keepalive", "the server answers Keepalive with a bare NOERROR; the client aborts", (
        C(KEEPALIVE), S(w.response(1), see=See("error", violation="keepalive-response-missing-keepalive-tlv", rcode=0)), *CLIENT_ABORTS)),
)
