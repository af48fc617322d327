"""Every slug of the tables of causes and rules is produced by some capture: no row without an example."""
import re
import sys

from harness import observe, truth, tshark

KNOWLEDGE = tshark.SOURCE / "plugin" / "knowledge"


def cause_slugs():
    text = (KNOWLEDGE / "knowledge.h").read_text()
    return set(re.findall(r'X\([A-Z0-9_]+, "([a-z0-9-]+)"\)', text))


def rule_slugs():
    text = (KNOWLEDGE / "rules.def").read_text()
    return set(re.findall(r'^DNS_RULE_ENUM\([A-Z0-9_]+,\s*"([a-z0-9-]+)"', text, re.MULTILINE))


def outcome_slugs():
    return set(re.findall(r'\[OUTCOME_\w+\] = \{\s*"([a-z-]+)"', (KNOWLEDGE / "outcomes.c").read_text()))


def produced(capture):
    said = {"cause": set(), "violation": set(), "outcome": set()}
    for frame in observe.observe(capture).frames:  # one pass: what is open
        said["outcome"].update(frame.get("outcome"))
    for options in [[], *map(truth.options, truth.variants(capture.stem))]:
        for frame in observe.observe(capture, two_passes=True, options=options).frames:
            for name, slugs in said.items():
                slugs.update(frame.get(name))
    return said


def main():
    all_said = list(map(produced, tshark.captures()))
    bad = 0
    for name, slugs in [("cause", cause_slugs()), ("violation", rule_slugs()), ("outcome", outcome_slugs())]:
        assert len(slugs) > 5, f"the table of {name} was not understood"
        said = set().union(*(one[name] for one in all_said))
        for slug in sorted(slugs - said):
            print(f"{name} {slug}: no capture shows it")
        for slug in sorted(said - slugs):
            print(f"{name} {slug}: shown, but not in the table")
        bad += len(slugs ^ said)
    return 1 if bad else 0


sys.exit(main())
