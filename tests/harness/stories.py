"""What `-z dnsrcode,stories` prints, and what must hold of it in every capture."""
import re

from . import tshark

WIDTH, LADDER, SCREEN = 80, 20, 60
LINE = re.compile(r"[* ] *\d+ +-?[\d.]+ (?:s|h|d|min)[^<-]*(?:C\d )?(?:->|<-)|^ {22} \.\.\. ")
UNTRUE = [(re.compile(pattern), why) for pattern, why in (
    (r"\bframes? 0\b", "frame 0"), (r"\{[a-z]+\}", "a slot without a value"), (r"\(null\)", "a null pointer"),
    (r"\b0 s (old|ahead|before)", "an age of 0 s"), (r"What to do: (nothing|none)\b", "nothing as a remedy"))]


def text(capture, display_filter=None, way=()):
    argument = f"dnsrcode,stories,{display_filter}" if display_filter else "dnsrcode,stories"
    return tshark.succeed("-q", *way, "-z", argument, capture=tshark.capture(capture)).out


def ladders(printed):
    """The lines of each ladder."""
    return [[line for line in story.splitlines() if LINE.match(line)] for story in printed.split("\nStory ")[1:]]


def problems(name, printed):
    for line in printed.splitlines():
        if len(line) > WIDTH and "Filter: " not in line:
            yield f"{name}: wider than {WIDTH} columns: {line}"
    for pattern, why in UNTRUE:
        if pattern.search(printed):
            yield f"{name}: {why}: {pattern.search(printed)[0]!r}"
    for number, story in enumerate(printed.split("\nStory ")[1:], 1):
        lines = story.splitlines()
        messages = [line for line in lines if LINE.match(line)]
        if not 1 <= len(messages) <= LADDER + 2:
            yield f"{name}: story {number} has {len(messages)} lines"
        if len(lines) > SCREEN:
            yield f"{name}: story {number} takes {len(lines)} lines of the screen"
        if sum(line.startswith("*") for line in messages) != 1:
            yield f"{name}: story {number}: not one line is marked"
        if "Filter: " not in story or "Why: " not in story:
            yield f"{name}: story {number} does not say why, or has no filter"
