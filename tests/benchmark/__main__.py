"""Measures what the plugin costs, against no plugin in the same run.

    python3 -m benchmark [--large N] [--pairs N] [--only PART]     (from the folder tests, with DNSRCODE_BUILD)

What is read (mixes) and how (ways): instructions of each message by callgrind, user time (median of pairs run in turn, since
machines are shared) and peak memory. Prints Markdown tables, from which docs/costs.md is written. Takes half an hour, an hour
with `--large 1000000`.
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
from dataclasses import dataclass

from harness import screen
from harness import tshark as harness

from . import captures, window

FEW, SMALL, MEDIUM = 1_000, 10_000, 100_000


def environment(home, command=()):
    """The strict switches of the tests change what is measured: off here."""
    kept = {k: v for k, v in harness.environment(home).items() if k not in harness.STRICT}
    return {**kept, "DNSRCODE_AS_WINDOW": "1"} if harness.AS_WINDOW in command else kept


LUA = """local rcode, upper = Field.new("dns.flags.rcode"), Field.new("dns.resp.ext_rcode")
local joined = Proto("joined", "Joined response code")
local code = ProtoField.uint16("joined.rcode", "Response code")
joined.fields = {code}
function joined.dissector(tvb, pinfo, tree)
    local low, high = rcode(), upper()
    if low then tree:add(code, (high and high.value or 0) * 16 + low.value) end
