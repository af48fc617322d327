"""Wireshark's window with the plugin, on a screen of its own (Xvfb): it loads the plugin, filters by its field, and draws.

Looked at: the window's title names the capture (with a filter on a field that is not there, as without the plugin,
Wireshark does not open it); the packet list drawn with a filter on dnsrcode.rcode 23 differs from the one drawn with
rcode 11, which matches nothing; with the cause in the Info column and without, the list differs, and so does the profile's;
the windows of the statistics and of the expert infos open; Wireshark's log has no word about the plugin. Skipped where
Wireshark, Xvfb or the tools are missing. The pictures are kept, to be looked at.
"""
import functools
import os
import shutil
import subprocess
import sys
import time

from harness import tshark
from harness.screen import PATIENCE, Screen, open_by_keys, start_wireshark, stop_wireshark, title_of, wait_for, writable_home

SKIPPED = 77
NEEDED = ["wireshark", "Xvfb", "xdotool", "import", "compare"]
CAPTURE = tshark.capture("first-contact-dig")
TROUBLE = tshark.capture("nodes-by-flow-resolver")
PROFILE = tshark.SOURCE / "profile" / "dnsrcode"


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


def own_profile(home):
    to = home / ".config" / "wireshark" / "profiles" / "dnsrcode"
    shutil.copytree(PROFILE, to)
    for path in [to.parent, to, *to.iterdir()]:
        if os.geteuid() == 0:
            os.chown(path, tshark.NOBODY, tshark.NOBODY)


def look(screen, home, name, *arguments, keys=(), then=None, windows=()):
    """Opens the capture with trouble and takes a picture, with these windows open. With `keys`, `then` is opened, and a picture
    taken of that."""
    log, path = home / f"log-{name}", tshark.work() / "gui" / f"{name}.png"
    with open(log, "w", encoding="utf-8") as output:
        wireshark = start_wireshark(screen, home, output, *arguments, "-r", tshark.readable(TROUBLE))
        try:
            window, _ = wait_for(lambda: title_of(screen, TROUBLE.name), "a window with the capture's name", wireshark)
            screen.ask("xdotool", "windowsize", window, "1200", "800", "windowmove", window, "0", "0")
            for called in windows:
                wait_for(functools.partial(title_of, screen, called), f"the window {called}", wireshark)
            still(screen, path)
            if then:
                open_by_keys(screen, window, keys, then, wireshark)
                still(screen, path.with_name(f"{name}-window.png"))
            assert wireshark.poll() is None, f"Wireshark ended with {wireshark.returncode}"
        finally:
            stop_wireshark(wireshark)
    check_log(log.read_text(encoding="utf-8", errors="replace"))
    return path


def check_at_a_glance(screen, home):
    own_profile(home)
    with_cause = look(screen, home, "info", keys=["alt+a", "Up", "Return"], then="Expert Information")
    without = look(screen, home, "info-off", "-o", "dnsrcode.cause_in_info:FALSE")
    pixels = different_pixels(with_cause, without)
    assert pixels > 500, f"the Info column looks the same with the cause and without ({pixels:.0f} pixels)"
    profile = look(screen, home, "profile", "-C", "dnsrcode")
    assert different_pixels(profile, with_cause) > 20000, "the profile changes nothing"
    look(screen, home, "servers-and-clients", "-z", "dnsrcode,servers", "-z", "dnsrcode,clients",
         windows=["DNS Servers", "DNS Clients"])


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
            check_at_a_glance(screen, home)
            assert rows > 2000, f"the filter dnsrcode.rcode == 23 shows nothing ({rows:.0f} pixels); see {kept}"
    finally:
        shutil.rmtree(home, ignore_errors=True)
    print(f"pictures in {kept}")
    return 0


try:
    sys.exit(main())
except (AssertionError, tshark.HarnessError) as problem:
    sys.exit(str(problem))
