"""The statistics of a few captures are as in tests/statistics; one pass and two, tree and taps give the same numbers.

`python3 -B -m checks.check_statistics update` writes them anew: read the change before you commit it.
"""
import difflib
import re
import sys

from harness import tshark

EXPECTED = tshark.SOURCE / "tests" / "statistics"
CAPTURES = ["first-contact-dig", "nodes-by-flow-resolver", "stale-cookie-bind920", "gave-up", "age-limits", "malformed",
            "dso-push-refused-many", "dso-healthy-push-tls", "dso-no-response", "dso-tls-without-keys"]
WAYS = {"one pass": (), "two passes": ("-2",), "from taps": ("-o", "dnsrcode.message_source:taps"),
        "from the tree": ("-o", "dnsrcode.message_source:tree")}


def run(capture, way=()):
    """The lines of report, servers and tree, which Wireshark draws last come, first served."""
    path = tshark.capture(capture)
    wanted = [word for name in ("tree", "servers", "report") for word in ("-z", f"dnsrcode,{name}")]
    lines = tshark.succeed("-q", *way, *wanted, capture=path).out.splitlines()
    rules = [i for i, line in enumerate(lines) if line.startswith("=====")]
    return lines[:rules[0] - 1], lines[rules[0]:rules[1]], lines[rules[2]:]


def tree(lines):
    """Names and counts: rates and columns differ between Wiresharks, as does the order of equal counts."""
    rows, path = [], []
    for line in lines:
        match = re.match(r"( *)(\S.*?) {2,}(\d+) ", line)
        if match:
            path = path[:len(match[1])] + [match[2]]
            rows.append(f"{' / '.join(path)}: {match[3]}")
    return ["tree", *sorted(row for row in rows if not row.endswith(": 0"))]


def servers(lines):
    rows = [line for line in lines if "|" in line]
    return ["servers", *[" | ".join(cell.strip() for cell in row.split("|")).strip() for row in rows]]


def everything(capture, way=()):
    report, table, counts = run(capture, way)
    return ["report", *report, "", *servers(table), "", *tree(counts), ""]


def problems(capture):
    wanted = (EXPECTED / f"{capture}.txt").read_text().splitlines()
    for name, way in WAYS.items():
        yield from difflib.unified_diff(wanted, everything(capture, way), "expected", f"{capture}, {name}", lineterm="")
    for line in wanted[:wanted.index("servers")]:
        if len(line) > 80:
            yield f"{capture}: wider than 80 columns: {line}"


def update():
    for capture in CAPTURES:
        (EXPECTED / f"{capture}.txt").write_text("\n".join(everything(capture)) + "\n")


def main():
    if sys.argv[1:] == ["update"]:
        update()
        return 0
    found = [line for capture in CAPTURES for line in problems(capture)]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
