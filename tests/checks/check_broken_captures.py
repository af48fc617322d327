"""check_broken_captures NAME | odd

Broken captures and short snap lengths: a clear message or less to say, never a crash, and no claim about bytes nobody saw.
NAME is a capture to break; "odd" is for messages that no server sends, and for what is short whatever the capture.
"""
import struct
import sys

from harness import observe, tshark

PASSES = ([], ["-2"])


def folder():
    path = tshark.scratch() / "broken"
    path.mkdir(exist_ok=True)
    return path


def run(capture, what):
    """It is read, or tshark itself calls it cut or damaged; anything else is a crash."""
    for passes in PASSES:
        result = tshark.tshark(*passes, "-V", "-z", "expert", capture=capture)
        assert result.was_read, f"{what}: exit code {result.code}: {result.err[-500:]}"
        for word in ("Dissector bug", "OUT OF MEMORY", "ERROR:", "CRITICAL", "assertion"):
            assert word not in result.err and word not in result.out, f"{what}: {word} in the output: {result.err[-300:]}"


def truncated(source, *lengths):
    """The file ends anywhere: within the header, a block, a packet."""
    data = source.read_bytes()
    for length in lengths or (len(data) // 3, len(data) // 2, len(data) - 5):
        path = folder() / f"cut-{length}-{source.name}"
        path.write_bytes(data[:length])
        yield path


def edited(source, name, *options):
    path = folder() / f"{name}-{source.name}"
    # Without the plugin and its sanitizer, below whose runtime editcap may hang.
    result = tshark.execute([tshark.program("editcap"), *options, tshark.readable(source), "-"], tshark.work(), binary=True,
                            LD_PRELOAD="")
    assert result.code == 0, f"editcap {options}: {result.err}"
    path.write_bytes(result.out)
    return path


def mutated(source):
    """Bytes of the packets changed at random; the seed is fixed."""
    for seed in range(4):
        yield edited(source, f"mutated-{seed}", "-E", "0.02", "--seed", str(seed + 1))


def snapped(source):
    for length in (60, 42, 14, 80):
        yield length, edited(source, f"snap-{length}", "-s", str(length))


def pcap(path, packets):
    """A capture of UDP datagrams from 192.0.2.53 port 53."""
    out = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101)
    for second, payload in enumerate(packets):
        udp = struct.pack(">HHHH", 53, 40000, 8 + len(payload), 0) + payload
        ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0, bytes([192, 0, 2, 53]), bytes([192, 0, 2, 1])) + udp
        out += struct.pack("<IIII", 1700000000 + second, 0, len(ip), len(ip)) + ip
    path.write_bytes(out)
    return path


HEADER = bytes.fromhex("000181070000000000000001")
ODD_MESSAGES = [
    b"", b"\x00", b"\x00\x01\x81", HEADER[:11], HEADER,
    HEADER + bytes.fromhex("000029 04d0 01000000 0040 000a0008 3132333435363738"),  # OPT runs past the end
    HEADER + bytes.fromhex("000029 04d0 01000000 000c 000affff 3132333435363738"),  # an option does
    HEADER + bytes.fromhex("c00c0029 04d0 01000000 0000"),  # its name points to itself
    bytes.fromhex("0001 8180 ffff ffff ffff ffff"),
    bytes.fromhex("0001 b00b 0000 0000 0000 0000 0001"),  # half a TLV header
    bytes.fromhex("0001 b000 0000 0000 0000 0000 0001 ffff 00"),
]


def check_snapped(source):
    """What is cut off proves nothing: no code above 15 without its OPT record, nothing above chat but what is proven."""
    for length, capture in snapped(source):
        run(capture, f"{source.name} cut to {length} bytes")
        if length > 60:
            continue
        for frame in observe.observe(capture, two_passes=True).frames:
            assert not [code for code in frame.get("rcode") if int(code) > 15], \
                f"{source.name} cut to {length} bytes: frame {frame.number} has the code {frame.get('rcode')}"
            assert not set(frame.get("cause")) & {"first-contact", "stale-server-cookie", "no-cookie-in-query"}, \
                f"{source.name} cut to {length} bytes: frame {frame.number} has the cause {frame.get('cause')}"


def main(name):
    if name == "odd":
        for capture in truncated(tshark.capture("first-contact-dig"), 0, 3, 27): # the header of pcapng, the same in all
            run(capture, capture.name)
        check_snapped(tshark.capture("first-contact-dig"))
        run(pcap(folder() / "odd.pcap", ODD_MESSAGES), "odd messages")
        return
    source = tshark.capture(name)
    for capture in [*truncated(source), *mutated(source)]:
        run(capture, capture.name)


try:
    main(*sys.argv[1:])
except (AssertionError, tshark.HarnessError) as problem:
    sys.exit(str(problem))
