# SPDX-License-Identifier: GPL-2.0-or-later
"""Each rule of RFC 8765 broken once.  Over TLS, so that the note about Push in the clear does not mix in."""

import struct

from . import wire as w
from .parts import (BYE, CLIENT_ABORTS, HOST, NOTE_CLEAR_PUSH, PRINTER, SERVER_ABORTS, SERVICE, START, SUBSCRIBE, SUBSCRIBE_OK,
                    SUBSCRIBED, ask, ptr, pushed)
from .script import C, Pause, S, Scenario, See

ERROR, WARN, NOTE = "error", "warn", "note"
TYPE_CLASS = struct.pack("!HH", 12, 1)
HOST_RECORD = w.record(HOST, "A", w.a("192.0.2.9"))


def client_breaks(name, story, message, severity, violation, end=SERVER_ABORTS):
    return Scenario(f"{name}-tls", story, (*SUBSCRIBED, C(message, see=See(severity, violation=violation)), *end), "tls")


def server_breaks(name, story, message, severity, violation, rcode="", end=CLIENT_ABORTS):
    return Scenario(f"{name}-tls", story, (*SUBSCRIBED, S(message, see=See(severity, violation=violation, rcode=rcode)), *end), "tls")


def bad_subscribe(name, story, data):
    """The server answers FORMERR; the session goes on."""
    return Scenario(f"subscribe-bad-data-{name}-tls", story, (
        *START, C(w.request(2, w.tlv(w.SUBSCRIBE, data)), see=See("warn|error", violation="subscribe-bad-data")),
        S(w.response(2, w.retry_delay(300_000), rcode=w.FORMERR), see=See(
            WARN, "dso-formerr", "", "|connection-closed|fell-back-to-queries", w.FORMERR)), *ask(101), *BYE), "tls")


def bad_push(name, story, data):
    return server_breaks(f"push-bad-data-{name}", story, w.unidirectional(w.tlv(w.PUSH, data)), "warn|error", "push-bad-data")


CLIENT_RULES = (
    Scenario("push-without-tls", "a whole Push session over clear TCP", (
        *START, C(SUBSCRIBE, see=NOTE_CLEAR_PUSH), S(SUBSCRIBE_OK),
        S(pushed(ptr(PRINTER)), see=See("note|", violation="|push-without-tls")),
        C(w.unidirectional(w.unsubscribe(2)), see=See("note|", violation="|push-without-tls")), *BYE)),

    client_breaks("push-from-client", "PUSH from the client; the server aborts", pushed(ptr(PRINTER)), ERROR, "push-from-client"),

    client_breaks("unsubscribe-bad-length", "UNSUBSCRIBE of 3 bytes; the server ignores it", w.unidirectional(
        w.tlv(w.UNSUBSCRIBE, b"\0\2\0")), "warn|error", "unsubscribe-bad-length", end=BYE),
    client_breaks("unsubscribe-by-name", "UNSUBSCRIBE with name, type and class, as drafts before RFC 8765 had it", w.unidirectional(
        w.tlv(w.UNSUBSCRIBE, w.name(SERVICE) + TYPE_CLASS)), "warn|error", "unsubscribe-bad-length", end=BYE),
    client_breaks("unsubscribe-unknown", "UNSUBSCRIBE of an ID that no SUBSCRIBE had; ignored", w.unidirectional(
        w.unsubscribe(0x4444)), NOTE, "unsubscribe-unknown", end=BYE),

    Scenario("unsubscribe-twice-tls", "UNSUBSCRIBE twice; the second finds nothing", (
        *SUBSCRIBED, C(w.unidirectional(w.unsubscribe(2))), Pause(0.2),
        C(w.unidirectional(w.unsubscribe(2)), see=See(NOTE, violation="unsubscribe-unknown")), *BYE), "tls"),

    client_breaks("unsubscribe-with-id", "UNSUBSCRIBE with a message ID; the server aborts", w.request(
        3, w.unsubscribe(2)), ERROR, "unidirectional-nonzero-id"),
    client_breaks("reconfirm-with-id", "RECONFIRM with a message ID; the server aborts", w.request(
        3, w.reconfirm(SERVICE, "PTR", w.name(PRINTER))), ERROR, "unidirectional-nonzero-id"),
    client_breaks("reconfirm-any-type", "RECONFIRM of type ANY", w.unidirectional(
        w.reconfirm(SERVICE, "ANY", b"")), "warn|error", "reconfirm-any", end=BYE),
    client_breaks("reconfirm-any-class", "RECONFIRM of class ANY", w.unidirectional(
        w.reconfirm(HOST, "A", w.a("192.0.2.9"), w.ANY)), "warn|error", "reconfirm-any", end=BYE),
    client_breaks("reconfirm-bad-data", "RECONFIRM that ends in its class", w.unidirectional(
        w.tlv(w.RECONFIRM, w.name(SERVICE) + TYPE_CLASS[:3])), "warn|error", "reconfirm-bad-data", end=BYE),

    bad_subscribe("cut", "SUBSCRIBE that ends in its type", w.name(SERVICE) + TYPE_CLASS[:1]),
    bad_subscribe("long", "SUBSCRIBE with bytes left over", w.name(SERVICE) + TYPE_CLASS + b"\0\0\0"),
    bad_subscribe("loop", "SUBSCRIBE whose name is a compression pointer to itself", w.pointer(16) + TYPE_CLASS),
    bad_subscribe("label", "SUBSCRIBE whose last label runs past the end", b"\x04_ipp\x3fexample"),

    client_breaks("duplicate-subscription", "name, type and class of an active subscription again, in capitals; the server aborts",
                  w.request(3, w.subscribe(SERVICE.upper(), "PTR")), ERROR, "duplicate-subscription"),
)

