"""Wireshark's window with the plugin, on a screen of its own (Xvfb): it loads the plugin, filters by its field, and draws.

Looked at: the window's title names the capture (with a filter on a field that is not there, as without the plugin,
Wireshark does not open it); the packet list drawn with a filter on dnsrcode.rcode 23 differs from the one drawn with
rcode 11, which matches nothing; Wireshark's log has no word about the plugin. Skipped where Wireshark, Xvfb or the
tools are missing.
"""
import os
import shutil
import subprocess
import sys
import time

from harness import tshark
from harness.screen import Screen, start_wireshark, stop_wireshark, title_of, writable_home

SKIPPED = 77
NEEDED = ["wireshark", "Xvfb", "xdotool", "import", "compare"]
CAPTURE = tshark.capture("first-contact-dig")
PATIENCE = 300  # seconds for a window to come up on a busy machine


def wait_for(question, what, wireshark):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        answer = question()
        if answer:
            return answer
        if wireshark.poll() is not None:
            raise AssertionError(f"Wireshark ended with {wireshark.returncode} before {what}")
        time.sleep(0.3)
    raise AssertionError(f"{what}: nothing after {PATIENCE} s")


def still(screen, path):
    """A picture of the screen once it no longer changes."""
    last, end = None, time.monotonic() + PATIENCE
    while time.monotonic() < end:
        screen.ask("import", "-window", "root", str(path))
        now = path.read_bytes() if path.exists() else None
        if now and now == last:
            return path
        last = now
        time.sleep(0.7)
    return path


def picture(screen, home, display_filter, path):
    """Opens the capture with this filter, takes the picture, closes. Returns what Wireshark logged."""
    log = home / "log"
    with open(log, "w", encoding="utf-8") as output:
        wireshark = start_wireshark(screen, home, output, "-r", tshark.readable(CAPTURE), "-Y", display_filter)
        try:
            window, title = wait_for(lambda: title_of(screen, CAPTURE.name), "a window with the capture's name", wireshark)
            assert CAPTURE.name in title, f"the window is called {title}"
            screen.ask("xdotool", "windowsize", window, "1200", "800", "windowmove", window, "0", "0")
            still(screen, path)
            assert wireshark.poll() is None, f"Wireshark ended with {wireshark.returncode}"
        finally:
            stop_wireshark(wireshark)
    return log.read_text(encoding="utf-8", errors="replace")


def colours(screen, path):
    return int(screen.ask("identify", "-format", "%k", str(path)) or 0)


def different_pixels(one, other):
    done = subprocess.run(["compare", "-metric", "AE", str(one), str(other), "null:"], capture_output=True, text=True, check=False)
    return float(done.stderr.split()[0])


def check_log(log):
    complaints = [line for line in log.splitlines() if "dnsrcode" in line or "CRITICAL" in line or "ERROR" in line]
    assert not complaints, f"Wireshark's log: {complaints[:5]}"


def main():
    missing = [name for name in NEEDED if not shutil.which(name)]
    if os.environ.get("NO_GUI") or missing:
        print("skipped: " + (f"not installed: {', '.join(missing)}" if missing else "NO_GUI is set"))
        return SKIPPED
    kept = tshark.work() / "gui"
    kept.mkdir(exist_ok=True)
    home = writable_home()
    try:
        with Screen() as screen:
            shots = {}
            for name, display_filter in [("badcookie", "dnsrcode.rcode == 23"), ("none", "dnsrcode.rcode == 11")]:
                shots[name] = kept / f"{name}.png"
                check_log(picture(screen, home, display_filter, shots[name]))
            assert colours(screen, shots["badcookie"]) > 20, "the picture is empty"
            rows = different_pixels(shots["badcookie"], shots["none"])
            assert rows > 2000, f"the filter dnsrcode.rcode == 23 shows nothing ({rows:.0f} pixels); see {kept}"
    finally:
        shutil.rmtree(home, ignore_errors=True)
    print(f"pictures in {kept}")
    return 0


try:
    sys.exit(main())
except (AssertionError, tshark.HarnessError) as problem:
    sys.exit(str(problem))
