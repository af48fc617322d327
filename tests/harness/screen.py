"""Wireshark's window, on an X server of its own (Xvfb)."""
import os
import pathlib
import subprocess
import tempfile
import time

from . import tshark

PATIENCE = 300  # seconds for a window to come up on a busy machine


class Screen:
    """An X server on a number that it chose itself."""

    def __init__(self, size="1200x800"):
        read, write = os.pipe()
        self.server = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", f"{size}x24", "-nolisten", "tcp"],
                                       pass_fds=[write], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as numbers:
            number = numbers.readline().strip()
        if not number:
            raise tshark.HarnessError("Xvfb did not start.")
        self.display = f":{number}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait()

    def ask(self, *command):
        done = subprocess.run(command, env={**os.environ, "DISPLAY": self.display}, capture_output=True, text=True, check=False,
                              timeout=60)
        return done.stdout


def writable_home(plugin=True):
    """Wireshark writes settings: into a HOME that belongs to the user it runs as, away from all others."""
    home = pathlib.Path(tempfile.mkdtemp(prefix="wireshark-home-"))
    if plugin:
        tshark.place(tshark.plugin_file(), tshark.personal_plugin(home))
    settings = home / ".config" / "wireshark"
    settings.mkdir(parents=True)
    (settings / "preferences").write_text("gui.update.enabled: FALSE\ngui.ask_unsaved: FALSE\n")
    home.chmod(0o700)
    if os.geteuid() == 0:
        for path in [home, *home.rglob("*")]:
            os.chown(path, tshark.NOBODY, tshark.NOBODY)
    return home


def start_wireshark(screen, home, output, *arguments, strict=True):
    """A running Wireshark whose log goes to `output`; without `strict`, without the tests' switches."""
    environment = tshark.environment(home, DISPLAY=screen.display, QT_QPA_PLATFORM="xcb", XDG_RUNTIME_DIR=str(home))
    if not strict:
        environment = {name: value for name, value in environment.items() if name not in tshark.STRICT}
    wireshark = subprocess.Popen([*tshark.as_nobody(), tshark.program("wireshark"), *map(str, arguments)], env=environment,
                                 stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/")
    wireshark.log = pathlib.Path(getattr(output, "name", os.devnull))
    return wireshark


def last_words(wireshark):
    """The end of its log."""
    return wireshark.log.read_text(encoding="utf-8", errors="replace")[-600:]


def stop_wireshark(wireshark):
    wireshark.terminate()
    try:
        wireshark.wait(20)
    except subprocess.TimeoutExpired:
        wireshark.kill()
        wireshark.wait()


def title_of(screen, name):
    for window in screen.ask("xdotool", "search", "--onlyvisible", "--name", name).split():
        title = screen.ask("xdotool", "getwindowname", window).strip()
        if title:
            return window, title
    return None


def wait_for(question, what, wireshark, patience=PATIENCE):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        answer = question()
        if answer:
            return answer
        if wireshark.poll() is not None:
            raise AssertionError(f"Wireshark ended with {wireshark.returncode} before {what}: {last_words(wireshark)}")
        time.sleep(0.3)
    raise AssertionError(f"{what}: nothing after {patience} s")


def keys(screen, window, *names):
    screen.ask("xdotool", "windowfocus", window)
    for name in names:
        screen.ask("xdotool", "key", name)
        time.sleep(0.4)


def open_by_keys(screen, window, names, title, wireshark):
    """The window that these keys open. A busy machine may lose a key while a menu opens: then they are pressed once more."""
    for _ in range(5):
        keys(screen, window, *names)
        try:
            return wait_for(lambda: title_of(screen, title), f"the window {title}", wireshark, 20)[0]
        except AssertionError:
            if wireshark.poll() is not None:
                raise
        keys(screen, window, "Escape", "Escape")
    raise AssertionError(f"the window {title} did not open")


def eventually(question, holds, seconds=60):
    """The answer once it is the wanted one; after so many seconds whatever it is."""
    end = time.monotonic() + seconds
    while True:
        answer = question()
        if holds(answer) or time.monotonic() > end:
            return answer
        time.sleep(0.2)
