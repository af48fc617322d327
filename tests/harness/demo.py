"""python3 -m harness.demo CAPTURE…: the packet list, then what the plugin says of the messages that need a word."""
import pathlib
import re
import sys

from . import tshark


def explanation(text):
    """Of tshark -V the frames in which the plugin says more than which query belongs to which response."""
    for frame in re.split(r"\n(?=Frame \d+)", text):
        number = re.match(r"Frame (\d+)", frame)
        part = re.search(r"^\[DNS response code analysis.*?(?=^\S(?<!\[)|\Z)", frame, re.MULTILINE | re.DOTALL)
        if number and part and "[Cause: " in part[0]:
            yield f"Frame {number[1]}", re.sub(r"^( *)\[(.*)\]$", r"\1\2", part[0].rstrip(), flags=re.MULTILINE)


def show(capture):
    print(f"\n$ tshark -2 -r {capture}\n")
    print(tshark.succeed("-2", capture=capture).out)
    print("$ tshark -2 -V, the explanations in it\n")
    for title, text in explanation(tshark.succeed("-2", "-V", capture=capture).out):
        print(f"{title}\n{text}\n")


def main(captures):
    for capture in captures:
        if not pathlib.Path(capture).is_file():
            raise tshark.HarnessError(f"{capture} is not there.")
        show(capture)
    print("To have this in your Wireshark and tshark: cmake --install build")


try:
    main(sys.argv[1:])
except (tshark.HarnessError, AssertionError) as problem:
    sys.exit(str(problem))
