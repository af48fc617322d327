# SPDX-License-Identifier: GPL-2.0-or-later
"""Servers as packaged by Debian 12, none of which implements DSO, each in its own way.

What they do is theirs to decide, so these scripts have no server side.  BEHAVIOUR was read from
captures of them; another version may do otherwise, and then its truth has to be read anew.
"""

from . import wire as w
from .parts import HOST, KEEPALIVE, NOTE_CLEAR_PUSH, SUBSCRIBE
from .script import CLIENT, C, Connect, End, Hear, Pause, Scenario, See

NOTIMP, SERVFAIL, CLOSES, SILENT = "NOTIMP", "SERVFAIL", "the connection closed", "nothing"

# what a Keepalive, a SUBSCRIBE and a bare header get over TCP; a Keepalive and a bare header over UDP
BEHAVIOUR = {
    "bind": ("BIND 9.18.49", (NOTIMP, NOTIMP, NOTIMP), (NOTIMP, NOTIMP)),
    "knot": ("Knot DNS 3.2.6", (CLOSES, CLOSES, NOTIMP), (SILENT, NOTIMP)),
    "nsd": ("NSD 4.6.1", (NOTIMP, NOTIMP, CLOSES), (NOTIMP, NOTIMP)),
    "unbound": ("Unbound 1.17.1", (NOTIMP, NOTIMP, NOTIMP), (NOTIMP, NOTIMP)),
    "pdns": ("PowerDNS Authoritative Server 4.7.3", (CLOSES, CLOSES, CLOSES), (SILENT, SILENT)),
    "dnsdist": ("dnsdist 1.7.3", (NOTIMP, NOTIMP, NOTIMP), (NOTIMP, NOTIMP)),
    "kresd": ("Knot Resolver 5.6.0", (SILENT, SILENT, SERVFAIL), (SILENT, SERVFAIL)),
}
BARE = w.request(3)         # no TLV: servers that try to read a body behave differently
OVER_TCP = (                # what is sent, and what is wrong with it
    (KEEPALIVE, None),
    (SUBSCRIBE, NOTE_CLEAR_PUSH),
    (BARE, See("warn", violation="request-without-tlv")))
OVER_UDP = (
    (KEEPALIVE, See("warn", violation="dso-over-udp")),
    (BARE, See("warn", violation="dso-over-udp,request-without-tlv|dso-over-udp")))

GOES_ON = "|fell-back-to-queries"
# A server that does not know DSO says nothing about it with its RA bit
TCP_ANSWER = {
    NOTIMP: See("note", "dso-not-implemented", "", GOES_ON, w.NOTIMP),
    SERVFAIL: See("note|warn", "dso-not-implemented", "|nonzero-z-bits", GOES_ON, w.SERVFAIL),
}
# NOTIMP over UDP says nothing about TCP
UDP_ANSWER = {
    NOTIMP: See("|note|warn", "|dso-not-implemented", "|dso-over-udp", GOES_ON, w.NOTIMP),
    SERVFAIL: See("|note|warn", "|dso-not-implemented", "|dso-over-udp|nonzero-z-bits|dso-over-udp,nonzero-z-bits", GOES_ON, w.SERVFAIL),
}
QUERY = C(w.query(101, HOST)), Hear()       # does it still serve?


def connection(number, message, wrong, gets):
    """A connection for one DSO message, and a query behind it where that is possible."""
    sent = C(message, see=wrong, label=f"request{number}")
    if gets == CLOSES:
        ends = f"end{number}"
        dropped = See("warn", "dso-connection-dropped", "", "|connection-closed", at=f"{sent.label}|{ends}")
        if message is BARE:     # it breaks a rule: whoever drops it says nothing about DSO
            dropped = See("note|", "dso-session-aborted|", at=ends)
        return Connect(), sent, Hear(message=False, label=ends, see=dropped), End(CLIENT), Pause(0.2)
    if gets == SILENT:      # too short a silence to be sure of
        unsure = See("|note|warn", "|dso-no-response", "", GOES_ON + "|connection-closed", at=sent.label)
        return Connect(), sent, Hear(message=False, see=unsure), *QUERY, End(CLIENT), Pause(0.2)
    return Connect(), sent, Hear(see=TCP_ANSWER[gets]), *QUERY, End(CLIENT), Pause(0.2)


def over_tcp(answers):
    return tuple(step for number, ((message, wrong), gets) in enumerate(zip(OVER_TCP, answers))
                 for step in connection(number, message, wrong, gets))


def over_udp(answers):
    exchanges = (step for (message, wrong), gets in zip(OVER_UDP, answers)
                 for step in (C(message, see=wrong), Hear(message=gets in UDP_ANSWER, see=UDP_ANSWER.get(gets))))
    return Connect(), *exchanges, *QUERY


SILENCE = Scenario("real-kresd-silence", "Knot Resolver 5.6.0: a Keepalive over TCP gets nothing, until the server closes "
                   "its idle connection", (
    Connect(), C(KEEPALIVE, label="request"),
    Hear(33, message=False, label="end", see=See(
        "warn", "dso-no-response|dso-connection-dropped", "", "|connection-closed", at="request|end")), End(CLIENT)), real="kresd")

# What `dig +opcode=6 +tcp` sends: an ordinary query under DSO's opcode, with a question and an OPT
QUESTION = w.header(9, bits=0x12, counts=(1, 0, 0, 1)) + w.name(HOST) + b"\0\1\0\1" + w.opt()
LIKE_DIG = Scenario("real-bind-question", "BIND 9.18.49: opcode 6 with a question, as `dig +opcode=6` sends it: no DSO message", (
    Connect(), C(QUESTION, see=See("warn", violation="dso-nonzero-counts|dso-nonzero-counts,nonzero-z-bits")),
    Hear(see=See("|note|warn", "|dso-not-implemented", "|dso-nonzero-counts", GOES_ON, w.NOTIMP)), *QUERY, End(CLIENT)), real="bind")

SCENARIOS = (*(
    scenario for key, (what, tcp, udp) in BEHAVIOUR.items() for scenario in (
        Scenario(f"real-{key}", f"{what}: Keepalive gets {tcp[0]}, SUBSCRIBE {tcp[1]}, a bare DSO header {tcp[2]}; a TCP connection "
                 "for each, then an ordinary query on it", over_tcp(tcp), real=key),
        Scenario(f"real-{key}-udp", f"{what} over UDP, where DSO has no place: Keepalive gets {udp[0]}, a bare DSO header {udp[1]}; "
                 "then an ordinary query", over_udp(udp), "udp", real=key))), SILENCE, LIKE_DIG)
