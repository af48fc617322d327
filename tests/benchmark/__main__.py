"""Measures what the plugin costs, against no plugin in the same run.

    python3 -m benchmark [--build DIR] [--large N] [--pairs N]     (from the folder tests)

Instructions by callgrind on 10 thousand messages, user time (median of paired runs) and peak memory on more. Prints Markdown
tables; the last one stands in the README. Takes some minutes; `--large 1000000` for the figures given there.
"""
import argparse
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

from harness import screen
from harness import tshark as harness

from . import captures, window

FEW, SMALL, MEDIUM = 1_000, 10_000, 100_000


def environment(home, command=()):
    """The strict switches of the tests change what is measured: off here."""
    kept = {k: v for k, v in harness.environment(home).items() if k not in harness.STRICT}
    return {**kept, "DNSRCODE_AS_WINDOW": "1"} if harness.AS_WINDOW in command else kept


class Bench:
    def __init__(self, folder):
        self.folder = folder
        self.with_plugin = harness.home()
        self.without = folder / "home"
        self.without.mkdir()
        folder.chmod(0o755)

    def capture(self, kind, count):
        path = self.folder / f"{kind}-{count}.pcap"
        if not path.exists():
            captures.write(path, kind, count)
            path.chmod(0o644)
        return path

    def command(self, kind, count, arguments):
        return [harness.program("tshark"), "-r", str(self.capture(kind, count)), *arguments]

    def instructions(self, kind, count, arguments, plugin):
        out = self.folder / "callgrind.out"
        out.touch()
        out.chmod(0o666)
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}",
                   *self.command(kind, count, self.only(arguments, plugin))]
        done = subprocess.run([*harness.as_nobody(), *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              stdin=subprocess.DEVNULL, env=environment(self.home(plugin), command), cwd="/", check=True)
        return int(re.search(rb"Collected : (\d+)", done.stderr)[1])

    def run(self, kind, count, arguments, plugin):
        """User time in seconds and peak memory in MiB of one run."""
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            null = os.open(os.devnull, os.O_RDWR)
            for number in (0, 1, 2):
                os.dup2(null, number)
            words = [*harness.as_nobody(), *self.command(kind, count, self.only(arguments, plugin))]
            os.execvpe(words[0], words, environment(self.home(plugin), words))
        os.close(reader)
        os.close(writer)
        _, status, usage = os.wait4(child, 0)
        if status:
            sys.exit(f"tshark ended with {status}: {kind} {arguments}")
        return usage.ru_utime, usage.ru_maxrss / 1024

    def home(self, plugin):
        return self.with_plugin if plugin else self.without

    @staticmethod
    def only(arguments, plugin):
        """Filters and preferences of the plugin exist only with it; without, their counterpart runs."""
        return arguments[1] if plugin else arguments[0]

    def paired(self, kind, count, arguments, pairs):
        """Ratio of user times: median over pairs run one after the other."""
        ratios, seconds, memory = [], [], []
        for _ in range(pairs):
            bare, bare_memory = self.run(kind, count, arguments, False)
            full, full_memory = self.run(kind, count, arguments, True)
            ratios.append(full / bare)
            seconds.append(full)
            memory.append(full_memory / bare_memory)
        return statistics.median(ratios), statistics.median(seconds), statistics.median(memory)


TAPS = ["-o", "dnsrcode.message_source:taps"]
TREE = ["-o", "dnsrcode.message_source:tree"]
# title, kind, (arguments without the plugin, with it), what issue and design ask for
WORKS = [
    ("plain, taps; cookies on every message", "cookies", ([], TAPS), 1.10),
    ("plain, taps; DNS without cookies", "no-cookies", ([], TAPS), 1.06),
    ("plain, taps; no DNS at all", "no-dns", ([], TAPS), 1.04),
    ("plain, taps; 5 % BADCOOKIE", "badcookie", ([], TAPS), None),
    ("plain, taps; DNS over TCP", "tcp", ([], TAPS), None),
    ("plain; cookies on every message", "cookies", ([], []), 1.10),
    ("plain; DNS without cookies", "no-cookies", ([], []), 1.06),
    ("plain; no DNS at all", "no-dns", ([], []), 1.04),
    ("plain; DNS over TCP", "tcp", ([], []), None),
    ("plain, tree; cookies", "cookies", ([], TREE), None),
    ("two passes (-2); cookies", "cookies", (["-2"], ["-2"]), None),
    ("filter; 5 % BADCOOKIE", "badcookie", (["-Y", "dns.flags.rcode == 7"], ["-Y", "dnsrcode.rcode == 23"]), 1.10),
    ("-T fields; cookies", "cookies", (["-T", "fields", "-e", "dns.flags.rcode"],
                                       ["-T", "fields", "-e", "dns.flags.rcode"]), 1.10),
    ("-z expert; cookies", "cookies", (["-q", "-z", "expert"], ["-q", "-z", "expert"]), 1.10),
]


WINDOW_WORKS = [
    ("cookies on every message", "cookies", 1.10),
    ("DNS without cookies", "no-cookies", 1.06),
    ("no DNS at all", "no-dns", 1.04),
]


def table(heads, rows):
    print("| " + " | ".join(heads) + " |")
    print("|" + " --- |" * len(heads))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print(flush=True)


def goal(value):
    return f"{value:.2f}" if value else "–"


def measure_instructions(bench):
    """Of whole runs, and of each message alone: the start of tshark is most of a short run."""
    rows = []
    for title, kind, arguments, wanted in WORKS:
        (few_bare, bare), (few_full, full) = ([bench.instructions(kind, count, arguments, plugin) for count in (FEW, SMALL)]
                                              for plugin in (False, True))
        each_bare, each_full = ((all_ - few) / (SMALL - FEW) for few, all_ in ((few_bare, bare), (few_full, full)))
        rows.append((title, f"{bare / 1e6:.0f} M", f"{full / 1e6:.0f} M", f"{full / bare:.3f}", f"{each_bare:,.0f}",
                     f"{each_full:,.0f}", f"{each_full / each_bare:.3f}", goal(wanted)))
    table((f"work, {SMALL:,} messages", "instructions without", "with", "ratio", "each message without", "with", "ratio", "goal"),
          rows)


def measure_time(bench, count, pairs):
    rows = []
    for title, kind, arguments, wanted in WORKS:
        ratio, seconds, memory = bench.paired(kind, count, arguments, pairs)
        rows.append((title, f"{seconds:.2f} s", f"{ratio:.3f}", f"{memory:.3f}", goal(wanted)))
    table((f"work, {count:,} messages", "user time with", "ratio", "peak memory ratio", "goal (time)"), rows)


def measure_growth(bench, large):
    """Time per message must not grow with the capture: what the plugin adds, and all of it."""
    rows = []
    for count in sorted({SMALL, MEDIUM, large}):
        bare, _ = bench.run("cookies", count, ([], TAPS), False)
        full, memory = bench.run("cookies", count, ([], TAPS), True)
        rows.append((f"{count:,}", f"{full / count * 1e6:.1f} µs", f"{(full - bare) / count * 1e6:.1f} µs",
                     f"{memory:.0f} MiB"))
    table(("messages", "time per message", "of it the plugin", "peak memory"), rows)


def measure_window(bench, count, pairs):
    """Wireshark itself, from its start until the capture is loaded."""
    missing = window.missing()
    if missing:
        print(f"Wireshark's window is not measured: {', '.join(missing)} missing.\n")
        return
    rows = []
    with screen.Screen() as own:
        for title, kind, wanted in WINDOW_WORKS:
            ratio, seconds, memory = window.paired(own, bench.capture(kind, count), pairs)
            rows.append((title, f"{seconds:.2f} s", f"{ratio:.3f}", f"{memory:.3f}", goal(wanted)))
    table((f"load in Wireshark, {count:,} messages", "user time with", "ratio", "peak memory ratio", "goal (time)"), rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--large", type=int, default=MEDIUM, help="messages of the largest capture")
    parser.add_argument("--pairs", type=int, default=5, help="paired runs for each time")
    parser.add_argument("--no-instructions", action="store_true", help="leave callgrind out")
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="dnsrcode-bench-"))
    try:
        bench = Bench(folder)
        if not options.no_instructions:
            if not shutil.which("valgrind"):
                sys.exit("valgrind is not there: install it (Debian: apt install valgrind), or --no-instructions")
            measure_instructions(bench)
        measure_time(bench, MEDIUM, options.pairs)
        if options.large > MEDIUM:
            measure_time(bench, options.large, 1)
        measure_window(bench, MEDIUM, options.pairs)
        measure_growth(bench, options.large)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