SERVER_RULES = (
    server_breaks("subscribe-from-server", "SUBSCRIBE from the server; the client aborts", w.request(
        3, w.subscribe(HOST, "A")), ERROR, "subscribe-from-server"),
    server_breaks("unsubscribe-from-server", "UNSUBSCRIBE from the server; the client aborts", w.unidirectional(
        w.unsubscribe(2)), ERROR, "unsubscribe-from-server"),
    server_breaks("reconfirm-from-server", "RECONFIRM from the server; the client aborts", w.unidirectional(
        w.reconfirm(SERVICE, "PTR", w.name(PRINTER))), ERROR, "reconfirm-from-server"),
    server_breaks("push-with-id", "PUSH with a message ID; the client aborts", w.request(
        9, w.push(ptr(PRINTER))), ERROR, "unidirectional-nonzero-id"),
    server_breaks("push-as-response", "PUSH with QR=1, which makes it a response with ID 0; the client aborts", w.response(
        0, w.push(ptr(PRINTER))), ERROR, "response-id-zero|response-id-zero,response-to-unidirectional", rcode=0),
    server_breaks("push-without-records", "an empty PUSH; the client aborts", pushed(), ERROR, "push-without-records"),
    server_breaks("push-any-type", "PUSH adds a record of type ANY; the client aborts", pushed(
        w.record(SERVICE, "ANY", b"")), ERROR, "push-any-type-or-class"),
    server_breaks("push-any-class", "PUSH removes a record of class ANY; the client aborts", pushed(
        ptr(PRINTER, ttl=w.REMOVE_RECORD, rclass=w.ANY)), ERROR, "push-any-type-or-class"),
    server_breaks("push-remove-with-rdata", "collective remove with RDATA; the client aborts", pushed(
        ptr(PRINTER, ttl=w.REMOVE_COLLECTIVE)), ERROR, "push-remove-with-rdata"),
    Scenario("push-too-large", "PUSH of 16,383 bytes, one too many; the client aborts; over clear TCP to stay small", (
        *START, C(SUBSCRIBE, see=NOTE_CLEAR_PUSH), S(SUBSCRIBE_OK),
        S(pushed(w.record(SERVICE, "PTR", w.name(PRINTER)),
                 *[w.record(w.pointer(16), "PTR", b"\1x" + w.pointer(16))] * 1017,
                 w.record(w.pointer(16), "PTR", b"\x10" + b"y" * 16 + w.pointer(16))),
          see=See(ERROR, violation="push-too-large|push-too-large,push-without-tls")), *CLIENT_ABORTS)),

    bad_push("cut", "PUSH whose record ends in its TTL; the client aborts", ptr(PRINTER)[:len(w.name(SERVICE)) + 6]),
    bad_push("rdlength", "PUSH whose RDLEN runs past the end; the client aborts", HOST_RECORD[:-1]),
    bad_push("loop", "PUSH whose first name is a compression pointer to itself; the client aborts", w.record(w.pointer(16), "A", bytes(4))),
    bad_push("left-over", "PUSH with three bytes behind its record; the client aborts", ptr(PRINTER) + b"\1\2\3"),

    server_breaks("push-without-subscription", "PUSH for a name that nobody subscribed to; to be ignored", pushed(HOST_RECORD),
                  WARN, "push-without-subscription", end=BYE),

    Scenario("push-crosses-unsubscribe-tls", "PUSH 0.3 s after the UNSUBSCRIBE that ends its subscription: a note, it may have "
             "crossed; another 2.5 s later did not", (
        *SUBSCRIBED, S(pushed(ptr(PRINTER))), C(w.unidirectional(w.unsubscribe(2))), Pause(0.3),
        S(pushed(ptr(PRINTER, ttl=w.REMOVE_RECORD)), see=See(NOTE, violation="push-without-subscription")), Pause(2.5),
        S(pushed(ptr(PRINTER)), see=See(WARN, violation="push-without-subscription")), *BYE), "tls"),

    Scenario("push-mixed-records-tls", "one PUSH with a CNAME, which fits any subscription of its name, and a record that fits none", (
        *SUBSCRIBED, S(pushed(w.record(SERVICE, "CNAME", w.name(HOST)))),
        S(pushed(ptr(PRINTER), HOST_RECORD), see=See(WARN, violation="push-without-subscription")), *BYE), "tls"),

    Scenario("subscribe-tlv-in-response-tls", "the SUBSCRIBE TLV comes back in the response; the client ignores it", (
        *START, C(SUBSCRIBE), S(w.response(2, w.subscribe(SERVICE, "PTR")), see=See(
            WARN, violation="subscribe-tlv-in-response", rcode=0)), S(pushed(ptr(PRINTER))), *BYE), "tls"),

    Scenario("subscribe-nxdomain-tls", "NXDOMAIN to SUBSCRIBE, which must be accepted for a name that does not exist yet", (
        *START, C(SUBSCRIBE), S(w.response(2, rcode=w.NXDOMAIN), see=See(
            WARN, "", "subscribe-nxdomain", "|connection-closed", w.NXDOMAIN)), *BYE), "tls"),
)

SCENARIOS = (*CLIENT_RULES, *SERVER_RULES)
