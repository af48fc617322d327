"""What one run says in different places is the same: Info column, fields, expert infos, `-z expert`; in one pass and in two.

In one pass, what is open is said to be open; nothing there is worse than `warn` that two passes take back.
"""
import collections
import re
import sys

from harness import observe, tshark

CAPTURES = ["first-contact-dig", "nodes-by-flow-resolver", "stale-cookie-bind920", "gave-up", "age-limits", "malformed",
            "dso-push-refused-many", "dso-no-response", "dso-dropped-syn", "silence-on-cookie", "mixed-cookie-formats"]
BAD = ("warn", "error")


def in_brackets(info):
    """The slugs that the Info column names."""
    return [slug for words in re.findall(r"\[([a-z0-9-]+(?:, [a-z0-9-]+)*)\]", info) for slug in words.split(", ")]


def check_frame(name, frame):
    where = f"{name}, frame {frame.number}"
    trouble = frame.get("trouble")
    shown = in_brackets(frame.info)
    one_message = max(len(frame.get(field)) for field in ("severity", "rcode", "dso.kind", "request_in")) <= 1
    if one_message:  # of several, Wireshark 4.0 shows the last one
        assert set(trouble) <= set(shown), f"{where}: trouble {trouble}, but the Info column is {frame.info!r}"
        assert len(shown) == len(set(shown)), f"{where}: said twice: {frame.info!r}"
    bad = [expert for expert in frame.experts if expert.severity in BAD]
    assert len(bad) == len(trouble), f"{where}: trouble {trouble}, but the expert infos are {bad}"
    noted = [expert for expert in frame.experts if expert.severity != "chat"]
    assert not one_message or len(shown) == len(noted), f"{where}: {frame.info!r}, but the expert infos are {noted}"
    assert not trouble or set(frame.get("severity")) & set(BAD), f"{where}: trouble {trouble}, severity {frame.get('severity')}"
    coloured = set(frame.get("severity")) - {"chat"}
    assert not coloured or frame.get("cause") or frame.get("violation"), f"{where}: a colour without a reason"


def check_run(name, two_passes):
    said = observe.observe(tshark.capture(name), two_passes=two_passes)
    for frame in said.frames:
        check_frame(f"{name}, {'two passes' if two_passes else 'one pass'}", frame)
    counted = collections.Counter((e.severity, e.summary) for frame in said.frames for e in frame.experts)
    table = collections.Counter({(severity, summary): count for severity, count, summary in said.expert_table})
    assert counted == table, f"{name}: -z expert has {table - counted}, the frames have {counted - table}"
    return said


def check_capture(name):
    one, two = check_run(name, False), check_run(name, True)
    settled = {frame.number: frame for frame in two.frames}
    for frame in one.frames:
        after = settled.get(frame.number)
        outcomes = after.get("outcome") if after else []
        if not frame.get("cause"):
            continue  # only time told
        assert frame.get("outcome") == outcomes or "open" in frame.get("outcome"), \
            f"{name}, frame {frame.number}: {frame.get('outcome')} in one pass, {outcomes} in two"
    assert not any("open" in frame.get("outcome") for frame in two.frames), f"{name}: open at the end"


def main():
    names = [name for name in CAPTURES if tshark.capture(name)]
    assert len(names) > 7, f"only these captures are there: {names}"
    for name in names:
        check_capture(name)


try:
    main()
except (AssertionError, tshark.HarnessError) as problem:
    sys.exit(str(problem))
