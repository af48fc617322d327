"""Annotations stand next to Wireshark's own lines: the code's two halves, the parts of a COOKIE, the TLVs of DSO."""
import functools
import re
import sys

from harness import tshark

# (capture, frame, what a line says, the line that it stands below; None: it is one of Wireshark's own)
WANTED = [
    ("first-contact-dig", 2, "Flags: 0x8107", "[with the EDNS bits: BADCOOKIE (23)]", None),
    ("first-contact-dig", 2, "Reply code:", "[lower half of BADCOOKIE (23)]", None),
    ("first-contact-dig", 2, "Higher bits in extended RCODE: 0x01", "[upper half of BADCOOKIE (23)]", None),
    ("first-contact-dig", 2, "[Form:", "client-and-server", "Option: COOKIE"),
    ("first-contact-dig", 2, "[Age:", "", "Server Cookie:"),
    ("first-contact-dig", 4, "[Format:", "RFC 9018 version 1", "Server Cookie:"),  # behind answers
    ("first-contact-dig", 1, "[Form:", "client-only", "Option: COOKIE"),
    ("dso-healthy-keepalive", 4, "[DSO TLV: Keepalive", "primary", "DSO TLV: Keep Alive"),
    ("dso-healthy-keepalive", 4, "[Inactivity timeout:", "15 s", "[DSO TLV: Keepalive"),
]


def lines_with_parents(text):
    """Each line without its indentation, and the line that it stands below."""
    path = []
    for line in text.splitlines():
        depth = (len(line) - len(line.lstrip())) // 4
        del path[depth:]
        yield line.strip(), path[-1] if path else ""
        path.append(line.strip())


@functools.lru_cache(maxsize=None)
def details(capture):
    """The details of each frame, by its number."""
    parts = re.split(r"^(?=Frame (\d+): )", tshark.succeed("-2", "-V", capture=tshark.capture(capture)).out, flags=re.MULTILINE)
    return dict(zip(map(int, parts[1::2]), parts[2::2]))


def check(capture, number, begins, holds, below):
    found = [(line, parent) for line, parent in lines_with_parents(details(capture)[number]) if line.lstrip("01. =").startswith(begins)]
    assert found, f"{capture}, frame {number}: no line {begins!r}"
    line, parent = found[0]
    assert holds in line, f"{capture}, frame {number}: {line!r} does not say {holds!r}"
    assert below is None or parent.startswith(below), f"{capture}, frame {number}: {line!r} stands below {parent!r}"


def main():
    for row in WANTED:
        check(*row)


try:
    main()
except (AssertionError, tshark.HarnessError) as problem:
    sys.exit(str(problem))
