"""python3 -m truth_check NAME… | --all

Compares what the plugin says in two passes with tests/truth/*/NAME.tsv: the response code, the cause (one of those that
the plugin names), the broken rules, the outcome, and the severity of the strongest expert info on the frame. On frames
without a row nothing above chat is allowed. Prints a table of the differences.
"""
import sys

from harness import observe, truth, tshark

NOTHING = observe.Frame(0, "")


def wanted(cell):
    """The alternatives as sets of slugs; the empty one means that saying nothing is right."""
    return [frozenset(filter(None, option.split(","))) for option in truth.alternatives(cell)]


def includes(cell, said):
    return any(option <= set(said) for option in wanted(cell))


def equals(cell, said):
    return any(option == frozenset(said) for option in wanted(cell))


def severity_holds(cell, said):
    """Chat is as good as silence."""
    options = truth.alternatives(cell)
    return (said[0] if said else "") in options or ("" in options and said == ["chat"])


def differences(row, frame, others):
    """(column, wanted, said) of a row on one frame. `others`: what further rows of this frame name as well."""
    checks = [
        ("rcode", frame.get("rcode"), includes if row.get("rcode") else lambda cell, said: True),
        ("cause", [slug for slug in frame.get("cause") if slug not in others], includes),
        ("violation", [slug for slug in frame.get("violation") if slug not in others], equals),
        ("outcome", frame.get("outcome"), includes),
        ("severity", list(filter(None, [frame.severity()])), severity_holds),
    ]
    return [(column, row[column], " ".join(said)) for column, said, holds in checks
            if column in row and not holds(row[column], said)]


def slugs(row):
    return {slug for column in ("cause", "violation") for option in wanted(row.get(column)) for slug in option}


def may_be_quiet(row):
    """Is it right to say nothing of this message? Then no column of the row applies."""
    named = [row[column] for column in ("cause", "violation") if row.get(column)]
    return all("" in truth.alternatives(cell) for cell in named or [row.get("severity")])


def check_row(row, rows, frames):
    """The smallest list of differences among the frames that the row allows."""
    results = []
    for number in map(int, truth.alternatives(row["frame"])):
        beside = [r for r in rows if r is not row and str(number) in truth.alternatives(r["frame"])]
        others = set().union(*map(slugs, beside)) - slugs(row)
        frame = frames.get(number, NOTHING)
        if not frame.severity() and not frame.get("cause") and may_be_quiet(row):
            return number, []
        results.append((number, differences(row, frame, others)))
    return min(results, key=lambda result: len(result[1]))


def quiet(rows, frames):
    """Frames without a row say nothing above chat."""
    named = {int(number) for row in rows for number in truth.alternatives(row["frame"])}
    for number, frame in sorted(frames.items()):
        if number not in named and frame.severity() not in (None, "chat"):
            said = " ".join(frame.get("cause") + frame.get("violation"))
            yield number, "severity", "(no row: nothing above chat)", f"{frame.severity()}: {said}"


def all_clear(rows, report):
    """A report that says that nothing is wrong, though something is."""
    loud = [row for row in rows if not may_be_quiet(row) and set(truth.alternatives(row.get("severity"))) <= {"warn", "error"} and row.get("severity")]
    return [(0, "report", "a trouble", "nothing wrong")] if loud and "othing wrong" in report else []


def check(name):
    capture = tshark.capture(truth.capture_of(name))
    if not capture:
        return [(name, 0, "capture", "captures/", "not there")]
    found = observe.observe(capture, two_passes=True, options=truth.options(name))
    frames, rows = {frame.number: frame for frame in found.frames}, truth.rows(name)
    table = []
    for row in rows:
        number, wrong = check_row(row, rows, frames)
        table += [(name, number, *difference) for difference in wrong]
    table += [(name, *difference) for difference in all_clear(rows, found.report)]
    return table + [(name, *difference) for difference in quiet(rows, frames)]


def show(table):
    heads = ("capture", "frame", "column", "truth", "plugin")
    lines = [tuple(str(cell) or "(nothing)" for cell in line) for line in table]
    widths = [max(len(line[i]) for line in [heads, *lines]) for i in range(4)]
    for line in [heads, *lines]:
        print("  ".join([*(cell.ljust(width) for cell, width in zip(line, widths)), line[4]]))


def main(arguments):
    names = truth.names() if arguments == ["--all"] else arguments
    if not names:
        print(__doc__)
        return 2
    if not tshark.verifies():
        names = [name for name in names if not any("dnsrcode_secrets" in word for word in truth.options(name))]
        if not names:
            print("skipped: the plugin was built without libsodium, and verifies no cookies")
            return 77
    table = [line for name in names for line in check(name)]
    if table:
        show(table)
        print(f"\n{len(table)} differences in {len({line[0] for line in table})} of {len(names)} captures")
    return 1 if table else 0


try:
    sys.exit(main(sys.argv[1:]))
except (tshark.HarnessError, AssertionError) as problem:
    sys.exit(f"{type(problem).__name__}: {problem}")
