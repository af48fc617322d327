#!/usr/bin/env python3
"""Floods: hostile captures are read to the end, and what they cost in time and memory, with the plugin and without.

    floods.py --check 5000  as in CI: every message is read, with all switches on that abort at a slip; nothing is timed
    floods.py               the table of docs/trust.md: takes minutes and some GB of disk; the exit code is 1 when the cost
                            of a frame, or of its bytes, grows with the flood

Captures are written to a temporary directory and removed.
"""
import argparse
import os
import pathlib
import re
import struct
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
# pylint: disable=wrong-import-position
from harness import tshark  # noqa: E402
from trust import pcap  # noqa: E402

START = 1_700_000_000 * 10 ** 9
SERVER = (pcap.address("192.0.2.53"), 53)
CLIENT = (pcap.address("198.51.100.1"), 40000)
EDNS_COOKIE = 10
NAME = b"\x03www\x07example\x00"
SUBSCRIBE, PUSH, KEEPALIVE, PADDING = 0x40, 0x41, 1, 3

# ---- messages ----


def header(number, flags, counts=(0, 0, 0, 0)):
    return struct.pack("!HHHHHH", number & 0xffff, flags, *counts)


def query(number, cookie, response=False, rcode=0):
    option = struct.pack("!HH", EDNS_COOKIE, len(cookie)) + cookie
    opt = struct.pack("!BHHBBHH", 0, 41, 1232, rcode >> 4, 0, 0, len(option)) + option
    flags = (0x8400 if response else 0x0100) | (rcode & 15)
    return header(number, flags, (1, 0, 0, 1)) + NAME + b"\0\1\0\1" + opt


