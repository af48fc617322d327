# SPDX-License-Identifier: GPL-2.0-or-later
"""Bytes of DNS, DSO (RFC 8490) and DNS Push (RFC 8765) messages.

Every function returns bytes.  Nothing here checks that a message makes sense:
wrong ones are what the scenarios are for.  Times are in milliseconds.
"""

import ipaddress
import struct

QUERY, DSO = 0, 6                       # OPCODEs

NOERROR, FORMERR, SERVFAIL, NXDOMAIN, NOTIMP, REFUSED = range(6)
NOTAUTH, DSOTYPENI = 9, 11

KEEPALIVE, RETRY_DELAY, PADDING = 1, 2, 3                       # RFC 8490 section 10.3
SUBSCRIBE, PUSH, UNSUBSCRIBE, RECONFIRM = range(0x40, 0x44)     # RFC 8765 section 8

TYPE = {"A": 1, "CNAME": 5, "PTR": 12, "TXT": 16, "AAAA": 28, "SRV": 33, "OPT": 41, "ANY": 255}
IN, ANY = 1, 255
EDNS_TCP_KEEPALIVE = 11                 # RFC 7828

REMOVE_RECORD, REMOVE_COLLECTIVE = 0xFFFFFFFF, 0xFFFFFFFE       # TTLs, RFC 8765 section 6.3.1
INFINITE = 0xFFFFFFFF


# ---- header and framing

def header(ident, *, response=False, opcode=DSO, rcode=NOERROR, bits=0, counts=(0, 0, 0, 0)):
    """The 12 bytes; `bits` are the seven between OPCODE and RCODE (DSO's Z bits)."""
    flags = response << 15 | opcode << 11 | bits << 4 | rcode
    return struct.pack("!6H", ident, flags, *counts)


def framed(message):
    """A message as it goes over TCP and TLS (RFC 1035 section 4.2.2)."""
    return struct.pack("!H", len(message)) + message


# ---- names and records

def name(text):
    """Uncompressed; "" and "." are the root."""
    labels = [label.encode() for label in text.rstrip(".").split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def pointer(offset):
    """A compression pointer (RFC 1035 section 4.1.4)."""
    return struct.pack("!H", 0xC000 | offset)


def type_number(rtype):
    return TYPE[rtype] if isinstance(rtype, str) else rtype


def record(owner, rtype, rdata=b"", *, ttl=120, rclass=IN):
    """`owner` is a text or ready bytes (a pointer)."""
    owner = owner if isinstance(owner, bytes) else name(owner)
    return owner + struct.pack("!HHIH", type_number(rtype), rclass, ttl, len(rdata)) + rdata


def a(address):
    return ipaddress.IPv4Address(address).packed


def txt(text):
    return bytes([len(text)]) + text.encode()


def srv(port, target):
    return struct.pack("!3H", 0, 0, port) + name(target)


def opt(*options):
    """An OPT record; each option is a pair of code and data (RFC 6891 section 6.1)."""
    data = b"".join(struct.pack("!HH", code, len(value)) + value for code, value in options)
    return record("", "OPT", data, ttl=0, rclass=1232)


# ---- ordinary messages

def query(ident, qname, qtype="A", *, additional=b""):
    return (header(ident, opcode=QUERY, bits=0x10, counts=(1, 0, 0, 1 if additional else 0))
            + name(qname) + struct.pack("!HH", type_number(qtype), IN) + additional)


def answer(ident, qname, qtype="A", rdata=b"", *, rcode=NOERROR, opcode=QUERY):
    """One answer owned by the question's name, or none where `rdata` is empty."""
    records = record(pointer(12), qtype, rdata) if rdata else b""
    return (header(ident, response=True, opcode=opcode, rcode=rcode, bits=0x58, counts=(1, bool(records), 0, 0))
            + name(qname) + struct.pack("!HH", type_number(qtype), IN) + records)


# ---- DSO messages

def tlv(kind, data=b"", *, length=None):
    """`length` only to lie about it."""
    return struct.pack("!HH", kind, len(data) if length is None else length) + data


def request(ident, *tlvs, **fields):
    return header(ident, **fields) + b"".join(tlvs)


def unidirectional(*tlvs, **fields):
    return request(0, *tlvs, **fields)


def response(ident, *tlvs, **fields):
    return header(ident, response=True, **fields) + b"".join(tlvs)


def keepalive(inactivity, interval):
    return tlv(KEEPALIVE, struct.pack("!II", inactivity, interval))


def retry_delay(delay):
    return tlv(RETRY_DELAY, struct.pack("!I", delay))


def padding(size):
    return tlv(PADDING, bytes(size))


def subscribe(owner, rtype, rclass=IN):
    return tlv(SUBSCRIBE, name(owner) + struct.pack("!HH", type_number(rtype), rclass))


def push(*records):
    return tlv(PUSH, b"".join(records))


def unsubscribe(ident):
    return tlv(UNSUBSCRIBE, struct.pack("!H", ident))


def reconfirm(owner, rtype, rdata, rclass=IN):
    return tlv(RECONFIRM, name(owner) + struct.pack("!HH", type_number(rtype), rclass) + rdata)
