"""Puts the table of causes between its markers in README.md, or (--check) says whether it is there.

    causes_table.py PROGRAM README [--check]
"""
import pathlib
import subprocess
import sys

BEGIN, END = "<!-- causes:begin -->", "<!-- causes:end -->"


def main():
    program, readme = sys.argv[1], pathlib.Path(sys.argv[2])
    table = subprocess.run([program], capture_output=True, text=True, check=True).stdout
    text = readme.read_text()
    if BEGIN not in text or END not in text:
        print(f"{readme}: the markers {BEGIN} and {END} are missing")
        return 1
    before, rest = text.split(BEGIN, 1)
    wanted = f"{before}{BEGIN}\n{table}{END}{rest.split(END, 1)[1]}"
    if text == wanted:
        return 0
    if "--check" in sys.argv:
        print(f"{readme}: the table of causes is not that of the code: cmake --build build --target causes-table")
        return 1
    readme.write_text(wanted)
    return 0


sys.exit(main())
