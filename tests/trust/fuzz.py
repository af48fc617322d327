#!/usr/bin/env python3
"""Runs the fuzz targets over the seeds made from captures/, for a bounded time or number of inputs.

Inputs that made a target fail stay in the directory named at the end, and the exit code is 1.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys

import seeds

SOURCE = pathlib.Path(__file__).resolve().parents[2]
INPUTS = pathlib.Path(__file__).resolve().parent / "inputs"
TARGETS = ["fuzz_conversation", "fuzz_conversation_small"]
LONGEST = 60000  # bytes of one input


def run(target, directory, limit):
    work = directory / f"{target}.found"
    corpus, failures = work / "corpus", work / "failures"
    for path in (corpus, failures):
        path.mkdir(parents=True, exist_ok=True)
    command = [directory / target, corpus, work / "seeds", INPUTS, f"-artifact_prefix={failures}/",
               f"-max_len={LONGEST}", "-len_control=30", "-timeout=10", "-rss_limit_mb=1500", "-print_final_stats=1"]
    command += limit
    done = subprocess.run([str(part) for part in command], stderr=subprocess.PIPE, text=True, errors="replace",
                          check=False, env={**os.environ, "UBSAN_OPTIONS": "print_stacktrace=1"})
    return done.returncode, done.stderr, failures


def statistics(log):
    executed = re.search(r"stat::number_of_executed_units: (\d+)", log)
    covered = re.findall(r"cov: (\d+)", log)
    return int(executed[1]) if executed else 0, int(covered[-1]) if covered else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="for all targets together; 0: until interrupted")
    parser.add_argument("--runs", type=int, help="so many inputs for each target, however long that takes")
    parser.add_argument("--only", choices=TARGETS, help="one of the targets")
    parser.add_argument("--fuzzers", type=lambda text: pathlib.Path(text).resolve(), required=True, help="the directory that they were built in")
    arguments = parser.parse_args()
    targets = [arguments.only] if arguments.only else TARGETS
    limit = [f"-max_total_time={arguments.seconds // len(targets)}"] if arguments.seconds else []
    if arguments.runs:
        limit = [f"-runs={arguments.runs}", "-seed=1"]
    bad = False
    for target in targets:
        count = seeds.write_all(SOURCE / "captures", arguments.fuzzers / f"{target}.found" / "seeds")
        code, log, failures = run(target, arguments.fuzzers, limit)
        executed, covered = statistics(log)
        print(f"{target}: {count} seeds, {executed} inputs, {covered} edges covered, exit code {code}", flush=True)
        if code:
            bad = True
            print(log[-6000:])
            print(f"kept in {failures}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
