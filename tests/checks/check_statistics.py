"""check_statistics PART

The statistics of a few captures are as in tests/statistics; one pass and two, tree and taps give the same numbers.

`python3 -B -m checks.check_statistics update` writes them anew: read the change before you commit it.
"""
import difflib
import functools
import re
import sys

from harness import observe, tshark

EXPECTED = tshark.SOURCE / "tests" / "statistics"
CAPTURES = ["first-contact-dig", "nodes-by-flow-resolver", "stale-cookie-bind920", "gave-up", "age-limits", "malformed",
            "dso-push-refused-many", "dso-healthy-push-tls", "dso-no-response", "dso-tls-without-keys"]
WAYS = {"one pass": (), "two passes": ("-2",), "from taps": ("-o", tshark.AS_WINDOW),
        "from the tree": ("-o", "dnsrcode.message_source:tree")}


@functools.lru_cache(maxsize=None)
def run(capture, way=()):
    """The lines of report, servers, clients and tree, which Wireshark draws last come, first served."""
    path = tshark.capture(capture)
    wanted = [word for name in ("tree", "clients", "servers", "report") for word in ("-z", f"dnsrcode,{name}")]
    lines = tshark.succeed("-q", *way, *wanted, capture=path).out.splitlines()
    rules = [i for i, line in enumerate(lines) if line.startswith("=====")]
    return lines[:rules[0] - 1], lines[rules[0]:rules[1]], lines[rules[2]:rules[3]], lines[rules[4]:]


def tree(lines):
    """Names and counts: rates and columns differ between Wiresharks, as does the order of equal counts."""
    rows, path = [], []
    for line in lines:
        match = re.match(r"( *)(\S.*?) {2,}(\d+) ", line)
        if match:
            path = path[:len(match[1])] + [match[2]]
            rows.append(f"{' / '.join(path)}: {match[3]}")
    return ["tree", *sorted(row for row in rows if not row.endswith(": 0"))]


def ends(name, lines):
    rows = [line for line in lines if "|" in line]
    return [name, *[" | ".join(cell.strip() for cell in row.split("|")).strip() for row in rows]]


def everything(capture, way=()):
    report, servers, clients, counts = run(capture, way)
    return ["report", *report, "", *ends("servers", servers), "", *ends("clients", clients), "", *tree(counts), ""]


def problems(capture):
    wanted = (EXPECTED / f"{capture}.txt").read_text().splitlines()
    for name, way in WAYS.items():
        yield from difflib.unified_diff(wanted, everything(capture, way), "expected", f"{capture}, {name}", lineterm="")
    report = wanted[1:wanted.index("servers") - 1]
    if len(report) > 24:
        yield f"{capture}: the report has {len(report)} lines"
    for line in report:
        if len(line) > 80:
            yield f"{capture}: wider than 80 columns: {line}"


def check_filter():
    """A filter that lets nothing through is told from a capture without DNS."""
    out = tshark.succeed("-q", "-z", "dnsrcode,report,ip.addr == 192.0.2.99", capture=tshark.capture("first-contact-dig")).out
    assert out.strip() == "No DNS message matches the filter (12 in the capture).", out
    out = tshark.succeed("-q", "-z", "dnsrcode,report,ip.addr == 198.51.100.53", capture=tshark.capture("first-contact-dig")).out
    assert out.startswith("12 DNS messages, frames 1 to 12\nNothing wrong is told at these messages;"), out


def check_trouble_first():
    """The server with an error stands above those without, and harmless causes are left out."""
    for way in WAYS.values():
        rows = ends("servers", run("nodes-by-flow-resolver", way)[1])[2:]
        assert "own-cookie-rejected 6" in rows[0] and "first-contact" not in rows[0], rows


def check_expert_agrees(captures):
    """Of one run in two passes: the report's counts are those of the expert infos."""
    for capture in captures:
        table = observe.observe(tshark.capture(capture), two_passes=True).expert_table
        errors = sum(count for severity, count, _ in table if severity in ("error", "warn"))
        report = run(capture, ("-2",))[0]
        told = sum(1 if "once" in line else int(re.search(r": (\d+) times", line)[1]) for line in report
                   if re.match("(ERROR|WARN ) ", line))
        assert told >= errors and (told > 0) == (errors > 0), f"{capture}: report {told}, experts {errors}"


def update():
    for capture in CAPTURES:
        (EXPECTED / f"{capture}.txt").write_text("\n".join(everything(capture)) + "\n")


def main():
    if sys.argv[1:] == ["update"]:
        update()
        return 0
    captures = tshark.part(CAPTURES, sys.argv[1])
    if "nodes-by-flow-resolver" in captures:
        check_filter()
        check_trouble_first()
    check_expert_agrees(captures)
    found = [line for capture in captures for line in problems(capture)]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
