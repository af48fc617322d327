"""Captures of any size for the benchmark: see KINDS.

Written straight as pcap files (Ethernet), since real servers would take hours for a million messages. What is in them is as
real software sends it: sizes, flags, RFC 9018 cookies with a true timestamp; only the hash is made up. What is encrypted, and
DSO sessions, are bundled captures of real software, again and again, each time from another client.
"""
import hashlib
import ipaddress
import itertools
import struct

from harness import tshark
from trust import pcap

START = 1_750_000_000
SERVER = ipaddress.ip_address("192.0.2.53").packed
MAC = bytes.fromhex("020000000001020000000002")


def name(text):
    return b"".join(bytes([len(label)]) + label.encode() for label in text.split(".")) + b"\0"


def cookie_option(client, server=b""):
    return struct.pack("!HH", 10, len(client) + len(server)) + client + server


def opt(options=b"", upper=0):
    return b"\0" + struct.pack("!HHBBHH", 41, 1232, upper, 0, 0, len(options)) + options


def query(number, options, asked=None):
    question = name(asked or f"h{number % 5000}.example.test") + struct.pack("!HH", 1, 1)
    return struct.pack("!HHHHHH", number & 0xFFFF, 0x0100, 1, 0, 0, 1) + question + opt(options)


def response(number, options, rcode=0, asked=None):
    question = name(asked or f"h{number % 5000}.example.test") + struct.pack("!HH", 1, 1)
    answer = b"\xc0\x0c" + struct.pack("!HHIH4s", 1, 1, 3600, 4, SERVER) if rcode == 0 else b""
    header = struct.pack("!HHHHHH", number & 0xFFFF, 0x8500 | rcode & 15, 1, 1 if answer else 0, 0, 1)
    return header + question + answer + opt(options, rcode >> 4)


def ip(protocol, source, destination, payload):
    header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 0, 0, 64, protocol, 0, source, destination)
    return MAC + b"\x08\x00" + header + payload


def udp(source, destination, ports, payload):
    return ip(17, source, destination, struct.pack("!HHHH", *ports, 8 + len(payload), 0) + payload)


def tcp(source, destination, ports, sequence, acknowledged, payload):
    header = struct.pack("!HHIIBBHHH", *ports, sequence & 0xFFFFFFFF, acknowledged & 0xFFFFFFFF, 0x50, 0x18, 65000, 0, 0)
    return ip(6, source, destination, header + payload)


class Clients:
    """A hundred resolvers, each with its cookie, which the server renews every second as BIND does."""

    def __init__(self):
        self.server_cookies = {}

    def address(self, number):
        return struct.pack("!BBBB", 198, 51, 100, 1 + number % 100)

    def client_cookie(self, number):
        return hashlib.sha256(b"client%d" % (number % 100)).digest()[:8]

    def presented(self, number):
        return self.server_cookies.get(number % 100, b"")

    def issued(self, number, now):
        stamp = struct.pack("!BBHI", 1, 0, 0, int(now))
        fresh = stamp + hashlib.sha256(stamp + self.client_cookie(number)).digest()[:8]
        self.server_cookies[number % 100] = fresh
        return fresh


def ports(number):
    return 1024 + (number * 7919) % 60000, 53


