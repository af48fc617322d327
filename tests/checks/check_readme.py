"""What README.md and docs/*.md show is what happens: every tshark command in them runs, and prints the very words shown.

In a block ```console stand commands behind "$ ", each with its output, of which a line "…" stands for whatever comes there.
tshark's commands elsewhere (indented, or in backticks) have to succeed, with a capture in the place of FILE.
`python3 -B -m checks.check_readme update` writes the outputs anew, but for those that are cut by a "…".
"""
import re
import shlex
import sys

from harness import tshark

PAGES = [tshark.SOURCE / "README.md", *sorted((tshark.SOURCE / "docs").glob("*.md"))]
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
SAMPLE = "captures/cookies/nodes-by-flow-resolver.pcapng"
RUN = {"tshark"}


def run(command):
    """Words of a command; files of the checkout where tshark can read them, others in a folder of the test's own."""
    words = shlex.split(command.split(" | ")[0].split(" > ")[0])
    assert words[0] in RUN and ("-r" in words or "-G" in words), f"not a command that is tried here: {command}"
    words = [SAMPLE if word == "FILE" else word for word in words]
    words = [str(tshark.readable(tshark.SOURCE / word)) if word.startswith("captures/") else word for word in words]
    out = tshark.scratch() / "out"
    out.mkdir(exist_ok=True)
    out.chmod(0o777)
    words = [re.sub(r"\bOUT\.(pcapng|html)\b", lambda file: str(out / file[0]), word) for word in words]
    return tshark.execute([tshark.program(words[0]), *words[1:]], tshark.home())


def fits(shown, said):
    """Line by line; "…" takes any number of lines."""
    pattern = "".join("(?:.*\n)*" if line == "…" else re.escape(line) + "\n" for line in shown)
    return re.fullmatch(pattern, "".join(line + "\n" for line in said)) is not None


def said_by(command):
    result = run(command)
    assert result.code == 0, f"{command}: {result.err.strip()[-300:]}"
    return [line.rstrip() for line in result.out.rstrip("\n").splitlines()]


def commands_and_outputs(block):
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, *output = part.rstrip("\n").split("\n")
        yield command, [line.rstrip() for line in output]


def problems(page):
    text = page.read_text()
    for block in BLOCK.findall(text):
        for command, shown in commands_and_outputs(block):
            said = said_by(command)
            if not fits(shown, said):
                yield f"{page.name}: {command} says:\n" + "\n".join(said)
    elsewhere = BLOCK.sub("", text)
    others = re.findall(r"^ {4}(tshark .*)$", elsewhere, re.MULTILINE)
    others += [" ".join(found.split()) for found in re.findall(r"`(tshark -[^`]*)`", elsewhere)]
    for command in others:
        if not re.search(r" -r \S| -G ", command):
            continue  # a mention; and without a file tshark would capture
        try:
            said_by(command)
        except AssertionError as problem:
            yield f"{page.name}: {problem}"


def update(page):
    def fresh(match):
        lines = []
        for command, shown in commands_and_outputs(match[1]):
            lines += [f"$ {command}", *(shown if "…" in shown and len(shown) > 1 else said_by(command))]
        return "```console\n" + "\n".join(lines) + "\n```"
    page.write_text(BLOCK.sub(fresh, page.read_text()))


def main():
    if sys.argv[1:] == ["update"]:
        for page in PAGES:
            update(page)
        return 0
    count = sum(len(BLOCK.findall(page.read_text())) for page in PAGES)
    assert count >= 5, f"only {count} examples were found"
    found = [problem for page in PAGES for problem in problems(page)]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (AssertionError, tshark.HarnessError) as problem:
        sys.exit(str(problem))
