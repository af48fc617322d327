# SPDX-License-Identifier: GPL-2.0-or-later
"""wire.py against the layouts that RFC 8490 and RFC 8765 draw, byte by byte.

Run in tests/:  python3 -m unittest dso_peer.test_wire
"""

import unittest

from dso_peer import wire as w

# what is built, the bytes it must be, where the RFC says so
LAYOUTS = (
    (w.framed(w.request(0x1234, w.keepalive(15000, 3600000))),
     "0018  1234 3000 0000 0000 0000 0000  0001 0008 00003a98 0036ee80",
     "Keepalive request behind its length: RFC 8490 5.4, 7.1"),
    (w.response(0x1234, w.keepalive(w.INFINITE, w.INFINITE)),
     "1234 b000 0000 0000 0000 0000  0001 0008 ffffffff ffffffff",
     "Keepalive response, both infinite: RFC 8490 6.4.2, 6.5.2"),
    (w.unidirectional(w.retry_delay(5000), rcode=w.REFUSED),
     "0000 3005 0000 0000 0000 0000  0002 0004 00001388",
     "Retry Delay with its reason: RFC 8490 7.2"),
    (w.response(0x0001, rcode=w.DSOTYPENI),
     "0001 b00b 0000 0000 0000 0000",
     "a response without TLVs: RFC 8490 5.4.2"),
    (w.response(0x0001, w.retry_delay(3600000), rcode=w.DSOTYPENI),
     "0001 b00b 0000 0000 0000 0000  0002 0004 0036ee80",
     "Retry Delay as additional TLV: RFC 8490 7.2.2"),
    (w.request(1, w.keepalive(0, 10000), w.padding(3)),
     "0001 3000 0000 0000 0000 0000  0001 0008 00000000 00002710  0003 0003 000000",
     "padding behind the primary TLV: RFC 8490 7.3"),
    (w.request(2, w.subscribe("a.example.com", "ANY")),
     "0002 3000 0000 0000 0000 0000  0040 0013  0161 076578616d706c65 03636f6d 00  00ff 0001",
     "SUBSCRIBE: RFC 8765 figure 1"),
    (w.unidirectional(w.push(w.record("a.example", "A", w.a("192.0.2.7"), ttl=60),
                             w.record(w.pointer(16), "A", ttl=w.REMOVE_COLLECTIVE))),
     "0000 3000 0000 0000 0000 0000  0041 0025"
     "  0161 076578616d706c65 00  0001 0001 0000003c 0004 c0000207"
     "  c010 0001 0001 fffffffe 0000",
     "PUSH with an add and a collective remove: RFC 8765 figure 3"),
    (w.unidirectional(w.unsubscribe(0x0002)),
     "0000 3000 0000 0000 0000 0000  0042 0002 0002",
     "UNSUBSCRIBE: RFC 8765 figure 4"),
    (w.unidirectional(w.reconfirm("a.example", "A", w.a("192.0.2.7"))),
     "0000 3000 0000 0000 0000 0000  0043 0013  0161 076578616d706c65 00  0001 0001 c0000207",
     "RECONFIRM: RFC 8765 figure 5"),
    (w.tlv(0xF801, b"\x01", length=9), "f801 0009 01", "a length that lies"),
    (w.request(3, bits=0x7F, counts=(1, 0, 0, 2)),
     "0003 37f0 0001 0000 0000 0002", "Z bits and counts: RFC 8490 5.4"),
    (w.query(4, "example.com", additional=w.opt((w.EDNS_TCP_KEEPALIVE, b""))),
     "0004 0100 0001 0000 0000 0001  076578616d706c65 03636f6d 00 0001 0001"
     "  00 0029 04d0 00000000 0004  000b 0000",
     "edns-tcp-keepalive in a query: RFC 7828 3.1"),
    (w.answer(4, "example.com", rdata=w.a("192.0.2.80")),
     "0004 8580 0001 0001 0000 0000  076578616d706c65 03636f6d 00 0001 0001"
     "  c00c 0001 0001 00000078 0004 c0000250",
     "an ordinary answer: RFC 1035 4.1"),
)


class Layouts(unittest.TestCase):
    def test_layouts(self):
        for built, expected, what in LAYOUTS:
            with self.subTest(what):
                self.assertEqual(built.hex(" "), bytes.fromhex(expected).hex(" "))


if __name__ == "__main__":
    unittest.main()
