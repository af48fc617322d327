"""python3 -m golden check NAME | update [NAME…] | update --this-version NAME…

One file per capture, expected/FOLDER/NAME.txt (the folders are those of captures/): the Info column and the plugin's fields of each frame, its expert infos, and
its part of `-z expert`, in one pass and in two (in one section where they agree). Read a change of these files as a
user would read the output; then `cmake --build build --target update-golden` takes it over.

All supported versions of Wireshark are to give the same. Where Wireshark itself differs (a segment out of order that
one version hands to the DNS dissector and another does not), NAME.4.6.txt holds what that version prints; `update
--this-version` writes it.
"""
import os
import pathlib
import re
import sys

from harness import observe, texts, tshark, truth

EXPECTED = pathlib.Path(__file__).resolve().parent / "expected"

# Parts of the server cookie's bytes, which stand there as a whole, and repetitions.
LEFT_OUT = {"cookie.client", "cookie.server.version", "cookie.server.hash"}


def frame_lines(frame):
    yield f"{frame.number}  {frame.info}"
    for name, values in frame.fields.items():
        if name not in LEFT_OUT:
            yield from (f"    {name}: {value}" for value in values)
    yield from (f"    expert: {e.severity}: {e.summary}" for e in frame.experts)


def section(observation):
    lines = [line for frame in observation.frames for line in frame_lines(frame)]
    lines += [f"-z expert: {severity} x {count}: {summary}" for severity, count, summary in observation.expert_table]
    return lines or ["(nothing)"]


def golden_text(capture):
    """The whole file for a capture."""
    one, two = section(observe.observe(capture)), section(observe.observe(capture, two_passes=True))
    parts = [("one pass and two passes", one)] if one == two else [("one pass", one), ("two passes", two)]
    for options in map(truth.options, truth.variants(capture.stem)):
        parts.append(("two passes, with " + " ".join(options),
                      section(observe.observe(capture, two_passes=True, options=options))))
    return "\n".join(line for title, lines in parts for line in [f"# {title}", *lines, ""])


def expected_of(capture):
    return EXPECTED / capture.parent.name / f"{capture.stem}.txt"


def of_this_version(capture):
    return expected_of(capture).with_suffix(".{}.{}.txt".format(*tshark.version()))


def check(name):
    capture = tshark.capture(name)
    special = of_this_version(capture)
    expected = special if special.exists() else expected_of(capture)
    new = golden_text(capture)
    old = expected.read_text() if expected.exists() else ""
    wrong = [line for passes in (False, True) for line in texts.problems(observe.observe(capture, two_passes=passes))]
    if wrong:
        print(*dict.fromkeys(wrong), sep="\n")
        return 1
    if new == old:
        return 0
    if not old:
        print(f"{expected.name} is not there yet. What tshark prints:")
    import difflib  # pylint: disable=import-outside-toplevel # only when something is wrong

    sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), new.splitlines(True), f"expected/{expected.name}",
                                               "tshark"))
    print("\nIf the new output is right: cmake --build BUILD --target update-golden")
    return 1


def remove_orphans(captures):
    for path in EXPECTED.glob("*/*.txt"):
        if re.sub(r"\.\d+\.\d+$", "", path.stem) not in captures:
            path.unlink()
            print(f"removed {path.name}: its capture is gone")


def write(path, text):
    if not path.exists() or path.read_text() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        print(f"changed {path.name}")


def update(names, this_version=False):
    captures = {path.stem: path for path in tshark.captures()}
    remove_orphans(captures)
    tshark.home()
    observe.field_names()
    chosen = names or sorted(captures)
    import concurrent.futures  # pylint: disable=import-outside-toplevel # four hundred tests do without

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, text in zip(chosen, pool.map(lambda name: golden_text(captures[name]), chosen)):
            special = of_this_version(captures[name])
            write(special if this_version or special.exists() else expected_of(captures[name]), text)
    return 0


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "check":
        return check(arguments[1])
    if len(arguments) > 2 and arguments[:2] == ["update", "--this-version"]:
        return update(arguments[2:], this_version=True)
    if arguments and arguments[0] == "update":
        return update(arguments[1:])
    print(__doc__)
    return 2


try:
    sys.exit(main(sys.argv[1:]))
except (tshark.HarnessError, AssertionError) as problem:
    sys.exit(f"{type(problem).__name__}: {problem}")
