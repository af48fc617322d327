"""Writes docs/causes.md from the plugin's tables, or (--check) says whether it is theirs.

    causes_table.py PROGRAM PAGE [--check]
"""
import pathlib
import subprocess
import sys


def main():
    program, page = sys.argv[1], pathlib.Path(sys.argv[2])
    done = subprocess.run([program], capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        print(done.stderr)
        return 1
    wanted = done.stdout
    if page.exists() and page.read_text(encoding="utf-8") == wanted:
        return 0
    if "--check" in sys.argv:
        print(f"{page} is not that of the code: cmake --build build --target causes-table")
        return 1
    page.write_text(wanted, encoding="utf-8")
    return 0


sys.exit(main())