end
register_postdissector(joined)
"""


@dataclass(frozen=True)
class Work:
    """A run of tshark against one that has nothing added."""
    title: str
    kind: str  # of captures.KINDS
    bare: tuple = ()  # arguments without the plugin ...
    full: tuple = ()  # ... and with it, or with `instead`: the plugin's filters and preferences exist only there
    goal: float = None  # ratio of user times
    instead: bool = False  # something else is measured, in the plugin's place


TAPS = ("-o", harness.AS_WINDOW)
TREE = ("-o", "dnsrcode.message_source:tree")
FIELDS = ("-T", "fields", "-e", "dns.flags.rcode")
EXPERT = ("-q", "-z", "expert")
MIXES = [
    Work("a busy server: many clients, a cookie each", "busy", goal=1.12),
    Work("the same without cookies", "busy-no-cookies", goal=1.06),
    Work("one resolver asks 10,000 servers", "resolver", goal=1.12),
    Work("a hundred clients with cookies", "cookies", goal=1.10),
    Work("the same without cookies", "no-cookies", goal=1.06),
    Work("the same over TCP", "tcp"),
    Work("DNS over TLS, with its keys", "dot"),
    Work("thousands of DSO sessions", "dso"),
    Work("DNS in one frame of a hundred", "rare-dns", goal=1.02),
    Work("no DNS at all", "no-dns", goal=1.02),
]
WAYS = [
    Work("plain", "busy", goal=1.12),
    Work("two passes, `-2`", "busy", ("-2",), ("-2",)),
    Work("a filter, `dnsrcode.rcode == 23` against `dns.flags.rcode == 7`", "busy", ("-Y", "dns.flags.rcode == 7"),
         ("-Y", "dnsrcode.rcode == 23"), 1.15),
    Work("`-T fields`, one of DNS", "busy", FIELDS, FIELDS, 1.10),
    Work("`-z expert`", "busy", EXPERT, EXPERT, 1.15),
    Work("the way that Wireshark's window reads", "busy", (), TAPS),
    Work("`dnsrcode.message_source:tree`", "busy", (), TREE),
    Work("instead: TRANSUM", "busy", (), ("--enable-protocol", "transum"), instead=True),
    Work("instead: a Lua script that joins the response code", "busy", (), ("-X", "lua_script:{lua}"), instead=True),
]


class Bench:
    def __init__(self, folder):
        self.folder = folder
        self.with_plugin = harness.home()
        self.without = folder / "home"
        self.without.mkdir()
        (folder / "joined.lua").write_text(LUA)
        folder.chmod(0o755)

    def capture(self, kind, count):
        path = self.folder / f"{kind}-{count}.pcap"
        if not path.exists():
            captures.write(path, kind, count)
            path.chmod(0o644)
        return path

    def command(self, work, count, full):
        words = [harness.program("tshark"), "-r", str(self.capture(work.kind, count))]
        keys = captures.keys(work.kind)
        if keys:
            (self.folder / "keys").write_bytes(keys)
            words += ["-o", f"tls.keylog_file:{self.folder / 'keys'}"]
        return words + [word.format(lua=self.folder / "joined.lua") for word in (work.full if full else work.bare)]

    def home(self, work, full):
        return self.with_plugin if full and not work.instead else self.without

    def instructions(self, work, count, full):
        out = self.folder / "callgrind.out"
        out.touch()
        out.chmod(0o666)
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", *self.command(work, count, full)]
        done = subprocess.run([*harness.as_nobody(), *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              stdin=subprocess.DEVNULL, env=environment(self.home(work, full), command), cwd="/", check=True)
        return int(re.search(rb"Collected : (\d+)", done.stderr)[1])

    def run(self, work, count, full):
        """User time in seconds and peak memory in MiB of one run."""
        command = self.command(work, count, full)
        child = os.fork()
        if child == 0:
            null = os.open(os.devnull, os.O_RDWR)
            for number in (0, 1, 2):
                os.dup2(null, number)
            words = [*harness.as_nobody(), *command]
            os.execvpe(words[0], words, environment(self.home(work, full), command))
        _, status, usage = os.wait4(child, 0)
        if status:
            sys.exit(f"tshark ended with {status}: {' '.join(command)}")
        return usage.ru_utime, usage.ru_maxrss / 1024

    def paired(self, work, count, pairs):
        """Ratio of user times, seconds, ratio of peak memory: medians over pairs run one after the other."""
        runs = [(self.run(work, count, False), self.run(work, count, True)) for _ in range(pairs)]
        return (statistics.median(full[0] / bare[0] for bare, full in runs), statistics.median(full[0] for _, full in runs),
                statistics.median(full[1] / bare[1] for bare, full in runs))


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


def measure_instructions(bench, works):
    """Of each message: the start of tshark, most of a short run, is left out."""
    rows = []
    for work in works:
        each = [(bench.instructions(work, SMALL, full) - bench.instructions(work, FEW, full)) / (SMALL - FEW)
                for full in (False, True)]
        rows.append((work.title, f"{each[0]:,.0f}", f"{each[1]:,.0f}", f"{each[1] / each[0]:.3f}"))
    table(("instructions of each message", "without", "with", "ratio"), rows)


def measure_time(bench, works, count, pairs):
    rows = []
    for work in works:
        ratio, seconds, memory = bench.paired(work, count, pairs)
        rows.append((work.title, f"{seconds:.2f} s", f"{ratio:.2f}", f"{memory:.2f}", goal(work.goal)))
    table((f"{count:,} frames", "user time with", "ratio", "peak memory, ratio", "goal (time)"), rows)


def measure_growth(bench, large, pairs):
    """The ratio must not grow with the capture."""
    rows = []
    for count in [n for n in (20_000, 100_000, 400_000, 1_000_000) if n <= large]:
        ratio, seconds, memory = bench.paired(MIXES[0], count, pairs if count <= MEDIUM else max(1, pairs // 2))
        rows.append((f"{count:,}", f"{seconds / count * 1e6:.1f} µs", f"{ratio:.2f}", f"{memory:.2f}"))
    table((f"{MIXES[0].title}: messages", "user time of each", "ratio", "peak memory, ratio"), rows)


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
    parser.add_argument("--only", choices=("mixes", "ways", "growth", "window"), help="measure this alone")
    options = parser.parse_args()
    if not options.no_instructions and not shutil.which("valgrind"):
        sys.exit("valgrind is not there: install it (Debian: apt install valgrind), or --no-instructions")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="dnsrcode-bench-"))
    try:
        bench = Bench(folder)
        for name, works in (("mixes", MIXES), ("ways", WAYS)):
            if options.only in (None, name):
                if not options.no_instructions:
                    measure_instructions(bench, works)
                measure_time(bench, works, MEDIUM, options.pairs)
        if options.only in (None, "growth"):
            measure_growth(bench, options.large, options.pairs)
        if options.only in (None, "window"):
            measure_window(bench, MEDIUM, options.pairs)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