def over_udp(count, with_cookies, refused_of_hundred=0):
    clients, now = Clients(), float(START)
    for number in range(count // 2):
        now += 0.0005
        client = clients.address(number)
        refused = number % 100 < refused_of_hundred
        ask = answer = b""
        if with_cookies:
            own = clients.client_cookie(number)
            ask = cookie_option(own, b"" if refused else clients.presented(number))
            answer = cookie_option(own, clients.issued(number, now))
        yield now, udp(client, SERVER, ports(number), query(number, ask))
        rcode = 23 if refused else 0
        yield now + 0.0002, udp(SERVER, client, ports(number)[::-1], response(number, answer, rcode))


def busy(count, with_cookies=True):
    """What authoritative servers see: each exchange from another of 260,000 clients, each with its own cookie, 20 servers, 5 %
    BADCOOKIE."""
    clients, now, servers, known = 260_000, float(START), 20, {}
    for number in range(count // 2):
        now += 0.0005
        who = number * 7919 % clients
        client = struct.pack("!BBBB", 10, who >> 16, who >> 8 & 255, who & 255)
        server = SERVER[:3] + bytes([1 + who % servers])
        ask = answer = b""
        refused = with_cookies and number % 100 < 5
        if with_cookies:
            own = hashlib.sha256(b"busy%d" % who).digest()[:8]
            stamp = struct.pack("!BBHI", 1, 0, 0, int(now))
            fresh = stamp + hashlib.sha256(stamp + own).digest()[:8]
            presented = b"" if refused else known.get(who, fresh[:4] + struct.pack("!I", int(now) - 60) + own)
            known[who] = fresh
            ask, answer = cookie_option(own, presented), cookie_option(own, fresh)
        yield now, udp(client, server, ports(number), query(number, ask))
        yield now + 0.0002, udp(server, client, ports(number)[::-1], response(number, answer, 23 if refused else 0))


def one_resolver(count):
    """What a resolver's network sees: one address asks 10,000 servers, each with a cookie of its own."""
    client, now, servers, known = struct.pack("!BBBB", 198, 51, 100, 1), float(START), 10_000, {}
    for number in range(count // 2):
        now += 0.0005
        who = number * 7919 % servers
        server = struct.pack("!BBBB", 10, 1, who >> 8, who & 255)
        own = hashlib.sha256(b"server%d" % who).digest()[:8]
        stamp = struct.pack("!BBHI", 1, 0, 0, int(now))
        fresh = stamp + hashlib.sha256(stamp + own).digest()[:8]
        yield now, udp(client, server, ports(number), query(number, cookie_option(own, known.get(who, b""))))
        known[who] = fresh
        yield now + 0.0002, udp(server, client, ports(number)[::-1], response(number, cookie_option(own, fresh)))


def over_tcp(count):
    """Connections of a hundred messages each."""
    clients, now = Clients(), float(START)
    sent = received = 1
    for number in range(count // 2):
        if number % 50 == 0:
            sent = received = 1
        now += 0.0005
        client, pair = clients.address(number // 50), (1024 + (number // 50) % 60000, 53)
        own = clients.client_cookie(number // 50)
        message = query(number, cookie_option(own, clients.presented(number // 50)))
        message = struct.pack("!H", len(message)) + message
        yield now, tcp(client, SERVER, pair, sent, received, message)
        sent += len(message)
        message = response(number, cookie_option(own, clients.issued(number // 50, now)))
        message = struct.pack("!H", len(message)) + message
        yield now + 0.0002, tcp(SERVER, client, pair[::-1], received, sent, message)
        received += len(message)


def without_dns(count):
    """HTTP requests and responses, in connections of a hundred messages each."""
    now, sent, received = float(START), 1, 1
    ask = b"GET /index.html HTTP/1.1\r\nHost: www.example.test\r\n\r\n"
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n\r\nhello"
    for number in range(count // 2):
        if number % 50 == 0:
            sent = received = 1
        now += 0.0005
        client, pair = Clients().address(number // 50), (1024 + (number // 50) % 60000, 80)
        yield now, tcp(client, SERVER, pair, sent, received, ask)
        sent += len(ask)
        yield now + 0.0002, tcp(SERVER, client, pair[::-1], received, sent, answer)
        received += len(answer)


def rare_dns(count):
    """One frame in a hundred is DNS, and comes from a busy server."""
    dns, other = busy(count), without_dns(count)
    for number in range(count):
        moment, frame = next(other)
        yield (moment, next(dns)[1]) if number % 100 == 99 else (moment, frame)


def repeated(name, count):
    """The frames of a bundled capture (IPv4), again and again, each time from another client; its secrets decrypt them all."""
    frames = [(time / 1e9, frame) for time, frame, _ in pcap.frames(tshark.capture(name))]
    start, client = frames[0][0], frames[0][1][26:30]
    length = frames[-1][0] - start + 0.001
    for number in itertools.count():
        another = struct.pack("!BBBB", 10, 2 + (number >> 16), number >> 8 & 255, number & 255)
        for at, (moment, frame) in enumerate(frames):
            if number * len(frames) + at >= count:
                return
            source, destination = (another if end == client else end for end in (frame[26:30], frame[30:34]))
            yield START + number * length + moment - start, frame[:26] + source + destination + frame[34:]


ENCRYPTED = {"dot": "healthy-tls"}


def keys(kind):
    """What tshark's preference tls.keylog_file is to be given for a mix; None for those in the clear."""
    if kind not in ENCRYPTED:
        return None
    data = tshark.capture(ENCRYPTED[kind]).read_bytes()
    return b"".join(body[8:8 + struct.unpack_from("<I", body, 4)[0]] for block, body in pcap.blocks(data) if block == 10)


KINDS = {
    "cookies": lambda count: over_udp(count, True),
    "no-cookies": lambda count: over_udp(count, False),
    "badcookie": lambda count: over_udp(count, True, 5),
    "busy": busy,
    "busy-no-cookies": lambda count: busy(count, False),
    "resolver": one_resolver,
    "tcp": over_tcp,
    "dot": lambda count: repeated(ENCRYPTED["dot"], count),
    "dso": lambda count: repeated("dso-healthy-two-sessions", count),
    "rare-dns": rare_dns,
    "no-dns": without_dns,
}


def write(path, kind, count):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for moment, frame in KINDS[kind](count):
            seconds = int(moment)
            file.write(struct.pack("<IIII", seconds, int((moment - seconds) * 1e6), len(frame), len(frame)) + frame)
