# SPDX-License-Identifier: GPL-2.0-or-later
"""Pieces that many scenarios share.  IDs 1 (Keepalive) and 2 (SUBSCRIBE) are theirs; queries start at 100."""

from . import wire as w
from .script import CLIENT, SERVER, C, End, Pause, S, See

HOST, SERVICE, ZONE = "host.example.com", "_ipp._tcp.example.com", "example.com"
PRINTER, SCANNER = "Printer._ipp._tcp.example.com", "Scanner._ipp._tcp.example.com"
HOUR = 3_600_000
TIMERS = w.keepalive(15_000, HOUR)

KEEPALIVE = w.request(1, TIMERS)
KEEPALIVE_OK = w.response(1, TIMERS)
SUBSCRIBE = w.request(2, w.subscribe(SERVICE, "PTR"))
SUBSCRIBE_OK = w.response(2)

START = (C(KEEPALIVE), S(KEEPALIVE_OK))                 # establishes a session
SUBSCRIBED = (*START, C(SUBSCRIBE), S(SUBSCRIBE_OK))    # and a subscription in it
BYE = (Pause(0.15), End(CLIENT))
SERVER_BYE = (Pause(0.15), End(SERVER))
RIGHTLY = See("note", "dso-session-aborted")            # the other side has broken a rule
CLIENT_ABORTS = (End(CLIENT, force=True, see=RIGHTLY),)
SERVER_ABORTS = (End(SERVER, force=True, see=RIGHTLY),)

NOTE_CLEAR_PUSH = See("note", violation="push-without-tls")


def keepalive(ident, inactivity, interval):
    """The client asks for the usual timers, the server grants these."""
    return C(w.request(ident, TIMERS)), S(w.response(ident, w.keepalive(inactivity, interval)))


def ask(ident, host=HOST, qtype="A", address="192.0.2.80"):
    """An ordinary query and its answer."""
    return C(w.query(ident, host, qtype)), S(w.answer(ident, host, qtype, w.a(address)))


def ptr(instance, **fields):
    """A service record as first record of a PUSH; the owner of the others can point at offset 16."""
    return w.record(SERVICE, "PTR", w.name(instance), **fields)


def pushed(*records, **fields):
    return w.unidirectional(w.push(*records), **fields)
