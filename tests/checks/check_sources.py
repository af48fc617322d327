"""Every capture, read from taps and from the tree: the same findings (only where the messages come from differs)."""
import concurrent.futures
import os
import sys

from harness import observe, tshark

SOURCES = [("-o", "dnsrcode.message_source:taps"), ()]  # tshark takes the tree by itself


def findings(capture, options):
    found = observe.observe(capture, options=options)
    return [(frame.number, frame.info, frame.fields, frame.experts) for frame in found.frames], found.expert_table


def compare(capture):
    """What differs, as text."""
    (taps, taps_table), (tree, tree_table) = (findings(capture, options) for options in SOURCES)
    lines = [f"{capture.name}: only from {name}: {frame}" for name, one, other in (("taps", taps, tree), ("the tree", tree, taps))
             for frame in one if frame not in other]
    if taps_table != tree_table:
        lines.append(f"{capture.name}: -z expert differs")
    return lines


def main():
    captures = sorted(tshark.CAPTURES.glob("*.pcapng"))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        different = [line for lines in pool.map(compare, captures) for line in lines]
    print("\n".join(different))
    assert len(captures) > 100, "the captures were not found"
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
