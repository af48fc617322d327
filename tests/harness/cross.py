"""Compiles the plugin's sources for other systems and processors. Nothing is linked, so their libraries need not be there:
Wireshark's and GLib's headers are the same everywhere, but for GLib's glibconfig.h, which is rewritten for the target.
"""
import json
import pathlib
import re
import shlex
import subprocess

from harness import tshark

WARNINGS = ["-Wall", "-Wextra", "-Werror", "-Wshadow", "-Wunused-const-variable", "-Wstrict-prototypes", "-Wvla"]

# What glibconfig.h says of 64 bits where a long has 32: as GLib's own build writes it there.
LONG_LONG = [
    (r"typedef (un)?signed long (gu?int64);", lambda m: f"typedef {m[1] or ''}signed long long {m[2]};"),
    (r"(G_GU?INT64_CONSTANT\(val\)\s+)\(val##(U?)L\)", r"\1(val##\2LL)"),
    (r'(G_GU?INT64_(?:MODIFIER|FORMAT) )"l', r'\1"ll'),
    (r"GLIB_SIZEOF_LONG +8", "GLIB_SIZEOF_LONG 4"),
]
WORDS = ("gssize", "gsize", "gintptr", "guintptr")
FORMATS = r'(G_G(?:S?SIZE|U?INTPTR)_(?:MODIFIER|FORMAT) +)"l'
# A pointer has 64 bits, a long 32.
WINDOWS = LONG_LONG + [
    (rf"typedef (un)?signed long ({'|'.join(WORDS)});", lambda m: f"typedef {m[1] or ''}signed long long {m[2]};"),
    (FORMATS, r'\1"ll'),
    (r"G_MAXSIZE\s+G_MAXULONG", "G_MAXSIZE G_MAXUINT64"),
    (r"G_MINSSIZE\s+G_MINLONG", "G_MINSSIZE G_MININT64"),
    (r"G_MAXSSIZE\s+G_MAXLONG", "G_MAXSSIZE G_MAXINT64"),
    (r"\((gu?)long\) \(p\)", r"(\1intptr) (p)"),
    (r"\(gpointer\) \((gu?)long\)", r"(gpointer) (\1intptr)"),
    (r"#define G_OS_UNIX", "#define G_OS_WIN32\n#define G_PLATFORM_WIN32"),
    (r"typedef int GPid;", "typedef void *GPid;"),
    (r"G_THREADS_IMPL_POSIX", "G_THREADS_IMPL_WIN32"),
    (r"#define GLIB_HAVE_ALLOCA_H\n", ""),
]
# Both have 32 bits.
BITS_32 = LONG_LONG + [
    (rf"typedef (un)?signed long ({'|'.join(WORDS)});", lambda m: f"typedef {m[1] or ''}signed int {m[2]};"),
    (FORMATS, r'\1"'),
    (r"GLIB_SIZEOF_(VOID_P|SIZE_T|SSIZE_T) +8", r"GLIB_SIZEOF_\1 4"),
    (r"G_MAXSIZE\s+G_MAXULONG", "G_MAXSIZE G_MAXUINT"),
    (r"G_MINSSIZE\s+G_MINLONG", "G_MINSSIZE G_MININT"),
    (r"G_MAXSSIZE\s+G_MAXLONG", "G_MAXSSIZE G_MAXINT"),
]


def commands():
    """(source, its folders of headers, its definitions) of the plugin's sources, the one with what is exported first; libsodium
    is not there for the target."""
    found = []
    for entry in json.loads((tshark.build_directory() / "compile_commands.json").read_text()):
        path = pathlib.Path(entry["file"]).relative_to(tshark.SOURCE)
        if path.parts[0] == "plugin" or path.name == "packet-dnsrcode.c":
            words = shlex.split(entry["command"])
            folders = [w[2:] or words[i + 1] for i, w in enumerate(words) if w[:2] == "-I"]
            folders += [words[i + 1] for i, w in enumerate(words) if w == "-isystem"]
            definitions = [w for w in words if w.startswith("-D") and w != "-DDNSRCODE_LIBSODIUM"]
            found.append((tshark.SOURCE / path, [f for f in folders if f != "/usr/include"], definitions))
    return sorted(found, key=lambda source: (source[0].name != "plugin.c", source[0]))


def write_glibconfig(folders, target, changes):
    """glibconfig.h of this machine, rewritten, in a folder that is searched before the others."""
    origin = next(p for p in (pathlib.Path(w) / "glibconfig.h" for w in folders) if p.is_file())
    text = origin.read_text()
    for pattern, replacement in changes:
        text = re.sub(pattern, replacement, text)
    (target / "glibconfig.h").write_text(text)


def compile_all(part, compiler, changes, flags=(), headers=()):
    """The compiler's complaints about this part of the sources, and the folder with the objects. `headers` are empty ones that the target lacks."""
    sources = commands()
    assert len(sources) > 50, f"only {len(sources)} sources were found in compile_commands.json"
    folder = tshark.scratch() / "cross"
    folder.mkdir()
    write_glibconfig(sources[0][1], folder, changes)
    for name in headers:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()

    def run(job):
        source, folders, definitions = job
        includes = [word for path in [folder, *folders]
                    for word in ("-I" if str(path).startswith(str(tshark.SOURCE / "plugin")) else "-isystem", path)]
        target = folder / (str(source.relative_to(tshark.SOURCE)).replace("/", "-") + ".o")
        command = [*compiler, "-std=gnu11", "-O1", *WARNINGS, *flags, *definitions, *includes, "-c", source, "-o", target]
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
        return done.stderr.strip() or ("" if done.returncode == 0 else f"{source}: {compiler[0]} ended with {done.returncode}")

    return [said for said in map(run, tshark.part(sources, part)) if said], folder
