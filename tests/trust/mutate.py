#!/usr/bin/env python3
"""Mutated and random captures through tshark with the plugin, the way Wireshark's own fuzz tests do it.

    mutate.py --files 40 --seed 100   as in CI: so many mutants, however long that takes
    mutate.py --seconds 3600 --seed 7 other mutations, as long as one likes

Each capture of captures/ and of the regressions is read as it is, then mutated by `editcap -E` with one seed after the
other, with random packets of `randpkt` in between, in one pass and in two, with both sources of messages. Whatever
ends tshark with anything but success, or is not done in time, is read again without the plugin: only what succeeds
there is the plugin's fault. It is kept, and the exit code is 1.
"""
import argparse
import itertools
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
# pylint: disable=wrong-import-position
from harness import tshark  # noqa: E402

RATES = ["0.02", "0.005", "0.1"]
SLOW = 60  # seconds for one small file
SECRET = 'uat:dnsrcode_secrets:"any","e5e973e5a6b2a43f48e7dc849e37bfcf",""'
TAPS, TREE = (["-o", f"dnsrcode.message_source:{name}"] for name in ("taps", "tree"))
# With a tree and without, as Wireshark's own load reads (taps) among them.
RUNS = [["-V"], ["-V", "-2"], ["-2"], ["-V", *TREE], ["-V", "-2", *TREE], ["-V", *TAPS], TAPS]
RANDOM_TYPES = ["dns", "udp", "tcp", "ip", "ipv6", "icmp"]


def make(command):
    return subprocess.run([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          check=False).returncode == 0


def mutations(captures, seed, directory):
    """Ever new files: the captures themselves, then mutants and random packets."""
    editcap, randpkt = tshark.program("editcap"), tshark.program("randpkt")
    yield from captures
    target = directory / "mutant.pcapng"
    for number in itertools.count(seed):
        rate = RATES[number % len(RATES)]
        order = list(captures)
        random.Random(number).shuffle(order)
        for i, capture in enumerate(order):
            if make([editcap, "-E", rate, "--seed", number, capture, target]):
                target.chmod(0o644)
                yield target
            kind = RANDOM_TYPES[i % len(RANDOM_TYPES)]
            if i % 20 == 0 and make([randpkt, "-c", 200, "-b", 1000, "-t", kind, target]):
                target.chmod(0o644)
                yield target


def fails(capture, arguments, plugin=True):
    """None when all goes well, else what happened."""
    command = [tshark.program("tshark"), "-r", capture, *arguments]
    home = tshark.home() if plugin else tshark.work()
    try:
        result = tshark.execute(command, home, SLOW)
    except tshark.HarnessError:
        return f"not done after {SLOW} s"
    if result.was_read and "Dissector bug" not in result.err + result.out and "ERROR" not in result.err:
        return None
    return f"exit code {result.code}: {result.err.strip()[-800:]}"


def without_plugin(arguments):
    rest = iter(arguments)
    return [a for a in rest if not (a == "-o" and next(rest))]


def try_one(capture, arguments, keep):
    """True when the plugin is to blame."""
    why = fails(capture, [*arguments, *(("-o", SECRET) if tshark.verifies() else ())])
    if not why:
        return False
    if fails(capture, without_plugin(arguments), plugin=False):
        print(f"not of the plugin's making, {' '.join(arguments)}: {why[:200]}", flush=True)
        return False
    keep.mkdir(parents=True, exist_ok=True)
    kept = keep / f"{int(time.time() * 1000)}-{pathlib.Path(capture).name}"
    shutil.copyfile(capture, kept)
    print(f"FAILED: tshark -r {kept} {' '.join(arguments)}: {why}", flush=True)
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, help="end then")
    parser.add_argument("--files", type=int, help="end after so many, beside the regressions")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=pathlib.Path, default=tshark.work() / "failures")
    arguments = parser.parse_args()
    captures = sorted((HERE / "regressions").glob("*.pcap")) + tshark.captures()
    until = time.monotonic() + arguments.seconds if arguments.seconds else float("inf")
    files, regressions, blamed, runs = 0, 0, 0, 0
    with tempfile.TemporaryDirectory(prefix="dnsrcode-mutants-") as directory:
        pathlib.Path(directory).chmod(0o755)
        for capture in mutations(captures, arguments.seed, pathlib.Path(directory)):
            # The captures themselves are read by other tests in all ways; the regressions are read here, always.
            regression = capture.parent.name == "regressions"
            if time.monotonic() > until or arguments.files is not None and files - regressions >= arguments.files:
                break
            if capture.suffix == ".pcapng" and tshark.CAPTURES in capture.parents:
                continue
            chosen = RUNS if regression else [RUNS[files % len(RUNS)]]
            blamed += sum(try_one(capture, run, arguments.keep) for run in chosen)
            runs += len(chosen)
            files += 1
            regressions += regression
    print(f"{files} files, {runs} runs of tshark {'.'.join(map(str, tshark.version()))}, {blamed} failures")
    return 1 if blamed else 0


if __name__ == "__main__":
    sys.exit(main())
