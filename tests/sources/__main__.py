"""python3 -m sources NAME… | --way NUMBER… | --elsewhere

Every source of messages gives the same findings: stand-ins (tshark's own choice), taps and the tree; and the stand-ins
change nothing of what Wireshark shows. NAME is a capture; --way is for other ways to the DNS dissector than its ports, and
--elsewhere for messages that only the tree shows, or that have no connection.
"""
import difflib
import pathlib
import sys

from harness import observe, stories, tshark
from trust import pcap

TAPS, TREE = (("-o", f"dnsrcode.message_source:{name}") for name in ("taps", "tree"))
SOURCES = {"stand-ins": (), "taps": TAPS, "the tree": TREE}

# Other ways to the DNS dissector than a port of its own: by guess, by Decode As, by a preference.
NO_UDP, NO_TCP = (("-o", f"dns.{transport}.port:9953") for transport in ("udp", "tcp"))
WAYS = [
    ("first-contact-dig", NO_UDP),
    ("first-contact-dig", (*NO_UDP, "-d", "udp.port==53,dns")),
    ("first-contact-ipv6", NO_UDP),
    ("tcp-in-pieces", (*NO_TCP, "-d", "tcp.port==53,dns")),
    ("tcp-joined", (*NO_TCP, "-d", "tcp.port==53,dns")),
    ("dso-push-refused-then-queries", (*NO_TCP, "-d", "tcp.port==53,dns")),
    ("healthy-tls", ("-d", "tls.port==853,dns")),
]

# One of each kind of carrier (they take five times as long as the others).
KINDS = [line for line in (pathlib.Path(__file__).parent / "kinds.txt").read_text().splitlines() if line[:1] != "#"]

# Short messages, which Ethernet pads to 60 bytes.
PADDED = ["dso-real-bind-udp", "dso-real-knot-udp", "first-contact-dig", "dso-push-refused-then-queries"]

# Hands the datagrams of port 53 to the DNS dissector itself.
SCRIPT = """local wrapped, dns = Proto("wrapped", "Wrapped"), Dissector.get("dns")
function wrapped.dissector(tvb, pinfo, tree) return dns:call(tvb(0):tvb(), pinfo, tree) end
DissectorTable.get("udp.port"):add(53, wrapped)
"""


def path(name):
    return tshark.capture(name)


def findings(capture, options, two_passes=False):
    found = observe.observe(capture, two_passes, options)
    frames = [(frame.number, frame.info, frame.fields, frame.experts) for frame in found.frames]
    return frames, found.expert_table, found.report, found.stories


def unlike(title, one, one_name, other, other_name):
    return list(difflib.unified_diff(one.splitlines(), other.splitlines(), f"{title}: {one_name}", other_name, lineterm=""))


def difference(title, one, one_name, other, other_name):
    """What differs, as text."""
    (frames, table, *texts), (others, others_table, *others_texts) = one, other
    lines = [f"{title}: only from {name}: {frame}" for name, these, those in ((one_name, frames, others), (other_name, others, frames))
             for frame in these if frame not in those]
    if table != others_table:
        lines.append(f"{title}: -z expert differs between {one_name} and {other_name}")
    for text, other_text in zip(texts, others_texts):
        lines += unlike(title, text, one_name, other_text, other_name)
    return lines


def compare(capture, more=()):
    found = {name: findings(capture, (*options, *more)) for name, options in SOURCES.items()}
    tree = found["the tree"]
    return [line for name in ("stand-ins", "taps")
            for line in difference(f"{capture.name} {' '.join(more)}", found[name], name, tree, "the tree")]


def compare_way(way):
    name, options = way
    lines = compare(path(name), options)
    if not findings(path(name), options)[0]:
        lines.append(f"{name} {' '.join(options)}: nothing was found")
    passes = [findings(path(name), (*options, *source), two_passes=True) for source in ((), TREE)]
    return lines + difference(f"{name} {' '.join(options)} -2", passes[0], "stand-ins", passes[1], "the tree")


def quiet(name, *way):
    """Report and stories of a run that is asked for nothing else, and so builds no tree."""
    words = [word for statistic in ("stories", "report") for word in ("-z", f"dnsrcode,{statistic}")]
    return observe.texts(tshark.succeed("-q", *way, *words, capture=path(name)).out.splitlines())


def compare_texts(name):
    """Report and stories are the same whether anything else is asked for or not (in two passes for one of each kind of carrier);
    the stories in one pass and in two, too; and what must hold of them does."""
    lines = []
    for title, two_passes, way in (("one pass", False, ()), ("two passes", True, ("-2",)))[:1 + (name in KINDS)]:
        found = observe.observe(path(name), two_passes)
        for text, alone in zip((found.report, found.stories), quiet(name, *way)):
            lines += unlike(f"{name}, {title}", text, "with fields", alone, "alone")
    one, two = (observe.observe(path(name), two_passes).stories for two_passes in (False, True))
    return lines + unlike(f"{name}: stories", one, "one pass", two, "two passes") + list(stories.problems(name, one))


