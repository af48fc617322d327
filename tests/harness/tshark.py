"""Runs Wireshark's programs with the plugin just built, as any user, and touches nothing outside the build tree.

The plugin lies in a HOME of its own below the build tree, where Wireshark looks for personal plugins. It does not look
there when it runs as root: so root runs it as nobody. Where nobody cannot reach the build tree or a capture (a checkout
below /root), copies in a temporary directory are used, and a line on stderr says so.
"""
import atexit
import collections
import functools
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
CAPTURES = SOURCE / "captures"

NOBODY = 65534
TIMEOUT = 120  # seconds; a run takes half a second, a busy machine ten times that

# What Wireshark's own test suite sets, so that a slip of the plugin ends the program instead of a note in a log.
STRICT = {
    "WIRESHARK_ABORT_ON_DISSECTOR_BUG": "1",
    "WIRESHARK_ABORT_ON_TOO_MANY_ITEMS": "1",
    "WIRESHARK_DEBUG_WMEM_OVERRIDE": "strict",
    "G_DEBUG": "fatal-criticals",
}


# How tshark ends when it has read a capture: well, or after a word about a file that is cut or damaged (2; since Wireshark
# 4.6 it is WS_EXIT_READ_ERROR). Anything else, a signal above all, is a crash.
READ_ERRORS = (2, 14)


def captures():
    """Every capture of the project, in the order of their names."""
    return sorted(CAPTURES.glob("*/*.pcapng"), key=lambda path: path.stem)


def capture(name):
    """The capture of that name, in whichever folder; None when there is none."""
    return next(CAPTURES.glob(f"*/{name}.pcapng"), None)


def part(everything, which):
    """Of "2/3" every third, from the second on."""
    number, of = map(int, which.split("/"))
    if not 1 <= number <= of:
        raise HarnessError(f"no part: {which}")
    return everything[number - 1::of]


class HarnessError(Exception):
    """The tests cannot be run here; the text says why."""


class Result(collections.namedtuple("Result", "code out err")):
    @property
    def was_read(self):
        """tshark read the file, or said what is wrong with it."""
        return self.code == 0 or (self.code in READ_ERRORS and bool(self.err.strip()))


def build_directory():
    return pathlib.Path(os.environ.get("DNSRCODE_BUILD", SOURCE / "build")).resolve()


def plugin_file():
    plugin = pathlib.Path(os.environ.get("DNSRCODE_PLUGIN", build_directory() / "dnsrcode.so"))
    if not plugin.is_file():
        raise HarnessError(f"{plugin} is not there: build first (cmake -B build && cmake --build build).")
    return plugin


def program(name):
    path = os.environ.get(f"DNSRCODE_{name.upper()}") or shutil.which(name)
    if not path:
        raise HarnessError(f"{name} was not found: install it (Debian: apt install {name}).")
    return path


def verifies():
    """Was the plugin built with libsodium, without which it verifies no cookies?"""
    return os.environ.get("DNSRCODE_LIBSODIUM", "1") == "1"


def as_nobody():
    """The words before a command that make it run without root's rights; none for other users."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if not setpriv:
        raise HarnessError("As root these tests run tshark as nobody with setpriv, which is not there: "
                           "install it (Debian: apt install util-linux), or run the tests as another user.")
    return [setpriv, f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]


def reachable(path):
    """Can the user that tshark runs as read this?"""
    if os.geteuid() != 0:
        return os.access(path, os.R_OK)
    path = pathlib.Path(path).resolve()
    if path.stat().st_mode & 0o004 and all(above.stat().st_mode & 0o001 for above in path.parents):
        return True
    return subprocess.run([*as_nobody(), "test", "-r", str(path)], check=False).returncode == 0


@functools.lru_cache(maxsize=None)
def work():
    """Below the build tree, where tests may leave files."""
    path = build_directory() / "tests" / "work"
    path.mkdir(parents=True, exist_ok=True)
    return path


@functools.lru_cache(maxsize=None)
def version():
    """(4, 0). Remembered, since a test asks for it before anything else."""
    path = pathlib.Path(program("tshark"))
    stored = work() / f"version-{path.stat().st_mtime_ns}"
    if not stored.exists():
        stored.write_text("{} {}".format(*ask_version()))
    major, minor = stored.read_text().split()
    return int(major), int(minor)


def ask_version():
    """(4, 0) of "TShark (Wireshark) 4.0.17 …"."""
    out = subprocess.run([program("tshark"), "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"(\d+)\.(\d+)\.\d+", out)
    if not found:
        raise HarnessError(f"tshark --version tells no version: {out[:200]!r}")
    return int(found[1]), int(found[2])


def digest(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()[:16]


def place(source, target):
    """Copy so that a test running beside this one sees the whole file or none."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.copyfile(source, part)
    part.chmod(0o755)
    os.replace(part, target)


