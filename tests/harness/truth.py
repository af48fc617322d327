"""Truth files: tests/truth/FOLDER/NAME.tsv says what a human expert finds in captures/FOLDER/NAME.pcapng.

A first line `# options: -o …` names what tshark is to be given (secrets, for one); other lines that begin with # are
comments. Then a line of column names, and one row per message with something to say; see the README files beside them.
NAME.VARIANT.tsv is about the same capture, with other options.
"""
import csv
import shlex

from .tshark import SOURCE, capture

TRUTH = SOURCE / "tests" / "truth"


def names():
    return sorted(path.stem for path in TRUTH.glob("*/*.tsv"))


def path_of(name):
    """The file of that name, in whichever folder; None when there is none."""
    return next(TRUTH.glob(f"*/{name}.tsv"), None)


def options(name):
    path = path_of(name)
    if not path:
        return []
    first = path.read_text().split("\n", 1)[0]
    mark = "# options:"
    return shlex.split(first[len(mark):]) if first.startswith(mark) else []


def capture_of(name):
    """"forged" of "forged.with-secret"; a capture's own name may have a dot, too."""
    return name if capture(name) else name.rsplit(".", 1)[0]


def variants(of):
    """The truth files of a capture by name, those with options of their own."""
    own = sorted(path.stem for pattern in (f"*/{of}.tsv", f"*/{of}.*.tsv") for path in TRUTH.glob(pattern))
    return [name for name in own if capture_of(name) == of and options(name)]


def rows(name):
    lines = (line for line in path_of(name).read_text().splitlines() if line and not line.startswith("#"))
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, restval=""))


def alternatives(cell):
    """Of "a|b|-": the empty one, also written "-", means that saying nothing is right too."""
    return ["" if option == "-" else option for option in (cell or "").split("|")]
