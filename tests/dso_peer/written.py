# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures written packet by packet: frames that a capture lacks, messages that cross on a slow path, an hour between two of
them.  What is right in them was read from their packets: tests/truth/dso."""

import ipaddress
import struct

from . import wire as w
from .parts import HOUR

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
SECOND = 10 ** 9
START = 1_700_000_000 * SECOND
NI = w.DSOTYPENI
PRINTERS, WEB = "_ipp._tcp.example.com", "_http._tcp.example.com"
CLIENT, OTHER, THIRD, SERVER = "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.1"


# ---- frames

def checksum(data):
    data += bytes(len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def ethernet(source, destination, segment):
    """Ethernet, IPv4 and the TCP segment with its checksum."""
    source, destination = ipaddress.IPv4Address(source).packed, ipaddress.IPv4Address(destination).packed
    pseudo = source + destination + struct.pack("!BBH", 0, 6, len(segment))
    segment = segment[:16] + struct.pack("!H", checksum(pseudo + segment)) + segment[18:]
    header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(segment), 0, 0x4000, 64, 6, 0, source, destination)
    header = header[:10] + struct.pack("!H", checksum(header)) + header[12:]
    return bytes.fromhex("020000000002 020000000001 0800") + header + segment


def block(kind, body):
    body += bytes(-len(body) % 4)
    return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)


def pcapng(frames):
    nanoseconds = struct.pack("<HHB3xHH", 9, 1, 9, 0, 0)
    yield block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1))
    yield block(1, struct.pack("<HHI", 1, 0, 262144) + nanoseconds)
    for time, frame in frames:
        yield block(6, struct.pack("<IIIII", 0, time >> 32, time & 0xffffffff, len(frame), len(frame)) + frame)


class Network:
    """Time, and what was captured."""

    def __init__(self):
        self.time, self.frames, self.ports = START, [], 40000

    def wait(self, seconds):
        self.time += int(seconds * SECOND)

    def connect(self, client=CLIENT, opened=True, path=0, only=""):
        self.ports += 1
        link = Link(self, client, self.ports, only)
        if opened:
            link.segment("c", SYN)
            link.segment("s", SYN | ACK)
            self.wait(path)
            link.segment("c", ACK)
        return link


class Link:
    """A connection; "c" is its client, "s" its server. `only`: of one of them alone something is captured."""

    def __init__(self, network, client, port, only):
        self.network, self.only = network, only
        self.ends = {"c": (client, port), "s": (SERVER, 53)}
        self.sent = {"c": 1000 + port, "s": 5000 + port}

    def segment(self, side, flags, data=b"", *, lost=False, has=None):
        """`has`: what its sender has received, where that is not all."""
        other = "s" if side == "c" else "c"
        (source, sport), (destination, dport) = self.ends[side], self.ends[other]
        acknowledged = (self.sent[other] if has is None else has) if flags & ACK else 0
        header = struct.pack("!HHIIBBHHH", sport, dport, self.sent[side], acknowledged, 0x50, flags, 65000, 0, 0)
        if not lost and self.only in ("", side):
            self.network.frames.append((self.network.time, ethernet(source, destination, header + data)))
        self.sent[side] += len(data) + bool(flags & (SYN | FIN))
        self.network.time += SECOND // 2000

    def send(self, side, *messages, lost=False, has=None, quiet=False):
        """`quiet`: without the acknowledgement."""
        self.segment(side, PSH | ACK, b"".join(map(w.framed, messages)), lost=lost, has=has)
        if not quiet:
            self.segment("s" if side == "c" else "c", ACK)
        return self

    def c(self, *messages, **how):
        return self.send("c", *messages, **how)

    def s(self, *messages, **how):
        return self.send("s", *messages, **how)

    def wait(self, seconds):
        self.network.wait(seconds)
        return self

    def close(self, side="c"):
        other = "s" if side == "c" else "c"
        self.segment(side, FIN | ACK)
        self.segment(other, FIN | ACK)
        self.segment(side, ACK)

    def reset(self, side):
        self.segment(side, RST | ACK)

    # ---- what comes again and again

    def session(self, inactivity=15_000, ident=1):
        return self.c(keepalive(ident)).s(granted(ident, inactivity))

    def subscribe(self, ident=2, name=PRINTERS, rcode=w.NOERROR, *tlvs):
        return self.c(subscribe(ident, name)).s(w.response(ident, *tlvs, rcode=rcode))

    def ask(self, ident=101):
        return self.c(w.query(ident, "www.example.com")).s(w.answer(ident, "www.example.com", "A", w.a("192.0.2.80")))


def keepalive(ident):
    return w.request(ident, w.keepalive(15_000, HOUR))


def granted(ident, inactivity=15_000):
    return w.response(ident, w.keepalive(inactivity, HOUR))


def subscribe(ident, name=PRINTERS):
    return w.request(ident, w.subscribe(name, "PTR"))


def unsubscribe(ident):
    return w.unidirectional(w.unsubscribe(ident))


def pushed(instance="p1"):
    return w.unidirectional(w.push(w.record(PRINTERS, "PTR", w.name(f"{instance}.{PRINTERS}"))))


def go_away(milliseconds):
    return w.unidirectional(w.retry_delay(milliseconds))


# ---- scenes

SCENES = {}


def scene(story):
    def add(function):
        SCENES[function.__name__.replace("_", "-")] = (story, function)
        return function
    return add


@scene("the response to the Keepalive is missing in the capture; SUBSCRIBE gets RCODE 11: whether a session stood, nobody can tell")
def gap_while_establishing(n):
    link = n.connect().c(keepalive(1)).s(granted(1), lost=True).wait(0.2)
    link.subscribe(rcode=NI).wait(0.2).ask().close()


@scene("the response to a SUBSCRIBE and the UNSUBSCRIBE behind it are missing in the capture; the same SUBSCRIBE again is not the second one")
def gap_before_second_subscribe(n):
    link = n.connect().session().c(subscribe(2)).s(w.response(2), lost=True, quiet=True).wait(1)
    link.c(unsubscribe(2), lost=True, quiet=True).wait(0.1).subscribe().wait(0.1).c(unsubscribe(2)).wait(0.1).close()


@scene("the capture begins in a session; after 35 s without activity the server resets it, which the default timeout of 15 s would "
       "demand of it: no word of a reset without reason")
def partial_reset_when_idle(n):
    link = n.connect(opened=False).ask().subscribe().wait(0.1).c(unsubscribe(2)).wait(35)
    link.reset("s")


@scene("the capture begins with a SUBSCRIBE, which gets REFUSED: a session may stand, so no word of a server without DSO")
def partial_subscribe_refused(n):
    n.connect(opened=False).subscribe(rcode=w.REFUSED).wait(1).close()


@scene("the capture begins in a session; SUBSCRIBE gets a RST: it may have been the second one of its name")
def partial_reset_on_subscribe(n):
    n.connect(opened=False).s(pushed()).wait(1).c(subscribe(7)).reset("s")


@scene("only what the client sends; it uses its message ID again, after responses that nobody recorded")
def partial_only_client_ids(n):
    n.connect(only="c").session().wait(10).session().wait(10).session().wait(2).close()


@scene("only what the server sends: a Retry Delay of 60 s; whether the client closes, nobody can see")
def partial_only_server_retry_delay(n):
    link = n.connect(only="s").session().wait(1).s(go_away(60_000)).wait(0.1)
    link.segment("c", FIN | ACK)
    link.segment("s", ACK)
    n.wait(10)
    n.connect(OTHER).ask().close()


@scene("a Retry Delay of 60 s; the client's FIN is missing in the capture, the server acknowledges it")
def fin_not_captured(n):
    link = n.connect().session().wait(1).s(go_away(60_000)).wait(0.1)
    link.segment("c", FIN | ACK, lost=True)
    link.segment("s", ACK)
    n.wait(10)
    n.connect(OTHER).ask().close()


@scene("a Retry Delay that is missing in the capture, and a RST behind it: its sequence number tells that something is missing")
def reset_behind_lost_bytes(n):
    n.connect().session().wait(0.1).s(go_away(60_000), lost=True, quiet=True).wait(3).reset("s")


@scene("no response to a SUBSCRIBE for 40 s in a session that stands; then an ordinary query is answered. There is no rule to abort")
def no_response_in_session(n):
    n.connect().session(w.INFINITE).wait(1).c(subscribe(5)).wait(40).ask().close()


@scene("the client does not answer a request of the server for 40 s")
def no_response_of_client(n):
    n.connect().session(w.INFINITE).wait(1).s(w.request(5, w.tlv(0xF801, b"q"))).wait(40).ask().close()


@scene("the response to the first Keepalive comes after 40 s, and establishes the session")
def late_response_establishes(n):
    n.connect().c(keepalive(1)).wait(40).s(granted(1)).wait(0.2).ask().close()


@scene("recorded at the server, a path of 300 ms: the client's second Keepalive crosses the NOTIMP to its first one, which it had not "
       "received yet; no early retry")
def requests_cross_notimp(n):
    link = n.connect(path=0.3).c(keepalive(1), quiet=True)
    before = link.sent["s"]
    link.s(w.response(1, rcode=w.NOTIMP), quiet=True).wait(0.2).c(keepalive(2), quiet=True, has=before)
    link.s(w.response(2, rcode=w.NOTIMP), quiet=True).wait(0.2).segment("c", ACK)
    link.wait(1).ask().close()


@scene("recorded at the server, a path of 500 ms: an UNSUBSCRIBE crosses the cancellation by the server")
def unsubscribe_crosses_cancellation(n):
    link = n.connect(path=0.5).session().wait(1).subscribe().wait(1)
    before = link.sent["s"]
    link.s(w.response(2, rcode=w.SERVFAIL), quiet=True).wait(0.4).c(unsubscribe(2), quiet=True, has=before)
    link.wait(0.2).close()


@scene("recorded at the client, a path of 3 s: a PUSH of before the UNSUBSCRIBE, which it does not acknowledge, comes 2.5 s later")
def push_crosses_unsubscribe_late(n):
    link = n.connect(path=3).session().subscribe().wait(1)
    before = link.sent["c"]
    link.c(unsubscribe(2), quiet=True).wait(2.5).s(pushed(), quiet=True, has=before).wait(0.1).segment("s", ACK)
    link.wait(1).close()


@scene("two sessions of one client; one gets a Retry Delay of 60 s, then the other one of 0: the last word lets the client come back")
def retry_delay_replaced(n):
    first, second = n.connect().session(), n.connect().session()
    first.s(go_away(60_000)).wait(0.1).close()
    second.wait(0.2).s(go_away(0)).wait(0.1).close()
    n.wait(1)
    n.connect().session().wait(1).close()


@scene("a Retry Delay behind the client's FIN, which the client need not read any more; it comes back after 2 s")
def retry_delay_after_fin(n):
    link = n.connect().session().wait(1)
    link.segment("c", FIN | ACK)
    link.s(go_away(60_000), quiet=True)
    link.segment("s", FIN | ACK)
    link.segment("c", ACK)
    n.wait(2)
    n.connect().session().wait(1).close()


@scene("the capture begins in a session in which the server pushes; another client gets NOTIMP, a third one RCODE 11 to SUBSCRIBE: a "
       "server that pushes has DSO and Push")
def pushes_to_another_client(n):
    link = n.connect(opened=False).s(pushed()).wait(1)
    n.connect(OTHER).c(keepalive(1)).s(w.response(1, rcode=w.NOTIMP)).wait(0.2).ask().close()
    n.connect(THIRD).subscribe(rcode=NI).wait(0.2).ask().close()
    link.s(pushed("p2"))


@scene("an accepted subscription is cancelled with RCODE 11: the server had taken it")
def push_cancelled_by_dsotypeni(n):
    link = n.connect().session().subscribe().wait(1).s(pushed()).wait(1)
    link.s(w.response(2, rcode=NI)).wait(1).ask().close()


@scene("a Keepalive that the server ignores; it answers two queries behind it, and closes the idle connection 10 s later: not on DSO")
def ignored_then_closed(n):
    n.connect().c(keepalive(1)).wait(0.1).ask().wait(0.1).ask(102).wait(10).close("s")


@scene("RCODE 11 twice to one SUBSCRIBE; the client aborts, as it must")
def dsotypeni_twice(n):
    n.connect().session().subscribe(rcode=NI).wait(0.2).s(w.response(2, rcode=NI)).wait(0.2).reset("c")


@scene("FORMERR to a SUBSCRIBE, and a second later NXDOMAIN to one of another name: nothing was tried again")
def formerr_then_other_name(n):
    n.connect().session().subscribe(rcode=w.FORMERR).wait(1).subscribe(3, WEB, w.NXDOMAIN).wait(1).close()


@scene("RCODE 11 with a Retry Delay TLV of 3 bytes: how long to wait cannot be read, so nobody was too early")
def dsotypeni_unreadable_delay(n):
    short = w.tlv(w.RETRY_DELAY, bytes(3))
    n.connect().session().subscribe(2, PRINTERS, NI, short).wait(0.5).subscribe(3, PRINTERS, NI, short).wait(0.5).close()


@scene("RCODE 11 to opcode 6 with a question: the request is there, but it is no DSO message")
def dsotypeni_to_counts(n):
    question = w.name("x.example") + struct.pack("!HH", 1, w.IN)
    ask = w.header(5, counts=(1, 0, 0, 0)) + question
    n.connect().c(ask).s(w.header(5, response=True, rcode=NI, counts=(1, 0, 0, 0)) + question).wait(1).close()


def write(name, path):
    network = Network()
    SCENES[name][1](network)
    path.write_bytes(b"".join(pcapng(network.frames)))
