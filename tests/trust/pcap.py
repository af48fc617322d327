"""Reading and writing captures with nothing but Python: Ethernet, IP, UDP and TCP as far as the tests need them."""
import socket
import struct
from dataclasses import dataclass, field

FIN, SYN, RST, ACK = 1, 2, 4, 16
ETHERNET, RAW_IP = 1, 101  # link types


@dataclass
class Packet:
    time: int  # nanoseconds
    source: tuple  # (address bytes, port)
    destination: tuple
    tcp: bool
    flags: int = 0
    sequence: int = 0
    payload: bytes = b""
    cut: int = 0  # bytes missing at the end
    messages: list = field(default_factory=list)


def blocks(data):
    """(type, body) of every pcapng block; little endian, as all captures here are."""
    at = 0
    while at + 12 <= len(data):
        kind, length = struct.unpack_from("<II", data, at)
        yield kind, data[at + 8:at + length - 4]
        at += length


def option_values(body, at):
    while at + 4 <= len(body):
        code, length = struct.unpack_from("<HH", body, at)
        if code == 0:
            return
        yield code, body[at + 4:at + 4 + length]
        at += 4 + (length + 3) // 4 * 4


def frames(path):
    """(nanoseconds, bytes, original length) of a pcapng file."""
    units = []
    with open(path, "rb") as file:
        data = file.read()
    for kind, body in blocks(data):
        if kind == 1:
            exponent = next((value[0] for code, value in option_values(body, 8) if code == 9), 6)
            units.append(10 ** (9 - exponent))
        elif kind == 6:
            interface, high, low, captured, original = struct.unpack_from("<IIIII", body)
            yield (high << 32 | low) * units[interface], body[20:20 + captured], original


def transport(frame):
    """(source address, destination address, protocol, rest) below Ethernet; None for what is no whole IP packet."""
    kind = struct.unpack_from("!H", frame, 12)[0] if len(frame) >= 14 else 0
    if kind == 0x0800 and len(frame) >= 34:
        header = (frame[14] & 15) * 4
        if struct.unpack_from("!H", frame, 20)[0] & 0x1fff:
            return None
        return frame[26:30], frame[30:34], frame[23], frame[14 + header:]
    if kind == 0x86dd and len(frame) >= 54:
        return frame[22:38], frame[38:54], frame[20], frame[54:]
    return None


def packets(path):
    for time, frame, original in frames(path):
        found = transport(frame)
        if not found:
            continue
        source, destination, protocol, rest = found
        if protocol not in (6, 17) or len(rest) < (20 if protocol == 6 else 8):
            continue
        ports = struct.unpack_from("!HH", rest)
        p = Packet(time, (source, ports[0]), (destination, ports[1]), protocol == 6, cut=original - len(frame))
        if p.tcp:
            p.sequence, p.flags = struct.unpack_from("!I", rest, 4)[0], rest[13]
            p.payload = rest[(rest[12] >> 4) * 4:]
        else:
            p.payload = rest[8:]
        yield p


# ---- writing ----


class Writer:
    """A pcap file with nanoseconds, written as it comes: a million frames take no memory."""

    def __init__(self, path, link=RAW_IP):
        self.file = open(path, "wb", buffering=1 << 20)  # pylint: disable=consider-using-with
        self.file.write(struct.pack("<IHHiIII", 0xa1b23c4d, 2, 4, 0, 0, 262144, link))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()

    def add(self, time, packet):
        self.file.write(struct.pack("<IIII", time // 10 ** 9, time % 10 ** 9, len(packet), len(packet)) + packet)


def ipv4(source, destination, protocol, rest):
    return struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(rest), 0, 0, 64, protocol, 0, source, destination) + rest


def udp(source, destination, payload):
    return ipv4(source[0], destination[0], 17,
                struct.pack("!HHHH", source[1], destination[1], 8 + len(payload), 0) + payload)


def tcp(source, destination, sequence, acknowledged, flags, payload=b""):
    header = struct.pack("!HHIIBBHHH", source[1], destination[1], sequence & 0xffffffff, acknowledged & 0xffffffff,
                         5 << 4, flags, 65535, 0, 0)
    return ipv4(source[0], destination[0], 6, header + payload)


def address(text):
    return socket.inet_aton(text)
