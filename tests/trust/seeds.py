"""Seeds for fuzz_conversation.c: the conversations of captures/ in its record format (see the head of that file)."""
import argparse
import pathlib
import struct

import pcap

TRANSPORT_UDP, TRANSPORT_TCP, TRANSPORT_TLS = 0, 2, 3
MESSAGE, MESSAGE_AND_SEGMENT, SEGMENT = 0, 1, 2
STEPS = [0, 1000, 10 ** 6, 20 * 10 ** 6, 300 * 10 ** 6, 10 ** 9, 3 * 10 ** 9, 6 * 10 ** 9, 11 * 10 ** 9, 16 * 10 ** 9,
         31 * 10 ** 9, 121 * 10 ** 9, 3700 * 10 ** 9]
BACK, FAR_BACK = 13, 14


def step(delta):
    """The index of the nearest step of the fuzz target's table."""
    if delta < 0:
        return BACK if delta > -2 * 10 ** 9 else FAR_BACK
    return min(range(len(STEPS)), key=lambda i: abs(STEPS[i] - delta))


class Numbers(dict):
    """A small number for each new key."""

    def of(self, key, at_most):
        return self.setdefault(key, len(self)) % at_most


class Streams:
    """The messages behind their length prefixes, put together from segments that come in order."""

    def __init__(self):
        self.waiting, self.next = {}, {}

    def take(self, p):
        key = (p.source, p.destination)
        if p.flags & pcap.SYN:
            self.waiting[key], self.next[key] = b"", p.sequence + 1
        if not p.payload or self.next.setdefault(key, p.sequence) != p.sequence:
            return
        self.next[key] = p.sequence + len(p.payload)
        data = self.waiting.get(key, b"") + p.payload
        while len(data) >= 2 and len(data) >= 2 + struct.unpack("!H", data[:2])[0]:
            length = struct.unpack("!H", data[:2])[0]
            yield data[2:2 + length]
            data = data[2 + length:]
        self.waiting[key] = data


def server_side(p):
    return p.source[1] in (53, 853)


def record(p, delta, numbers, transport, kind, message, same_frame):
    from_server = server_side(p)
    client, server = (p.destination, p.source) if from_server else (p.source, p.destination)
    first = (numbers["client"].of(client[0], 3) | numbers["server"].of(server[0], 3) << 2 | transport << 4
             | from_server << 7)
    opener = (2 if from_server else 1) if p.tcp else 0
    second = p.flags & 0x1f | 0x20 | opener << 6
    third = numbers["connection"].of((client, server), 8) | kind << 3 | same_frame << 5 | (p.cut > 0) << 7
    fourth = step(delta) | (len(p.source[0]) == 16) << 4
    return struct.pack("!BBBBH", first, second, third, fourth, len(message)) + message


def conversation(path):
    numbers = {"client": Numbers(), "server": Numbers(), "connection": Numbers()}
    streams, out, before = Streams(), b"", None
    for p in pcap.packets(path):
        if not {p.source[1], p.destination[1]} & {53, 853}:
            continue
        delta, before = p.time - (before or p.time), p.time
        if not p.tcp:
            out += record(p, delta, numbers, TRANSPORT_UDP, MESSAGE, p.payload, False)
            continue
        # Push asks for TLS, so the seeds have both; what is encrypted has no messages to take.
        transport = TRANSPORT_TLS if "tls" in path.stem else TRANSPORT_TCP
        messages = list(streams.take(p)) if 53 in (p.source[1], p.destination[1]) else []
        for i, message in enumerate(messages):
            out += record(p, delta, numbers, transport, MESSAGE, message, i > 0)
        if not messages or p.flags & (pcap.FIN | pcap.RST):
            out += record(p, 0 if messages else delta, numbers, transport, SEGMENT, b"", bool(messages))
    return out


def write_all(captures, to):
    """One file per capture; returns how many."""
    to.mkdir(parents=True, exist_ok=True)
    count = 0
    for path in sorted(captures.glob("*/*.pcapng")):
        seed = conversation(path)
        if seed:
            (to / path.stem).write_bytes(seed)
            count += 1
    return count


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("captures", type=pathlib.Path)
    parser.add_argument("to", type=pathlib.Path)
    arguments = parser.parse_args()
    print(f"{write_all(arguments.captures, arguments.to)} seeds")


if __name__ == "__main__":
    main()
