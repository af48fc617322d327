"""Report and stories as windows of Wireshark, on a screen of its own (Xvfb): both open from the menu, their text is what tshark
prints, "Show these frames" sets the filter of the first trouble and, behind "Next", of the second, "Again" reads the capture
with the filter that is set then. What is copied and what Wireshark keeps is read. Skipped where something is missing.
"""
import os
import re
import shutil
import sys
import time

from harness import tshark
from harness.screen import Screen, start_wireshark, stop_wireshark, title_of, wait_for, writable_home

SKIPPED = 77
NEEDED = ["wireshark", "Xvfb", "xdotool", "xclip"]
CAPTURE = "nodes-round-robin-dig"
# From the menu's opening key to the entries of report and stories.
MENUS = {"4.0": ("alt+t", ["Up"] * 3, ["Up"] * 2), "4.4": ("alt+s", ["Down"] * 13, ["Down"] * 14),
         "4.6": ("alt+s", ["Down"] * 14, ["Down"] * 15)}
BUTTONS = ["Close", "Again", "Copy", "Next", "Show"]  # from the right


class Window:
    """Wireshark with a capture, and one of the plugin's windows."""

    def __init__(self, screen, home):
        self.screen, self.home = screen, home
        self.log = open(home / "log", "w", encoding="utf-8")
        self.process = start_wireshark(screen, home, self.log, "-r", tshark.readable(tshark.capture(CAPTURE)))
        self.main, _ = wait_for(lambda: title_of(screen, CAPTURE), "a window with the capture's name", self.process)
        screen.ask("xdotool", "windowsize", self.main, "1200", "800", "windowmove", self.main, "0", "0")
        time.sleep(2)
        self.window = None

    def keys(self, *keys):
        for key in keys:
            self.screen.ask("xdotool", "key", key)
            time.sleep(0.4)

    def open(self, title, keys):
        self.screen.ask("xdotool", "windowfocus", self.main)
        self.keys(*keys, "Return")
        self.window, _ = wait_for(lambda: title_of(self.screen, title), f"the window {title}", self.process)
        self.screen.ask("xdotool", "windowmove", self.window, "100", "100", "windowfocus", self.window)
        time.sleep(1)

    def press(self, button):
        """With the keyboard: from the text over the field for what to highlight to the buttons, as they stand."""
        self.screen.ask("xdotool", "windowfocus", self.window)
        where = self.screen.ask("xdotool", "getwindowgeometry", "--shell", self.window)
        width, height = (int(re.search(rf"{name}=(\d+)", where)[1]) for name in ("WIDTH", "HEIGHT"))
        x = width - 10 - (0.5 + BUTTONS.index(button)) * 86 if button != "Show" else width - 10 - 4.9 * 86
        self.screen.ask("xdotool", "mousemove", "--window", self.window, str(int(x)), str(height - 24), "click", "1")
        time.sleep(1.5)

    def copied(self):
        self.press("Copy")
        return self.screen.ask("xclip", "-o", "-selection", "clipboard")

    def shown(self):
        """The display filter, from the title of an exported selection: what was typed last, as Wireshark keeps it."""
        self.screen.ask("xdotool", "windowfocus", self.main)
        self.keys("ctrl+slash", "ctrl+a", "ctrl+c")
        return self.screen.ask("xclip", "-o", "-selection", "clipboard").strip()

    def end(self):
        stop_wireshark(self.process)
        self.log.close()
        return (self.home / "log").read_text(encoding="utf-8", errors="replace")


def same(window, printed):
    return [line.rstrip() for line in window.strip().splitlines()] == [line.rstrip() for line in printed.strip().splitlines()]


def printed(statistic, *display_filter):
    return tshark.succeed("-q", "-2", "-z", ",".join([f"dnsrcode,{statistic}", *display_filter]),
                          capture=tshark.capture(CAPTURE)).out


def check(window, menu):
    opening, report, stories = menu
    window.open("DNS trouble: report", [opening, *report])
    text = window.copied()
    assert same(text, printed("report")), f"the report's window says:\n{text}"
    window.press("Show")
    assert window.shown() == 'dnsrcode.cause == "own-cookie-rejected"', f"the filter is {window.shown()}"
    window.press("Close")
    window.open("DNS trouble: stories", [opening, *stories])
    text = window.copied()
    assert same(text, printed("stories", 'dnsrcode.cause == "own-cookie-rejected"')), f"the window of stories says:\n{text}"
    window.screen.ask("xdotool", "windowfocus", window.main)
    window.keys("ctrl+slash", "ctrl+a", "BackSpace", "Return")
    window.press("Again")
    text = window.copied()
    assert same(text, printed("stories")), f"after Again the window of stories says:\n{text}"
    window.press("Next")
    window.press("Show")
    assert window.shown() == "frame.number in {15 .. 19, 22, 24}", f"after Next the filter is {window.shown()}"


def main():
    version = ".".join(map(str, tshark.version()[:2]))
    missing = [name for name in NEEDED if not shutil.which(name)]
    if os.environ.get("NO_GUI") or missing or version not in MENUS:
        print("skipped: " + (f"not installed: {', '.join(missing)}" if missing else f"NO_GUI, or Wireshark {version}"))
        return SKIPPED
    home = writable_home()
    try:
        with Screen("1280x900") as screen:
            window = Window(screen, home)
            try:
                check(window, MENUS[version])
            finally:
                screen.ask("import", "-window", "root", str(tshark.work() / "gui-windows.png"))
                log = window.end()
            complaints = [line for line in log.splitlines() if re.search("dnsrcode|CRITICAL|ERROR", line)]
            assert not complaints, f"Wireshark's log: {complaints[:5]}"
    finally:
        shutil.rmtree(home, ignore_errors=True)
    return 0


try:
    sys.exit(main())
except (AssertionError, tshark.HarnessError) as problem:
    sys.exit(str(problem))
