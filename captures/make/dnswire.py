"""Just enough DNS on the wire for the captures: messages, the COOKIE option, RFC 9018 server cookies.

Lenient on purpose: the tools built on it have to send what no library lets one send.
"""
import ipaddress
import struct

OPT, COOKIE = 41, 10
TYPES = {"A": 1, "NS": 2, "SOA": 6, "PTR": 12, "TXT": 16, "AAAA": 28, "ANY": 255}
NOERROR, FORMERR, REFUSED, BADCOOKIE = 0, 1, 5, 23
QR, TC, RD = 0x8000, 0x0200, 0x0100
OPCODE_UPDATE = 5 << 11
CLASS_IN, CLASS_NONE = 1, 254


def encode_name(name):
    labels = [label.encode() for label in name.strip(".").split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def skip_name(message, at):
    while message[at]:
        if message[at] >= 0xC0:
            return at + 2
        at += 1 + message[at]
    return at + 1


def encode_opt(cookies=(), extended_rcode=0, version=0, size=1232):
    """An OPT record with one COOKIE option for each of `cookies`, their bytes as given."""
    options = b"".join(struct.pack("!HH", COOKIE, len(c)) + c for c in cookies)
    return struct.pack("!BHHBBHH", 0, OPT, size, extended_rcode, version, 0, len(options)) + options


def encode_query(ident, name, qtype="A", cookies=(), edns=True, flags=RD, version=0):
    """A query; `name` None leaves the question out (RFC 7873 section 5.4)."""
    question = b"" if name is None else encode_name(name) + struct.pack("!HH", TYPES[qtype], CLASS_IN)
    header = struct.pack("!6H", ident, flags, 1 if question else 0, 0, 0, 1 if edns else 0)
    return header + question + (encode_opt(cookies, version=version) if edns else b"")


def encode_update_if_absent(ident, zone, name, cookies=()):
    """An UPDATE that adds an address on condition that `name` has none: YXRRSET when it has one."""
    header = struct.pack("!6H", ident, OPCODE_UPDATE, 1, 1, 1, 1)
    zone_section = encode_name(zone) + struct.pack("!HH", TYPES["SOA"], CLASS_IN)
    prerequisite = encode_name(name) + struct.pack("!HHIH", TYPES["A"], CLASS_NONE, 0, 0)
    address = ipaddress.ip_address("192.0.2.99").packed
    update = encode_name(name) + struct.pack("!HHIH", TYPES["A"], CLASS_IN, 60, len(address)) + address
    return header + zone_section + prerequisite + update + encode_opt(cookies)


class Message:
    """A parsed message. `cookies` are the COOKIE options as they stand, `rcode` the joined one."""

    def __init__(self, wire):
        self.wire = wire
        self.ident, self.flags, qdcount, ancount, nscount, arcount = struct.unpack("!6H", wire[:12])
        at = 12
        for _ in range(qdcount):
            at = skip_name(wire, at) + 4
        self.question = wire[12:at]
        self.rcode = self.flags & 15
        self.cookies = []
        self.opt_at = None
        for _ in range(ancount + nscount + arcount):
            start = at
            at = skip_name(wire, at)
            rtype, _, ttl, length = struct.unpack("!HHIH", wire[at:at + 10])
            at += 10 + length
            if rtype == OPT:
                self.opt_at = start
                self.rcode |= ttl >> 24 << 4
                self._read_options(wire[at - length:at])

    def _read_options(self, data):
        while len(data) >= 4:
            code, length = struct.unpack("!HH", data[:4])
            if code == COOKIE:
                self.cookies.append(data[4:4 + length])
            data = data[4 + length:]

    def with_cookies(self, cookies):
        """The same message with other COOKIE options; other options stay. Works for OPT as the last record."""
        if self.opt_at is None:
            return self.wire
        fixed = self.wire[self.opt_at:self.opt_at + 9]
        data, kept = self.wire[self.opt_at + 11:], b""
        while len(data) >= 4:
            code, length = struct.unpack("!HH", data[:4])
            if code != COOKIE:
                kept += data[:4 + length]
            data = data[4 + length:]
        kept += b"".join(struct.pack("!HH", COOKIE, len(c)) + c for c in cookies)
        return self.wire[:self.opt_at] + fixed + struct.pack("!H", len(kept)) + kept


def encode_response(query, rcode, cookies=None, address=None, flags=0):
    """An answer to the Message `query`; `cookies` None leaves OPT out, and an extended RCODE needs it."""
    answer = b""
    if address:
        packed = ipaddress.ip_address(address).packed
        answer = struct.pack("!HHHIH", 0xC00C, TYPES["A"], CLASS_IN, 60, len(packed)) + packed
    opt = b"" if cookies is None else encode_opt(cookies, rcode >> 4)
    header = struct.pack("!6H", query.ident, QR | (query.flags & (RD | 0x7800)) | flags | (rcode & 15),
                         1 if query.question else 0, 1 if answer else 0, 0, 1 if opt else 0)
    return header + query.question + answer + opt


def siphash24(key, data):
    mask = (1 << 64) - 1
    k0, k1 = struct.unpack("<QQ", key)
    v0, v1 = k0 ^ 0x736F6D6570736575, k1 ^ 0x646F72616E646F6D
    v2, v3 = k0 ^ 0x6C7967656E657261, k1 ^ 0x7465646279746573

    def rotate(value, bits):
        return (value << bits | value >> 64 - bits) & mask

    def rounds(count):
        nonlocal v0, v1, v2, v3
        for _ in range(count):
            v0 = (v0 + v1) & mask
            v1 = rotate(v1, 13) ^ v0
            v0 = rotate(v0, 32)
            v2 = (v2 + v3) & mask
            v3 = rotate(v3, 16) ^ v2
            v0 = (v0 + v3) & mask
            v3 = rotate(v3, 21) ^ v0
            v2 = (v2 + v1) & mask
            v1 = rotate(v1, 17) ^ v2
            v2 = rotate(v2, 32)

    whole = len(data) - len(data) % 8
    for at in range(0, whole, 8):
        word = struct.unpack("<Q", data[at:at + 8])[0]
        v3 ^= word
        rounds(2)
        v0 ^= word
    last = len(data) % 256 << 56 | int.from_bytes(data[whole:], "little")
    v3 ^= last
    rounds(2)
    v0 ^= last
    v2 ^= 0xFF
    rounds(4)
    return struct.pack("<Q", v0 ^ v1 ^ v2 ^ v3)


def server_cookie(client_cookie, client_address, secret, timestamp, reserved=b"\0\0\0"):
    """The server cookie of RFC 9018 section 4, version 1."""
    head = b"\1" + reserved + struct.pack("!I", timestamp & 0xFFFFFFFF)
    return head + siphash24(secret, client_cookie + head + ipaddress.ip_address(client_address).packed)
