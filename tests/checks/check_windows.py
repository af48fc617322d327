"""Report and stories as windows of Wireshark, on a screen of its own (Xvfb): both open from the menu, their text is what tshark
prints, "Show these frames" sets the filter of the first trouble and, behind "Next", of the second, "Again" reads the capture
with the filter that is set then. What is copied and what Wireshark keeps is read. Skipped where something is missing.
"""
import os
import re
import shutil
import sys

from harness import tshark
from harness.screen import Screen, eventually, keys, open_by_keys, start_wireshark, stop_wireshark, title_of, wait_for, writable_home

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
        screen.ask("xdotool", "windowsize", "--sync", self.main, "1200", "800", "windowmove", self.main, "0", "0")
        self.window = None

    def open(self, title, menu):
        self.window = open_by_keys(self.screen, self.main, [*menu, "Return"], title, self.process)
        self.screen.ask("xdotool", "windowmove", self.window, "100", "100", "windowfocus", self.window)

    def press(self, button):
        """With the keyboard: from the text over the field for what to highlight to the buttons, as they stand."""
        self.screen.ask("xdotool", "windowfocus", self.window)
        where = self.screen.ask("xdotool", "getwindowgeometry", "--shell", self.window)
        width, height = (int(re.search(rf"{name}=(\d+)", where)[1]) for name in ("WIDTH", "HEIGHT"))
        x = width - 10 - (0.5 + BUTTONS.index(button)) * 86 if button != "Show" else width - 10 - 4.9 * 86
        self.screen.ask("xdotool", "mousemove", "--window", self.window, str(int(x)), str(height - 24), "click", "1")

    def clipboard(self):
        return self.screen.ask("xclip", "-o", "-selection", "clipboard").strip()

    def copied(self, wanted, before):
        """What the button Copy copies, once it is the wanted text; `before` is done before each attempt."""
        def question():
            before()
            self.press("Copy")
            return eventually(self.clipboard, lambda text: same(text, wanted), 2)
        return eventually(question, lambda text: same(text, wanted))

    def shown(self, wanted):
        """The display filter, from the field where it is typed, once it is the wanted one."""
        def question():
            keys(self.screen, self.main, "ctrl+slash", "ctrl+a", "ctrl+c")
            return eventually(self.clipboard, lambda text: text == wanted, 2)
        return eventually(question, lambda text: text == wanted)

    def end(self):
        stop_wireshark(self.process)
        self.log.close()
        return (self.home / "log").read_text(encoding="utf-8", errors="replace")


def same(window, printed):
    return [line.rstrip() for line in window.strip().splitlines()] == [line.rstrip() for line in printed.strip().splitlines()]


def printed(statistic, *display_filter):
    return tshark.succeed("-q", "-2", "-z", ",".join([f"dnsrcode,{statistic}", *display_filter]),
                          capture=tshark.capture(CAPTURE)).out


def check_text(window, what, wanted, before=lambda: None):
    text = window.copied(wanted, before)
    assert same(text, wanted), f"{what} says:\n{text}"


def check_shown(window, what, wanted):
    text = window.shown(wanted)
    assert text == wanted, f"{what} the filter is {text!r}, not {wanted!r}"


def check(window, menu):
    opening, report, stories = menu
    window.open("DNS trouble: report", [opening, *report])
    check_text(window, "the report's window", printed("report"))
    window.press("Show")
    check_shown(window, "after Show", 'dnsrcode.cause == "own-cookie-rejected"')
    window.press("Close")
    window.open("DNS trouble: stories", [opening, *stories])
    check_text(window, "the window of stories", printed("stories", 'dnsrcode.cause == "own-cookie-rejected"'))

    def again():
        keys(window.screen, window.main, "ctrl+slash", "ctrl+a", "BackSpace", "Return")
        window.press("Again")
    check_text(window, "after Again the window of stories", printed("stories"), again)
    window.press("Next")
    window.press("Show")
    check_shown(window, "after Next", "frame.number in {15 .. 19, 22, 24}")


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
