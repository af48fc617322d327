#!/usr/bin/env python3
"""Hand-made captures whose verdict another frame overturns: scenes.py FOLDER writes them there as pcap files.

What no server does on demand: the same question FORMERR with COOKIE and, later, without; an answer to another client that
refutes what the silence towards the first one suggests."""
import ipaddress
import pathlib
import random
import struct
import sys

import dnswire as dns

START = 1_790_000_000
SECRET = b"secret-A-16bytes"
CLIENT, OTHER, SERVER = "192.0.2.10", "192.0.2.77", "198.51.100.53"
COOKIE, OTHER_COOKIE = b"client-1", b"client-2"


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Scene:
    """Queries and responses over UDP at any time, in seconds from the start."""

    def __init__(self):
        self.packets, self.random = [], random.Random(1)

    def udp(self, time, source, source_port, destination, destination_port, data):
        ends = ipaddress.ip_address(source).packed + ipaddress.ip_address(destination).packed
        datagram = struct.pack("!4H", source_port, destination_port, 8 + len(data), 0) + data
        sum_ = checksum(ends + struct.pack("!BBH", 0, 17, len(datagram)) + datagram)
        datagram = datagram[:6] + struct.pack("!H", sum_ or 0xFFFF) + datagram[8:]
        header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(datagram), self.random.randrange(65536), 0, 64, 17, 0) + ends
        header = header[:10] + struct.pack("!H", checksum(header)) + header[12:]
        self.packets.append((time, b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" + header + datagram))

    def query(self, time, client, port, ident, name, cookie=(), type_="A"):
        wire = dns.encode_query(ident, name, type_, list(cookie), True)
        self.udp(time, client, port, SERVER, 53, wire)
        return client, port, wire

    def response(self, time, query, rcode=0, cookie=()):
        client, port, wire = query
        address = "192.0.2.80" if rcode == 0 else None
        self.udp(time, SERVER, 53, client, port, dns.encode_response(dns.Message(wire), rcode, list(cookie), address, 0))

    def save(self, path):
        with open(path, "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
            for time, packet in self.packets:
                micros = round(time * 1e6)
                seconds = START + micros // 1_000_000
                file.write(struct.pack("<IIII", seconds, micros % 1_000_000, len(packet), len(packet)) + packet)


def with_server(cookie, client, time):
    return cookie + dns.server_cookie(cookie, client, SECRET, START + int(time))


def silence_disproved_by_other_client(scene):
    for attempt in range(3):
        scene.query(attempt, CLIENT, 3001 + attempt, 7, "www.example.test", [COOKIE])
    scene.response(3.01, scene.query(3, CLIENT, 3010, 8, "www.example.test"))
    other = scene.query(4, OTHER, 3020, 9, "h1.example.test", [OTHER_COOKIE])
    scene.response(4.01, other, 0, [with_server(OTHER_COOKIE, OTHER, 4)])


def formerr_disproved_later(scene):
    scene.response(0.01, scene.query(0, CLIENT, 3001, 1, "x.example.test", [COOKIE], "ANY"), 1)
    scene.response(1.01, scene.query(1, CLIENT, 3002, 2, "y.example.test"))
    scene.response(2.01, scene.query(2, CLIENT, 3003, 3, "x.example.test", (), "ANY"), 1)


def formerr_disproved_by_other_client(scene):
    scene.response(0.01, scene.query(0, CLIENT, 3001, 1, "x.example.test", [COOKIE], "ANY"), 1)
    scene.response(1.01, scene.query(1, CLIENT, 3002, 2, "y.example.test"))
    other = scene.query(2, OTHER, 3010, 9, "y.example.test", [OTHER_COOKIE])
    scene.response(2.01, other, 0, [with_server(OTHER_COOKIE, OTHER, 2)])


def silence_server_replaced(scene):
    """The successor drops the cookies of its predecessor, which only one client has: the other's come from itself."""
    old = with_server(COOKIE, CLIENT, 0)
    scene.response(0.01, scene.query(0, CLIENT, 3001, 1, "h1.example.test", [COOKIE]), 0, [old])
    new, time = OTHER_COOKIE, 10
    for n in range(4):
        for attempt in range(2):
            scene.query(time + attempt, CLIENT, 3010 + 10 * n + attempt, 10 + n, f"h{n}.example.test", [old])
        scene.response(time + 2.01, scene.query(time + 2, CLIENT, 3012 + 10 * n, 20 + n, f"h{n}.example.test"))
        given = with_server(OTHER_COOKIE, OTHER, time + 3)
        asked = scene.query(time + 3, OTHER, 4000 + n, 30 + n, f"h{n}.example.test", [new])
        scene.response(time + 3.01, asked, 0, [given])
        new, time = given, time + 5


SCENES = [silence_disproved_by_other_client, formerr_disproved_later, formerr_disproved_by_other_client,
          silence_server_replaced]


def main(folder):
    for play in SCENES:
        scene = Scene()
        play(scene)
        scene.save(pathlib.Path(folder) / (play.__name__.replace("_", "-") + ".pcap"))


if __name__ == "__main__":
    main(sys.argv[1])