def details(name, *options, home=None):
    result = tshark.execute([tshark.program("tshark"), "-r", tshark.readable(path(name)), *options, "-V"],
                            home or tshark.home())
    assert result.code == 0, f"{name} {' '.join(options)}: tshark ended with {result.code}: {result.err[-300:]}"
    assert "dnsrcode" not in result.err, f"{name} {' '.join(options)}: tshark says: {result.err[-300:]}"
    return result.out.splitlines()


def exported(name, layer, home, *options):
    """The file that tshark -U writes."""
    target = tshark.scratch() / f"{name}-{layer}-{home.name}.pcapng"
    target.touch()
    target.chmod(0o666)
    command = [tshark.program("tshark"), "-r", tshark.readable(path(name)), *options, "-U", f"OSI layer {layer}", "-w",
               target]
    result = tshark.execute(command, home)
    assert result.code == 0, f"{name} -U {layer}: tshark ended with {result.code}: {result.err[-300:]}"
    return target


def exported_details(bare, file):
    """What Wireshark without the plugin reads in that file; but the urgent pointer, which 4.4 and later leave uninitialized."""
    result = tshark.execute([tshark.program("tshark"), "-r", file, "-V"], bare)
    assert result.code == 0, f"{file}: it cannot be read: {result.err[-300:]}"
    return [line for line in result.out.splitlines() if "Urgent pointer:" not in line]


def compare_details(name):
    """All that Wireshark shows and exports is the same, whatever stands in: reassembly, layers, expert infos."""
    lines = []
    for passes in ((), ("-2",)):
        stand_ins, tree = (details(name, *passes, *options) for options in ((), TREE))
        lines += [f"{name} {' '.join(passes)}: details: {line}" for line in set(stand_ins) ^ set(tree)]
        if not lines and stand_ins != tree:
            lines.append(f"{name} {' '.join(passes)}: details stand in another order")
    bare = tshark.scratch() / "without-plugin"
    # Without corrections: those put the pieces of QUIC streams together, and so export more.
    with_plugin = (tshark.home(), "-o", "dnsrcode.correct_dns:FALSE")
    lines += [f"{name}: exported PDUs of layer {layer} differ" for layer in (4, 7)
              if exported_details(bare, exported(name, layer, bare)) != exported_details(bare, exported(name, layer, *with_plugin))]
    if details(name, home=bare) != details(name, "--disable-protocol", "dnsrcode"):
        lines.append(f"{name}: disabled, the plugin still changes what Wireshark shows")
    return lines


def padded(name):
    """A capture's frames as they come from a wire."""
    target = tshark.scratch() / f"{name}-padded.pcap"
    with pcap.Writer(target, pcap.ETHERNET) as out:
        for time, frame, _ in pcap.frames(path(name)):
            out.add(time, frame.ljust(60, b"\x01") + b"\x01\x02\x03\x04")
    target.chmod(0o644)
    return target


def compare_padded(name):
    """Padding and a trailer belong to no message."""
    capture, lines = padded(name), []
    for source, options in SOURCES.items():
        lines += difference(f"{name}, {source}", findings(capture, options), "padded", findings(path(name), options), "as it was")
    return lines


def told_and_found(notice, capture, *options):
    """How often a notice was given, and how many response codes were shown."""
    result = tshark.tshark(*options, "-T", "fields", "-e", "dnsrcode.rcode", capture=capture)
    return result.err.count(notice), len(result.out.split())


def unwatched():
    """What only the tree shows is said to be missing, once, and not misread."""
    if "with Lua" not in tshark.execute([tshark.program("tshark"), "--version"], tshark.home()).out:
        return []
    script = tshark.scratch() / "wrapped.lua"
    script.write_text(SCRIPT)
    script.chmod(0o644)
    lines = []
    for name, options in SOURCES.items():
        told, found = told_and_found('Set dnsrcode.message_source to "tree"', path("first-contact-dig"),
                                     "-X", f"lua_script:{script}", *options)
        if (told, bool(found)) != ((0, True) if name == "the tree" else (1, False)):
            lines.append(f"DNS through a script, from {name}: {found} response codes, told {told} times")
    return lines


def without_transport():
    """Exported PDUs have no connections: nothing is claimed of them, and that is said, once."""
    target = exported("dso-healthy-push-tls", 7, tshark.home())
    lines = []
    for name, options in SOURCES.items():
        told, found = told_and_found("neither UDP nor TCP", target, *options)
        if (told, found) != (1, 0):
            lines.append(f"exported PDUs, from {name}: {found} response codes, told {told} times")
    return lines


def check(name):
    """All that is to hold for a capture."""
    lines = compare(path(name)) + compare_texts(name)
    if name in KINDS:
        lines += compare_details(name)
    if name in PADDED:
        lines += compare_padded(name)
    return lines


def main(arguments):
    if not arguments:
        print(__doc__)
        return 2
    kind, *numbers = arguments
    if kind == "--elsewhere":
        different = unwatched() + without_transport()
    elif kind == "--way":
        different = [line for number in numbers for line in compare_way(WAYS[int(number) - 1])]
    else:
        different = [line for name in arguments for line in check(name)]
    print("\n".join(different))
    return 1 if different else 0


try:
    sys.exit(main(sys.argv[1:]))
except (tshark.HarnessError, AssertionError) as problem:
    sys.exit(f"{type(problem).__name__}: {problem}")
