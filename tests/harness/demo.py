"""python3 -m harness.demo CAPTURE…: the report, then the first messages with trouble as Wireshark's details show them."""
import pathlib
import re
import shlex
import sys

from . import tshark

SHOWN = 3  # messages in full
PATIENCE = 1800  # seconds, for a large capture


def run(*arguments, capture):
    print(f"\n$ tshark {shlex.join(['-r', str(capture), *arguments])}\n", flush=True)
    result = tshark.tshark(*arguments, capture=capture, timeout=PATIENCE)
    if result.code != 0:
        raise tshark.HarnessError(result.err.strip() or f"tshark ended with {result.code}")
    return result.out


def in_trouble(capture):
    """The numbers of the first frames in which somebody has to look for something."""
    result = tshark.tshark("-2", "-Y", "dnsrcode.trouble", "-T", "fields", "-e", "frame.number", capture=capture,
                           timeout=PATIENCE)
    return result.out.split()


def explanations(text):
    """Of tshark -V the plugin's part of each frame, without the general background."""
    for frame in re.split(r"\n(?=Frame \d+)", text):
        number = re.match(r"Frame (\d+)", frame)
        for part in re.findall(r"^\[DNS response code analysis.*?(?=^ {4}\[Background|^\S(?<!\[)|\Z)", frame,
                               re.MULTILINE | re.DOTALL):
            if number and "\n" in part:
                lines = [line for line in part.rstrip().splitlines() if not re.match(r" {8,}\[Expert| {12,}\[", line)]
                yield f"Frame {number[1]}", re.sub(r"^( *)\[(.*)\]$", r"\1\2", "\n".join(lines), flags=re.MULTILINE)


def show(capture):
    report = run("-q", "-z", "dnsrcode,report", capture=capture).strip()
    print(report)
    numbers = in_trouble(capture)
    if not numbers:
        healthy = "\nNothing wrong" in report
        print("\nHealthy: no message needs attention." if healthy else "\nNo message that can be read needs attention.")
        return
    first = numbers[:SHOWN]
    which = f"frame.number in {{{', '.join(first)}}}"
    for title, text in explanations(run("-2", "-V", "-Y", which, capture=capture)):
        print(f"{title}\n{text}\n")
    if len(numbers) > len(first):
        print(f"… and {len(numbers) - len(first)} more: the filter dnsrcode.trouble shows them all.")


def main(captures):
    for capture in captures:
        show(pathlib.Path(capture))
    print("\nTo have this in your own Wireshark and tshark, see \"Install\" in README.md.")


try:
    main(sys.argv[1:])
except (tshark.HarnessError, AssertionError) as problem:
    sys.exit(str(problem))