def server_cookie(number):
    return struct.pack("!BBHI", 1, 0, 0, START // 10 ** 9) + struct.pack("!Q", number * 0x9e3779b97f4a7c15 % 2 ** 64)


def dso(number, flags, *tlvs):
    return header(number, 0x3000 | flags) + b"".join(struct.pack("!HH", kind, len(data)) + data for kind, data in tlvs)


def keepalive():
    return KEEPALIVE, struct.pack("!II", 60000, 60000)


# ---- captures: (time, packet) ----


def client_address(number):
    return struct.pack("!I", 0x0a000000 + number), 1024 + number % 60000


def spoofed_clients(count):
    """Every query from another address; every tenth is answered with BADCOOKIE."""
    for i in range(count):
        client, at = client_address(i), START + i * 20_000
        cookie = struct.pack("!Q", i + 1)
        yield at, pcap.udp(client, SERVER, query(i, cookie))
        if i % 10 == 0:
            yield at + 5_000, pcap.udp(SERVER, client, query(i, cookie + server_cookie(i), True, 23))


def one_busy_pair(count):
    """One client with another client cookie in every query, each answered with BADCOOKIE: half the messages."""
    for i in range(count // 2):
        client, at, cookie = (CLIENT[0], 1024 + i % 60000), START + i * 20_000, struct.pack("!Q", i + 1)
        yield at, pcap.udp(client, SERVER, query(i, cookie))
        yield at + 5_000, pcap.udp(SERVER, client, query(i, cookie + server_cookie(i), True, 23))


def one_exchange(count):
    """One client cookie, its server cookie refused again and again."""
    cookie = b"\1" * 8
    for i in range(count // 2):
        client, at = (CLIENT[0], 1024 + i % 60000), START + i * 20_000
        yield at, pcap.udp(client, SERVER, query(i, cookie + server_cookie(i)))
        yield at + 5_000, pcap.udp(SERVER, client, query(i, cookie + server_cookie(i + 1), True, 23))


def shared_server_cookie(count):
    """A server that gives every client the same server cookie, and refuses it."""
    for i in range(count // 2):
        client, at = client_address(i), START + i * 20_000
        cookie = struct.pack("!Q", i + 1)
        yield at, pcap.udp(client, SERVER, query(i, cookie + server_cookie(0)))
        yield at + 5_000, pcap.udp(SERVER, client, query(i, cookie + server_cookie(0), True, 23))


class Connection:
    """One TCP connection; messages go out in segments of up to 16 KB, in order."""

    def __init__(self, port=40000):
        self.client, self.next, self.at = (CLIENT[0], port), [1001, 5001], START

    def segment(self, side, flags, payload=b""):
        ends = (self.client, SERVER)
        packet = pcap.tcp(ends[side], ends[1 - side], self.next[side], self.next[1 - side], flags, payload)
        self.next[side] += len(payload)
        self.at += 20_000
        return self.at, packet

    def open(self):
        self.next = [1000, 5000]
        yield self.segment(0, pcap.SYN)
        self.next[0] += 1
        yield self.segment(1, pcap.SYN | pcap.ACK)
        self.next[1] += 1
        yield self.segment(0, pcap.ACK)

    def send(self, side, *messages):
        data = b"".join(struct.pack("!H", len(m)) + m for m in messages)
        for start in range(0, len(data), 16000):
            yield self.segment(side, pcap.ACK, data[start:start + 16000])


def dso_keepalives(count):
    """One connection: Keepalive requests and responses."""
    c = Connection()
    yield from c.open()
    for i in range(count // 2):
        yield from c.send(0, dso(1 + i % 65535, 0, keepalive()))
        yield from c.send(1, dso(1 + i % 65535, 0x8000, keepalive()))


def name(number):
    label = b"n%d" % number
    return bytes([len(label)]) + label + b"\7example\0"


def dso_subscriptions(count):
    """One connection: SUBSCRIBE for ever new names, accepted, never given up."""
    c = Connection()
    yield from c.open()
    for i in range(count // 2):
        yield from c.send(0, dso(1 + i % 65535, 0, (SUBSCRIBE, name(i) + b"\0\1\0\1")))
        yield from c.send(1, dso(1 + i % 65535, 0x8000))


def dso_unanswered(count):
    """One connection: requests that nobody answers."""
    c = Connection()
    yield from c.open()
    for i in range(count):
        yield from c.send(0, dso(1 + i % 65535, 0, (SUBSCRIBE, name(i) + b"\0\1\0\1")))


def dso_refused(count):
    """One connection: requests of ever new types, each answered with DSOTYPENI."""
    c = Connection()
    yield from c.open()
    for i in range(count // 2):
        yield from c.send(0, dso(1 + i % 65535, 0, (0x100 + i % 60000, b"")))
        yield from c.send(1, dso(1 + i % 65535, 0x800b))


def big_push(size):
    record = b"\0\1\0\1" + struct.pack("!IH4s", 60, 4, b"\x0a\0\0\1")
    data, i = b"", 0
    while len(data) + 40 < size:
        data += name(i) + record
        i += 1
    return dso(0, 0, (PUSH, data))


def dso_pushes(count):
    """1024 subscriptions, then PUSH messages of 16 KB whose records match none of them."""
    c = Connection()
    yield from c.open()
    for i in range(min(1024, count)):
        yield from c.send(0, dso(1 + i, 0, (SUBSCRIBE, name(10 ** 6 + i) + b"\0\1\0\1")))
        yield from c.send(1, dso(1 + i, 0x8000))
    push = big_push(16000)
    for i in range(count // 10):
        yield from c.send(1, push)


def many_tlvs(count):
    """Messages with 10,000 TLVs each."""
    c = Connection()
    yield from c.open()
    message = dso(1, 0, keepalive(), *[(PADDING, b"")] * 10_000)
    for _ in range(count // 100):
        yield from c.send(0, message)


def many_connections(count):
    """A DSO session per connection, opened and closed."""
    for i in range(count // 2):
        c = Connection(1024 + i % 60000)
        c.client = (struct.pack("!I", 0x0a000000 + i), c.client[1])
        c.at = START + i * 200_000
        yield from c.open()
        yield from c.send(0, dso(1, 0, keepalive()))
        yield from c.send(1, dso(1, 0x8000, keepalive()))
        yield c.segment(0, pcap.FIN | pcap.ACK)


def name_loops(count):
    """Questions and Push records whose names point at themselves, at each other, and far back."""
    loop = header(1, 0x0100, (1, 0, 0, 0)) + b"\xc0\x0c\0\1\0\1"
    chain = header(2, 0x8400, (1, 400, 0, 0)) + NAME + b"\0\1\0\1"
    chain += b"".join(struct.pack("!HHHIH", 0xc00c + 12 * max(i - 1, 0), 5, 1, 0, 2)
                      + struct.pack("!H", 0xc00c + 12 * i) for i in range(400))
    push = dso(0, 0, (PUSH, b"\xc0\x10\0\1\0\1" + struct.pack("!IH", 60, 0)))
    c = Connection()
    yield from c.open()
    for i in range(count // 4):
        at = START + 10 ** 9 + i * 100_000
        yield at, pcap.udp(CLIENT, SERVER, loop)
        yield at + 1, pcap.udp(SERVER, CLIENT, chain)
        c.at = at + 10
        yield from c.send(1, push)


# How many DNS messages each holds.
FLOODS = {
    spoofed_clients: lambda count: count + count // 10,
    one_busy_pair: lambda count: count,
    one_exchange: lambda count: count,
    shared_server_cookie: lambda count: count,
    dso_keepalives: lambda count: count,
    dso_subscriptions: lambda count: count,
    dso_unanswered: lambda count: count,
    dso_refused: lambda count: count,
    dso_pushes: lambda count: 2 * min(1024, count) + count // 10,
    many_tlvs: lambda count: count // 100,
    many_connections: lambda count: count,
    name_loops: lambda count: count // 4 * 3,
}

# ---- measuring ----

NOISE = 0.2  # seconds


def write(flood, count, path):
    written = 0
    with pcap.Writer(path) as out:
        for at, packet in flood(count):
            out.add(at, packet)
            written += 1
    path.chmod(0o644)
    return written


def measure(path, plugin):
    """(seconds of CPU, MB at the peak) of tshark reading a capture and building the tree of every frame.

    Not -z expert: that table of tshark's searches all its lines for every new one, with or without the plugin.
    """
    command = [*tshark.as_nobody(), tshark.program("tshark"), "-r", path, "-Y", "frame.number == 0",
               "-o", f"dnsrcode.message_source:{plugin}" if plugin else "dns.desegment_dns_messages:TRUE"]
    # Without strict memory: it is the memory that is measured.
    environment = {k: v for k, v in tshark.environment(tshark.home() if plugin else tshark.work()).items()
                   if k not in tshark.STRICT}
    with open(os.devnull, "wb") as nothing:
        child = os.posix_spawn(command[0], [str(part) for part in command], environment,
                               file_actions=[(os.POSIX_SPAWN_DUP2, nothing.fileno(), 1)])
        _, status, usage = os.wait4(child, 0)
    if status:
        raise AssertionError(f"tshark on {path} ended with status {status}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def check(flood, count, directory):
    """None when the report speaks of every message, else what happened."""
    path = pathlib.Path(directory) / f"{flood.__name__}.pcap"
    write(flood, count, path)
    result = tshark.tshark("-q", "-z", "dnsrcode,report", capture=path, timeout=600)
    path.unlink()
    told = re.search(r"(\d+) (?:DNS )?messages", result.out)
    if result.code != 0 or not told:
        return f"exit code {result.code}: {result.err.strip()[-500:]}"
    if int(told[1]) != FLOODS[flood](count):
        return f"{told[1]} messages were read of {FLOODS[flood](count)}"
    return None


def check_all(floods, count, directory):
    wrong = {flood.__name__: check(flood, count, directory) for flood in floods}
    for name, what in wrong.items():
        print(f"{name}: {what or 'read to the end'}")
    return any(wrong.values())


def row(flood, count, directory):
    path = pathlib.Path(directory) / f"{flood.__name__}.pcap"
    frames = write(flood, count, path)
    size = path.stat().st_size / 1e6
    bare = measure(path, None)
    ours = measure(path, "tree")
    path.unlink()
    return frames, size, bare, ours


def per_frame(frames, bare, ours):
    """Microseconds and bytes that the plugin adds to a frame."""
    return (ours[0] - bare[0]) / frames * 1e6, (ours[1] - bare[1]) / frames * 1024 * 1024


def growth(small, large):
    """How many times dearer a flood has become, beyond its frames and its bytes; times below NOISE say nothing."""
    (frames, size, bare, ours), (more_frames, more_size, more_bare, more_ours) = small, large
    before, after = max(ours[0] - bare[0], NOISE), more_ours[0] - more_bare[0]
    return after / before / max(more_frames / frames, more_size / size)


def measure_all(floods, counts, limit, directory):
    dearer = []
    print("| flood | frames | MB | tshark: s | MB | with dnsrcode: s | MB | added µs/frame | added bytes/frame |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    for flood in floods:
        rows = []
        for count in counts:
            rows.append(row(flood, count, directory))
            frames, size, bare, ours = rows[-1]
            added, memory = per_frame(frames, bare, ours)
            print(f"| {flood.__name__.replace('_', ' ')} | {frames} | {size:.0f} | {bare[0]:.1f} | {bare[1]:.0f} "
                  f"| {ours[0]:.1f} | {ours[1]:.0f} | {added:.0f} | {memory:.0f} |", flush=True)
        times = [growth(*pair) for pair in zip(rows, rows[1:])]
        dearer += [f"{flood.__name__}: a larger flood costs {t:.1f} times as much" for t in times if t > limit]
    print("\n".join(dearer))
    return bool(dearer)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", type=int, metavar="MESSAGES", help="read floods of this size; measure nothing")
    parser.add_argument("--messages", type=int, nargs="*", default=[100_000, 1_000_000])
    parser.add_argument("--only", nargs="*", help="names of floods")
    parser.add_argument("--growth", type=float, default=3.0, help="how much dearer a larger flood may be")
    arguments = parser.parse_args()
    floods = [flood for flood in FLOODS if not arguments.only or flood.__name__ in arguments.only]
    with tempfile.TemporaryDirectory(prefix="dnsrcode-floods-") as directory:
        os.chmod(directory, 0o755)
        if arguments.check:
            return check_all(floods, arguments.check, directory)
        return measure_all(floods, arguments.messages, arguments.growth, directory)


if __name__ == "__main__":
    sys.exit(int(main()))
