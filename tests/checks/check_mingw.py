"""check_mingw PART: all sources compile for 64-bit Windows, where a long has 32 bits, without a warning; and export what Wireshark looks for."""
import shutil
import sys

from harness import cross

COMPILER = "x86_64-w64-mingw32-gcc"
EXPORTS = ["plugin_version", "plugin_want_major", "plugin_want_minor", "plugin_register", "plugin_describe"]


def main():
    if not shutil.which(COMPILER):
        print(f"skipped: {COMPILER} was not found (Debian, Ubuntu: apt install gcc-mingw-w64-x86-64)")
        return 77
    said, folder = cross.compile_all(sys.argv[1], [COMPILER], cross.WINDOWS)
    print("\n".join(said))
    if said:
        return 1
    if not sys.argv[1].startswith("1/"):
        return 0
    # What the compiler tells the linker to export.
    exported = (folder / "plugin-plugin.c.o").read_bytes().decode("latin-1")
    missing = [name for name in EXPORTS if f'-export:"{name}"' not in exported and f"-export:{name}" not in exported]
    assert not missing, f"not exported: {missing}"
    return 0


if __name__ == "__main__":
    sys.exit(main())
