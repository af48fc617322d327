"""What it costs to load a capture in Wireshark's window."""
import os
import pathlib
import shutil
import statistics
import subprocess
import time

from harness import screen as window
from harness import tshark

NEEDED = ["wireshark", "Xvfb", "xdotool"]
QUIET = 2.0  # seconds in which a window that has loaded its capture does next to nothing ...
NEXT_TO_NOTHING = 0.05  # ... seconds of CPU
PATIENCE = 300
TICK = 1 / os.sysconf("SC_CLK_TCK")


def missing():
    return [name for name in NEEDED if not shutil.which(name)]


def cpu(pid):
    """Seconds of user and of all CPU time so far."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    user, system = int(fields[11]) * TICK, int(fields[12]) * TICK
    return user, user + system


def peak(pid):
    """MiB."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def wait_until_loaded(screen, wireshark, name):
    """Its title names the capture, and it has nothing more to do."""
    end, before, since = time.monotonic() + PATIENCE, 0.0, time.monotonic()
    while time.monotonic() < end:
        time.sleep(0.25)
        if wireshark.poll() is not None:
            raise tshark.HarnessError(f"Wireshark ended with {wireshark.returncode} while it loaded {name}")
        _, used = cpu(wireshark.pid)
        if used - before > NEXT_TO_NOTHING:
            before, since = used, time.monotonic()
        elif time.monotonic() - since > QUIET and window.title_of(screen, name):
            return
    raise tshark.HarnessError(f"Wireshark did not finish loading {name} within {PATIENCE} s")


def load(screen, capture, plugin):
    """(user seconds, peak MiB) from the start of Wireshark until the capture is loaded."""
    home = window.writable_home(plugin)
    try:
        wireshark = window.start_wireshark(screen, home, subprocess.DEVNULL, "-r", capture, strict=False)
        try:
            wait_until_loaded(screen, wireshark, capture.name)
            return cpu(wireshark.pid)[0], peak(wireshark.pid)
        finally:
            window.stop_wireshark(wireshark)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def paired(screen, capture, pairs):
    """Medians: ratio of user time, user time with the plugin, ratio of peak memory."""
    ratios, seconds, memory = [], [], []
    for _ in range(pairs):
        bare, bare_memory = load(screen, capture, False)
        full, full_memory = load(screen, capture, True)
        ratios.append(full / bare)
        seconds.append(full)
        memory.append(full_memory / bare_memory)
    return statistics.median(ratios), statistics.median(seconds), statistics.median(memory)
