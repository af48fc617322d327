# SPDX-License-Identifier: GPL-2.0-or-later
"""captures/dso/README.md, from the scenarios and the ground truth."""

import csv

from . import taken, written
from .scenarios import GROUPS

HEAD = """\
# Captures of DNS Stateful Operations and DNS Push

Made by `captures/make/dso.sh`, which needs root (network namespaces), save those of the last two groups. Written by `python3 -m dso_peer stories`, run in tests/; the
ground truth is in `tests/truth/dso/dso-NAME.tsv`. `a|b` are readings that are equally right. Client 192.0.2.2 or 2001:db8::2,
server 192.0.2.1 or 2001:db8::1; TLS captures carry their keys unless the story says otherwise.
"""

WRITTEN = "Written packet by packet, by `python3 -m dso_peer write` in tests/: what real ends on a quiet machine do not show"


def page(folder):
    groups = [(title, [(s.name, s.story) for s in group]) for title, group in GROUPS]
    groups.append(("Taken as they are", list(taken.CAPTURES.items())))
    groups.append((WRITTEN, [(name, story) for name, (story, _) in written.SCENES.items()]))
    return HEAD + "".join(f"\n## {title}\n\n{table(group, folder)}" for title, group in groups)


def table(group, folder):
    lines = ["| capture | how made | to be found: frame, what, how grave |", "|---|---|---|"]
    for name, story in group:
        path = folder / f"dso-{name}.tsv"
        found = findings(path) if path.exists() else "not made yet"
        lines.append(f"| dso-{name} | {story} | {found} |")
    return "\n".join(lines) + "\n"


def findings(path):
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return "; ".join(map(finding, rows)) or "nothing above chat"


def finding(row):
    parts = [row["frame"], f"RCODE {row['rcode']}" if row["rcode"] else "", row["cause"], row["violation"],
             f"→ {row['outcome']}" if row["outcome"] else "", f"({row['severity']})"]
    return " ".join(part for part in parts if part).replace("|", " or ")