@functools.lru_cache(maxsize=None)
def scratch():
    """A temporary directory that everybody can read, removed when the test ends."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="dnsrcode-tests-"))
    path.chmod(0o755)
    atexit.register(shutil.rmtree, path, True)
    return path


def personal_plugin(home):
    return home / ".local/lib/wireshark/plugins" / "{}.{}".format(*version()) / "epan" / "dnsrcode.so"


@functools.lru_cache(maxsize=None)
def home():
    """A HOME whose only personal plugin is the one just built; checked once that it loads."""
    plugin = plugin_file()
    # Named after what is in it: a test that still runs keeps the plugin that it began with.
    path = work() / "home-{}-{}.{}".format(digest(plugin), *version())
    checked = path / "loaded"
    if checked.exists():
        return path
    place(plugin, personal_plugin(path))
    if not reachable(personal_plugin(path)):
        path = scratch() / "home"
        print(f"note: nobody cannot read {work()}; the plugin is copied to {path}", file=sys.stderr)
        place(plugin, personal_plugin(path))
        check_loaded(path)
        return path
    check_loaded(path)
    checked.touch()
    return path


def own_home(name):
    """A HOME beside the common one, for a test that changes settings."""
    path = home().with_name(f"{home().name}-{name}")
    place(plugin_file(), personal_plugin(path))
    return path


def check_loaded(path):
    # Not "-G plugins": it starts the capture helpers, which hang below AddressSanitizer's runtime.
    result = execute([program("tshark"), "-G", "protocols"], path)
    if not re.search(r"\tdnsrcode\t", result.out):
        raise HarnessError(f"tshark {version()[0]}.{version()[1]} did not load {personal_plugin(path)}; "
                           f"what it says: {result.err.strip()[:500] or '(nothing)'}")


def environment(path, **more):
    """Nothing of the caller's settings reaches the program."""
    return {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "HOME": str(path),
        "XDG_CONFIG_HOME": str(path / ".config"),
        "XDG_DATA_HOME": str(path / ".local/share"),
        "XDG_CACHE_HOME": str(path / ".cache"),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        **STRICT,
        **sanitizer(),
        **more,
    }


def sanitizer():
    """For a plugin built with DNSRCODE_SANITIZE: its runtime has to be in the program before the plugin comes."""
    runtime = os.environ.get("DNSRCODE_SANITIZER")
    if not runtime:
        return {}
    return {
        "LD_PRELOAD": runtime,
        # What is left at the end is mostly Wireshark's own; leaks are looked for with valgrind (tests/trust/memcheck.py).
        "ASAN_OPTIONS": "detect_leaks=0:abort_on_error=1:detect_stack_use_after_return=1",
        "UBSAN_OPTIONS": "print_stacktrace=1",
    }


AS_WINDOW = "dnsrcode.message_source:taps"  # once a preference: tshark shall read messages as Wireshark's window does


def execute(command, path, timeout=TIMEOUT, binary=False, **variables):
    """Run a command with this HOME. Its output as text, or with `binary` as bytes."""
    if AS_WINDOW in command:
        variables["DNSRCODE_AS_WINDOW"] = "1"
    try:
        done = subprocess.run([*as_nobody(), *map(str, command)], stdin=subprocess.DEVNULL, capture_output=True,
                              env=environment(path, **variables), timeout=timeout, check=False, cwd="/")
    except subprocess.TimeoutExpired as late:
        raise HarnessError(f"not done after {timeout} s: {' '.join(map(str, command))}") from late
    out = done.stdout if binary else done.stdout.decode("utf-8", "replace")
    return Result(done.returncode, out, done.stderr.decode("utf-8", "replace"))


def readable(capture):
    """The capture, or a copy of it that tshark may read."""
    capture = pathlib.Path(capture).resolve()
    if reachable(capture):
        return capture
    copy = scratch() / f"{digest(capture)}-{capture.name}"
    if not copy.exists():
        shutil.copyfile(capture, copy)
        copy.chmod(0o644)
    return copy


def tshark(*arguments, capture=None, timeout=TIMEOUT):
    """Run tshark with the plugin; with `capture` on that file."""
    read = ["-r", readable(capture)] if capture else []
    return execute([program("tshark"), *read, *arguments], home(), timeout)


def succeed(*arguments, capture=None):
    """As tshark(), for a run that has to go well."""
    result = tshark(*arguments, capture=capture)
    if result.code != 0:
        raise AssertionError(f"tshark {' '.join(map(str, arguments))} on {capture} ended with {result.code}: "
                             f"{result.err.strip()[-1000:]}")
    return result


def refused(filters, capture):
    """What tshark says of those display filters that are none. All are tried in one run, and one by one when that fails."""
    if tshark("-c", "1", "-Y", " or ".join(f"({text})" for text in filters), capture=capture).code == 0:
        return []
    results = [(text, tshark("-c", "1", "-Y", text, capture=capture)) for text in filters]
    found = [f"{text}: {result.err.strip()}" for text, result in results if result.code != 0]
    return found or ["each of the filters is one, but not all of them joined by \"or\""]
