#!/usr/bin/env python3
"""valgrind's memcheck over a session of several files in sharkd: errors and leaks with the plugin's code in their stack.

    memcheck.py             every capture of the project: ten minutes
    memcheck.py --every 20  every twentieth; CI does so twice, --from 0 and --from 10

Opens each capture, asks for its frames, opens the next: what Wireshark does for "Open" and "Reload". Wireshark's own
leaks are none of ours: only records that name dnsrcode.so count. Exit code 77 without valgrind or sharkd.
"""
import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
# pylint: disable=wrong-import-position
from harness import tshark  # noqa: E402

SKIPPED = 77


def requests(captures):
    for number, capture in enumerate(captures, 1):
        yield {"method": "load", "params": {"file": str(capture)}}
        yield {"method": "setconf", "params": {"name": "dnsrcode.correct_dns", "value": str(number % 2 == 0).upper()}}
        yield {"method": "frames", "params": {"filter": "dnsrcode"}}
        yield {"method": "frame", "params": {"frame": 2, "proto": True}}
    yield {"method": "bye"}


def script(captures):
    return "".join(json.dumps({"jsonrpc": "2.0", "id": i, **r}) + "\n" for i, r in enumerate(requests(captures), 1))


def ours(log):
    """The records of valgrind whose stack goes through the plugin; a lost record has a blank line behind it."""
    records = re.split(r"\n==\d+== \n", log)
    return [r for r in records if "dnsrcode.so" in r and not re.search(r"still reachable", r)]


def chosen():
    """Every n-th capture, and the first one once more: "Reload"."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every N-th capture")
    parser.add_argument("--from", type=int, default=0, metavar="I", dest="first", help="beginning with the I-th")
    arguments = parser.parse_args()
    captures = tshark.captures()[arguments.first::arguments.every]
    return [tshark.readable(path) for path in captures + captures[:1]]


def main():
    captures = chosen()
    valgrind, sharkd = shutil.which("valgrind"), shutil.which("sharkd")
    if not valgrind or not sharkd:
        print("valgrind or sharkd is not there: skipped (Debian: apt install valgrind wireshark-common)")
        return SKIPPED
    command = [*tshark.as_nobody(), valgrind, "--leak-check=full", "--show-leak-kinds=definite,indirect", "--num-callers=40",
               "--keep-debuginfo=yes", "--track-origins=no", sharkd, "-"]
    # One malloc per allocation: valgrind cannot look into blocks.
    environment = {**tshark.environment(tshark.home()), "WIRESHARK_DEBUG_WMEM_OVERRIDE": "strict", "G_SLICE": "always-malloc"}
    done = subprocess.run([str(part) for part in command], input=script(captures), capture_output=True, text=True,
                          errors="replace", env=environment, timeout=3600, check=False, cwd="/")
    answers = done.stdout.count('"result"')
    found = ours(done.stderr)
    print("\n\n".join(found))
    print(f"{len(captures)} files in one sharkd, {answers} answers, exit code {done.returncode}, "
          f"{len(found)} records of valgrind with the plugin in them")
    if answers < 3 * len(captures):
        print(done.stdout[-1500:] + done.stderr[-1500:])
        return 1
    return 1 if found or done.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
